import { describe, expect, it } from 'vitest';
import { readCall } from '../../../src/translate/reading/read-call.ts';
import { type DialectRow, itReads } from '../../support/dialect-rows.ts';
import { type SpanParts, span } from '../../support/spans.ts';

const SCOPE = { name: 'gcp.vertex.agent', version: '2.0.0' };

function adk(name: string, attributes: Record<string, unknown> = {}): SpanParts {
  return { name, kind: 'internal', scope: SCOPE, attributes };
}

function callLlm(attributes: Record<string, unknown>): SpanParts {
  return adk('call_llm', {
    'gen_ai.system': 'gcp.vertex.agent',
    'gen_ai.request.model': 'gemini-2.5-flash',
    ...attributes,
  });
}

const json = JSON.stringify;

const kinds: readonly DialectRow[] = [
  ['invocation', 'workflow'],
  ['invoke_agent weather', 'agent'],
  ['agent_run [weather]', 'agent'],
  ['call_llm', 'generation'],
  ['execute_tool get_weather', 'tool'],
  ['execute_node fetch', 'step'],
  ['send_data', 'span'],
].map(([name = '', kind]) => ({
  rule: `${name} is ${kind}`,
  span: adk(name),
  call: { kind, dialect: 'google-adk', framework: 'google-adk' },
}));

describe('kinds', () => {
  itReads([
    ...kinds,
    {
      rule: 'a node of a workflow is a step',
      span: adk('invoke_node x', { 'gen_ai.operation.name': 'invoke_node' }),
      call: { kind: 'step' },
    },
    {
      rule: 'its own generate_content span is a call',
      span: adk('generate_content gemini-2.5-flash', { 'gen_ai.operation.name': 'generate_content' }),
      call: { kind: 'generation' },
    },
  ]);

  it('drops the span that repeats the results of several tools', () => {
    const merged = adk('execute_tool (merged)', {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': '(merged tools)',
      'gcp.vertex.agent.tool_call_args': 'N/A',
    });
    expect(readCall(span(merged)).type).toBe('foreign');
  });
});

describe('content', () => {
  itReads([
    {
      rule: 'what was sent to a live agent',
      span: adk('send_data', { 'gcp.vertex.agent.data': '[{"role":"user","parts":[{"text":"Hi"}]}]' }),
      call: { inputState: [{ role: 'user', parts: [{ text: 'Hi' }] }] },
    },
    {
      rule: 'request and response in camel case, with tools and parameters',
      span: callLlm({
        'gcp.vertex.agent.llm_request': json({
          model: 'gemini-2.5-flash',
          contents: [{ role: 'user', parts: [{ text: 'Weather?' }] }],
          config: {
            systemInstruction: 'Be brief.',
            temperature: 0.1,
            maxOutputTokens: 50,
            thinkingConfig: { thinkingBudget: 10 },
            tools: [{ functionDeclarations: [{ name: 'get_weather', parameters: { type: 'OBJECT' } }] }],
          },
        }),
        'gcp.vertex.agent.llm_response': json({
          content: {
            role: 'model',
            parts: [{ functionCall: { id: 'c1', name: 'get_weather', args: { city: 'Paris' } } }],
          },
          finishReason: 'STOP',
          partial: false,
        }),
      }),
      call: {
        provider: 'gcp.gemini',
        model: 'gemini-2.5-flash',
        input: [
          { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
          { role: 'user', parts: [{ type: 'text', text: 'Weather?' }] },
        ],
        output: [
          {
            role: 'assistant',
            parts: [{ type: 'tool_call', id: 'c1', name: 'get_weather', arguments: { city: 'Paris' } }],
          },
        ],
        tools: [{ name: 'get_weather', parameters: { type: 'OBJECT' } }],
        parameters: { temperature: 0.1, max_tokens: 50, thinking: { thinkingBudget: 10 } },
        finishReason: 'tool_calls',
        streaming: true,
      },
    },
    {
      rule: 'request and response in snake case',
      span: callLlm({
        'gcp.vertex.agent.llm_request': json({
          contents: [{ role: 'user', parts: [{ text: 'Hi' }] }],
          config: { system_instruction: 'Be brief.', top_k: 3, stop_sequences: ['x'] },
        }),
        'gcp.vertex.agent.llm_response': json({
          content: { role: 'model', parts: [{ text: 'Ho' }] },
          finish_reason: 'MAX_TOKENS',
          model_version: 'gemini-2.5-flash-001',
        }),
      }),
      call: {
        model: 'gemini-2.5-flash-001',
        requestedModel: 'gemini-2.5-flash',
        input: [
          { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
          { role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
        ],
        output: [{ role: 'assistant', parts: [{ type: 'text', text: 'Ho' }] }],
        parameters: { top_k: 3, stop: ['x'] },
        finishReason: 'length',
      },
      absent: ['streaming'],
    },
    {
      rule: 'capture off',
      span: callLlm({
        'gcp.vertex.agent.llm_request': '{}',
        'gcp.vertex.agent.llm_response': '{}',
        'gen_ai.usage.input_tokens': 13,
        'gen_ai.usage.output_tokens': 8,
      }),
      call: { kind: 'generation', usage: { inputTokens: 13, outputTokens: 8 } },
      absent: ['input', 'output', 'tools', 'parameters'],
    },
    {
      rule: 'what could not be serialised',
      span: callLlm({ 'gcp.vertex.agent.llm_response': '<not serializable>' }),
      absent: ['output'],
    },
    {
      rule: 'arguments and result of a tool',
      span: adk('execute_tool get_weather', {
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': 'get_weather',
        'gcp.vertex.agent.tool_call_args': '{"city":"Paris"}',
        'gcp.vertex.agent.tool_response': '{"temp_c":18}',
        'gcp.vertex.agent.llm_request': '{}',
      }),
      call: {
        kind: 'tool',
        toolName: 'get_weather',
        inputState: { city: 'Paris' },
        outputState: { temp_c: 18 },
      },
    },
    {
      rule: 'a tool without arguments or result',
      span: adk('execute_tool x', {
        'gcp.vertex.agent.tool_call_args': '{}',
        'gcp.vertex.agent.tool_response': '{"result":"<not specified>"}',
      }),
      absent: ['inputState', 'outputState'],
    },
  ]);
});

describe('numbers and identity', () => {
  const response = (usage: Record<string, number>) =>
    json({ content: { role: 'model', parts: [{ text: 'x' }] }, usageMetadata: usage });

  itReads([
    {
      rule: 'thinking comes on top of the output',
      span: callLlm({
        'gen_ai.usage.input_tokens': 100,
        'gen_ai.usage.output_tokens': 20,
        'gcp.vertex.agent.llm_response': response({ thoughtsTokenCount: 5, cachedContentTokenCount: 40 }),
      }),
      call: {
        usage: {
          inputTokens: 100,
          outputTokens: 20,
          reasoningTokens: 5,
          reasoningReporting: 'exclusive',
          cacheReadTokens: 40,
          cacheReporting: 'inclusive',
        },
      },
    },
    {
      rule: 'thinking is part of the output once it has OpenTelemetry’s name',
      span: callLlm({
        'gen_ai.usage.input_tokens': 100,
        'gen_ai.usage.output_tokens': 25,
        'gen_ai.usage.reasoning.output_tokens': 5,
      }),
      call: { usage: { reasoningTokens: 5, reasoningReporting: 'inclusive' } },
    },
    {
      rule: 'thinking under its experimental name',
      span: callLlm({ 'gen_ai.usage.output_tokens': 16, 'gen_ai.usage.experimental.reasoning_tokens': 7 }),
      call: { usage: { reasoningTokens: 7, reasoningReporting: 'exclusive' } },
    },
    {
      rule: 'usage of the response when there are no attributes',
      span: callLlm({
        'gcp.vertex.agent.llm_response': response({
          promptTokenCount: 9,
          candidatesTokenCount: 6,
          totalTokenCount: 15,
        }),
      }),
      call: { usage: { inputTokens: 9, outputTokens: 6, totalTokens: 15 } },
    },
    {
      rule: 'a blocked answer has no content',
      span: callLlm({
        'gcp.vertex.agent.llm_response':
          '{"errorCode":"SAFETY","errorMessage":"blocked","finishReason":"SAFETY"}',
      }),
      call: { error: { type: 'SAFETY', message: 'blocked' }, finishReason: 'content_filter' },
      absent: ['output', 'httpStatus'],
    },
    {
      rule: 'a refused request, with its status',
      span: callLlm({ 'gcp.vertex.agent.llm_response': '{"errorCode":"429","errorMessage":"slow down"}' }),
      call: { error: { message: 'slow down' }, httpStatus: 429 },
    },
    {
      rule: 'a call that failed has nothing but its name',
      span: adk('call_llm'),
      call: { kind: 'generation' },
    },
    {
      rule: 'the session, and the workflow of newer releases',
      span: callLlm({ 'gcp.vertex.agent.session_id': 's1', 'adk.workflow.name': 'plan' }),
      call: { trace: { sessionId: 's1' }, workflowName: 'plan' },
    },
  ]);
});
