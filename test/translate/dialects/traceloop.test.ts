import { describe, expect, it } from 'vitest';
import { readCall } from '../../../src/translate/reading/read-call.ts';
import { type DialectRow, itReads } from '../../support/dialect-rows.ts';
import { type SpanParts, START_MS, span } from '../../support/spans.ts';

const JS = '@traceloop/instrumentation-';

function openai(attributes: Record<string, unknown>, parts: SpanParts = {}): SpanParts {
  return { name: 'openai.chat', scope: { name: `${JS}openai`, version: '0.22.5' }, ...parts, attributes };
}

const chat = (attributes: Record<string, unknown>, parts?: SpanParts) =>
  openai({ 'llm.request.type': 'chat', 'gen_ai.request.model': 'gpt-4o', ...attributes }, parts);

function entity(kind: string, attributes: Record<string, unknown> = {}): SpanParts {
  return {
    name: `planner.${kind}`,
    kind: 'internal',
    scope: '@traceloop/node-server-sdk',
    attributes: { 'traceloop.span.kind': kind, 'traceloop.entity.name': 'planner', ...attributes },
  };
}

const requestTypes: readonly DialectRow[] = [
  ['chat', 'generation'],
  ['completion', 'generation'],
  ['acompletion', 'generation'],
  ['embedding', 'embedding'],
  ['aembedding', 'embedding'],
  ['rerank', 'reranker'],
  ['unknown', 'span'],
].map(([type = '', kind]) => ({
  rule: `request type ${type} is ${kind}`,
  span: openai({ 'llm.request.type': type, 'gen_ai.request.model': 'm' }),
  call: { kind, dialect: 'traceloop' },
}));

const entityKinds: readonly DialectRow[] = ['workflow', 'task', 'agent', 'tool'].map((kind) => ({
  rule: `a ${kind} has state and no usage`,
  span: entity(kind, {
    'traceloop.entity.input': '{"args":["Paris"],"kwargs":{}}',
    'traceloop.entity.output': '"done"',
    'gen_ai.usage.input_tokens': 5,
    'gen_ai.request.model': 'm',
  }),
  call: { kind, inputState: { args: ['Paris'], kwargs: {} }, outputState: 'done' },
  absent: ['usage'],
}));

describe('kinds', () => {
  itReads([
    ...requestTypes,
    ...entityKinds,
    {
      rule: 'the operation of the third generation comes first',
      span: entity('workflow', { 'gen_ai.operation.name': 'invoke_agent' }),
      call: { kind: 'agent' },
    },
    {
      rule: "LangChain's runnables are workflows",
      span: entity('workflow', { 'gen_ai.operation.name': 'workflow', 'gen_ai.provider.name': 'langchain' }),
      call: { kind: 'workflow' },
      absent: ['provider'],
    },
    {
      rule: 'guardrails',
      span: openai({ 'gen_ai.operation.name': 'guard', 'gen_ai.guardrail.input': '["x"]' }),
      call: { kind: 'guardrail', inputState: ['x'] },
    },
    {
      rule: 'Converse of Bedrock names a model and nothing else',
      span: {
        name: 'bedrock.completion',
        scope: `${JS}bedrock`,
        attributes: { 'gen_ai.provider.name': 'aws.bedrock', 'gen_ai.request.model': 'claude-3' },
      },
      call: { kind: 'generation', model: 'claude-3' },
    },
    {
      rule: 'and so do its embedding models',
      span: {
        name: 'bedrock.completion',
        scope: `${JS}bedrock`,
        attributes: { 'gen_ai.request.model': 'titan-embed-text-v2' },
      },
      call: { kind: 'embedding' },
    },
    {
      rule: 'a query of a vector store',
      span: {
        name: 'chroma.query',
        kind: 'internal',
        scope: `${JS}chromadb`,
        attributes: {},
        events: [
          {
            name: 'db.query.embeddings',
            timeMs: undefined,
            attributes: { 'db.query.embeddings.vector': '[0.1]' },
          },
          {
            name: 'db.query.result',
            timeMs: undefined,
            attributes: {
              'db.query.result.id': 'd1',
              'db.query.result.score': 0.9,
              'db.query.result.vector': '[0.1]',
              'db.query.result.document': 'Paris',
            },
          },
        ],
      },
      call: { kind: 'retriever', outputState: [{ id: 'd1', score: 0.9, document: 'Paris' }] },
      absent: ['outputState.0.vector'],
    },
  ]);

  it('an HTTP span within a workflow is foreign', () => {
    const http = span({
      name: 'POST',
      scope: '@opentelemetry/instrumentation-undici',
      attributes: { 'traceloop.workflow.name': 'w', 'http.request.method': 'POST' },
    });
    expect(readCall(http)).toMatchObject({ type: 'foreign' });
  });

  it('a model call of another instrumentation within a workflow is none the less one', () => {
    const call = span({
      scope: 'com.anthropic.sdk.typescript',
      attributes: { 'traceloop.workflow.name': 'w', 'gen_ai.operation.name': 'chat' },
    });
    expect(readCall(call)).toMatchObject({ type: 'call', call: { kind: 'generation', workflowName: 'w' } });
  });
});

describe('the first generation', () => {
  const chunk = (offsetMs: number) => ({
    name: 'gen_ai.content.completion.chunk',
    timeMs: START_MS + offsetMs,
    attributes: {},
  });

  it('leaves the handshake of MCP out', () => {
    const parts = {
      name: 'initialize.mcp',
      scope: `${JS}mcp`,
      attributes: { 'traceloop.entity.input': '{}' },
    };
    expect(readCall(span(parts))).toMatchObject({ type: 'foreign' });
  });

  itReads([
    {
      rule: "a block of Anthropic's thinking is reasoning, not an answer",
      span: chat({
        'gen_ai.completion.0.role': 'thinking',
        'gen_ai.completion.0.content': 'I recall it.',
        'gen_ai.completion.0.finish_reason': 'end_turn',
        'gen_ai.completion.1.role': 'assistant',
        'gen_ai.completion.1.content': 'Berlin.',
      }),
      call: {
        finishReason: 'stop',
        output: [
          { role: 'assistant', parts: [{ type: 'reasoning', text: 'I recall it.' }] },
          { role: 'assistant', parts: [{ type: 'text', text: 'Berlin.' }] },
        ],
      },
    },
    {
      rule: 'the first of its chunks is the first token',
      span: chat({ 'gen_ai.is_streaming': true }, { events: [chunk(250), chunk(400)] }),
      call: { timeToFirstTokenSeconds: 0.25, streaming: true },
    },
    {
      rule: 'flattened messages, tools and finish reason',
      span: chat({
        'gen_ai.system': 'OpenAI',
        'gen_ai.prompt.0.role': 'system',
        'gen_ai.prompt.0.content': 'be brief',
        'gen_ai.prompt.1.role': 'user',
        'gen_ai.prompt.1.content': 'weather?',
        'gen_ai.completion.0.role': 'assistant',
        'gen_ai.completion.0.content': '',
        'gen_ai.completion.0.finish_reason': 'tool_calls',
        'gen_ai.completion.0.tool_calls.0.id': 'call_1',
        'gen_ai.completion.0.tool_calls.0.name': 'get_weather',
        'gen_ai.completion.0.tool_calls.0.arguments': '{"city":"Paris"}',
        'llm.request.functions.0.name': 'get_weather',
        'llm.request.functions.0.arguments': '{"type":"object"}',
      }),
      call: {
        provider: 'openai',
        finishReason: 'tool_calls',
        input: [{ role: 'system' }, { role: 'user', parts: [{ text: 'weather?' }] }],
        output: [{ parts: [{ type: 'tool_call', id: 'call_1', name: 'get_weather' }] }],
        tools: [{ name: 'get_weather', parameters: { type: 'object' } }],
      },
    },
    {
      rule: 'prompt attributes of OpenTelemetry are no messages',
      span: chat({ 'gen_ai.prompt.name': 'greeting', 'gen_ai.prompt.version': '3' }),
      call: { promptName: 'greeting', promptVersion: '3' },
      absent: ['input'],
    },
    {
      rule: 'the finish reason of the first choice, without content',
      span: chat({
        'gen_ai.completion.1.finish_reason': 'length',
        'gen_ai.completion.0.finish_reason': 'stop',
      }),
      call: { finishReason: 'stop' },
    },
    {
      rule: "Cohere's roles, and its text under the role",
      span: chat({
        'gen_ai.prompt.0.role': 'CHATBOT',
        'gen_ai.prompt.0.content': 'Hello',
        'gen_ai.prompt.1.role': 'user',
        'gen_ai.prompt.1.user': 'Hi',
      }),
      call: {
        input: [
          { role: 'assistant', parts: [{ text: 'Hello' }] },
          { role: 'user', parts: [{ text: 'Hi' }] },
        ],
      },
    },
    {
      rule: "Cohere's reranker",
      span: openai({
        'llm.request.type': 'rerank',
        'gen_ai.prompt.0.user': 'capital',
        'documents.0.index': 'Paris',
        'gen_ai.completion.0.relevanceScore': 0.9,
        'gen_ai.completion.0.content': 'Paris',
        'llm.usage.total_tokens': 1,
      }),
      call: {
        inputState: { query: 'capital', documents: ['Paris'] },
        outputState: [{ content: 'Paris', score: 0.9 }],
      },
      absent: ['usage'],
    },
    {
      rule: 'tokens in the old names',
      span: chat({
        'gen_ai.usage.prompt_tokens': 31,
        'gen_ai.usage.completion_tokens': 8,
        'llm.usage.total_tokens': 39,
        'gen_ai.usage.cache_read_input_tokens': 20,
        'gen_ai.usage.cache_creation_input_tokens': 3,
        'gen_ai.usage.reasoning_tokens': 4,
      }),
      call: {
        usage: {
          inputTokens: 31,
          outputTokens: 8,
          totalTokens: 39,
          cacheReadTokens: 20,
          cacheWriteTokens: 3,
          reasoningTokens: 4,
        },
      },
    },
    {
      rule: 'parameters and streaming',
      span: chat({
        'llm.top_k': 5,
        'llm.frequency_penalty': 0.1,
        'llm.chat.stop_sequences': ['x'],
        'llm.is_streaming': 'True',
        'llm.request.reasoning_effort': 'low',
      }),
      call: {
        parameters: { top_k: 5, frequency_penalty: 0.1, stop: ['x'], reasoning_effort: 'low' },
        streaming: true,
      },
    },
    {
      rule: "LangChain's model that is not known",
      span: chat(
        { 'gen_ai.request.model': 'unknown', 'gen_ai.response.model': 'unknown', 'gen_ai.system': 'openai' },
        { scope: `${JS}langchain` },
      ),
      call: { kind: 'generation', provider: 'openai' },
      absent: ['model'],
    },
    {
      rule: 'image tokens that were taken from a table are no measurement',
      span: openai({
        'gen_ai.request.type': 'image_generation',
        'gen_ai.request.model': 'gpt-image-1',
        'gen_ai.usage.completion_tokens': 1056,
        'llm.usage.total_tokens': 1056,
      }),
      call: { kind: 'generation' },
      absent: ['usage'],
    },
    {
      rule: 'the names before `gen_ai.`',
      span: openai({
        'llm.request.type': 'chat',
        'llm.vendor': 'Anthropic',
        'llm.request.model': 'claude',
        'llm.response.model': 'claude-2',
        'llm.prompts.0.role': 'user',
        'llm.prompts.0.content': 'hi',
        'llm.completions.0.content': 'hello',
        'llm.usage.prompt_tokens': 3,
        'llm.usage.completion_tokens': 2,
        'llm.response.stop_reason': 'end_turn',
        'llm.user': 'u1',
      }),
      call: {
        provider: 'anthropic',
        model: 'claude-2',
        input: [{ parts: [{ text: 'hi' }] }],
        output: [{ parts: [{ text: 'hello' }] }],
        usage: { inputTokens: 3, outputTokens: 2 },
        finishReason: 'stop',
        trace: { user: 'u1' },
      },
    },
  ]);
});

describe('later generations', () => {
  const dumped = JSON.stringify([
    {
      role: 'user',
      parts: [
        {
          type: 'text',
          content:
            '[{"role":"user","content":"hi"},{"type":"function_call","call_id":"c1","name":"f","arguments":"{}"}]',
        },
      ],
    },
  ]);
  itReads([
    {
      rule: 'a conversation inside one text part is unpacked',
      span: chat({ 'gen_ai.input.messages': dumped }),
      call: {
        input: [
          { role: 'user', parts: [{ text: 'hi' }] },
          { role: 'assistant', parts: [{ type: 'tool_call', id: 'c1' }] },
        ],
      },
    },
    {
      rule: 'but not in what other instrumentations wrote',
      span: {
        scope: 'somebody',
        attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.input.messages': dumped },
      },
      call: { input: [{ role: 'user', parts: [{ type: 'text' }] }] },
      absent: ['input.1'],
    },
    {
      rule: 'streaming and user of the second',
      span: chat({ 'gen_ai.is_streaming': true, 'gen_ai.user': 'u1' }),
      call: { streaming: true, trace: { user: 'u1' } },
    },
    {
      rule: "LangChain's tool is named by its answer",
      span: {
        name: 'execute_tool DynamicStructuredTool',
        kind: 'internal',
        scope: `${JS}langchain`,
        attributes: {
          'gen_ai.operation.name': 'execute_tool',
          'traceloop.span.kind': 'task',
          'traceloop.entity.name': 'DynamicStructuredTool',
          'traceloop.entity.output': '{"lc":1,"kwargs":{"name":"get_weather","content":"sunny"}}',
        },
      },
      call: { kind: 'tool', toolName: 'get_weather' },
    },
  ]);
});

describe('cache and reasoning', () => {
  const cached = (scope: SpanParts['scope']) =>
    chat(
      {
        'gen_ai.usage.input_tokens': 100,
        'gen_ai.usage.output_tokens': 8,
        'gen_ai.usage.total_tokens': 108,
        'gen_ai.usage.cache_read.input_tokens': 20,
      },
      { scope },
    );
  itReads([
    {
      rule: 'Anthropic 0.27.0 leaves the cache out, also of the total',
      span: cached({ name: `${JS}anthropic`, version: '0.27.0' }),
      call: { usage: { cacheReporting: 'exclusive' } },
    },
    {
      rule: 'Anthropic 0.28.0 counts it in',
      span: cached({ name: `${JS}anthropic`, version: '0.28.0' }),
      call: { usage: { cacheReporting: 'inclusive' } },
    },
    {
      rule: 'Anthropic 1.0.0 counts it in',
      span: cached({ name: `${JS}anthropic`, version: '1.0.0' }),
      call: { usage: { cacheReporting: 'inclusive' } },
    },
    {
      rule: 'Anthropic in Python counts it in',
      span: cached('opentelemetry.instrumentation.anthropic'),
      call: { usage: { cacheReporting: 'inclusive' } },
    },
    {
      rule: 'Bedrock leaves it out',
      span: cached('opentelemetry.instrumentation.bedrock'),
      call: { usage: { cacheReporting: 'exclusive' } },
    },
    {
      rule: 'Gemini leaves reasoning out of the output',
      span: chat(
        { 'gen_ai.usage.output_tokens': 100, 'gen_ai.usage.reasoning_tokens': 96 },
        { scope: `${JS}google-generativeai` },
      ),
      call: { usage: { reasoningReporting: 'exclusive' } },
    },
  ]);
});

describe('identity and metadata', () => {
  itReads([
    {
      rule: 'association properties',
      span: chat({
        'traceloop.association.properties.user_id': 'u1',
        'traceloop.association.properties.session_id': 's1',
        'traceloop.association.properties.plan': 'pro',
        'traceloop.association.properties.$groups': '{"company":"acme"}',
        'traceloop.custom_metric.score': 0.7,
      }),
      call: {
        trace: {
          user: 'u1',
          sessionId: 's1',
          groups: { company: 'acme' },
          metadata: { plan: 'pro', score: 0.7 },
        },
      },
      absent: ['trace.metadata.user_id'],
    },
    {
      rule: 'a chat as session',
      span: chat({ 'traceloop.association.properties.chat_id': 'c1' }),
      call: { trace: { sessionId: 'c1' } },
    },
    {
      rule: 'the conversation before association properties',
      span: chat({ 'gen_ai.conversation.id': 'conv', 'traceloop.association.properties.session_id': 's1' }),
      call: { trace: { sessionId: 'conv' } },
    },
    {
      rule: 'the correlation id last',
      span: chat({ 'traceloop.correlation.id': 'x' }),
      call: { trace: { sessionId: 'x' } },
    },
    { rule: 'the name of an agent', span: entity('agent'), call: { agentName: 'planner' } },
    { rule: 'the name of a tool', span: entity('tool'), call: { toolName: 'planner' } },
    {
      rule: 'the name of a workflow',
      span: entity('workflow', { 'traceloop.workflow.name': 'w' }),
      call: { workflowName: 'w', trace: { generationName: 'planner' } },
      absent: ['agentName', 'toolName'],
    },
    {
      rule: 'managed prompts',
      span: chat({ 'traceloop.prompt.key': 'greeting', 'traceloop.prompt.version': 3 }),
      call: { promptName: 'greeting', promptVersion: 3 },
    },
  ]);
});
