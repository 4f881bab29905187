import { describe, expect, it } from 'vitest';
import { readCall } from '../../../src/translate/reading/read-call.ts';
import { type DialectRow, itReads, readParts } from '../../support/dialect-rows.ts';
import { type SpanParts, span } from '../../support/spans.ts';

function ai(op: string, attributes: Record<string, unknown> = {}, parts: SpanParts = {}): SpanParts {
  return {
    name: op,
    kind: 'internal',
    scope: '@sentry/node',
    ...parts,
    attributes: { 'sentry.op': op, ...attributes },
  };
}

const chat = (attributes: Record<string, unknown> = {}, parts?: SpanParts) =>
  ai(
    'gen_ai.chat',
    { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o', ...attributes },
    parts,
  );

const kinds: readonly DialectRow[] = [
  ['gen_ai.chat', 'generation'],
  ['gen_ai.generate_content', 'generation'],
  ['gen_ai.embeddings', 'embedding'],
  ['gen_ai.invoke_agent', 'agent'],
  ['gen_ai.execute_tool', 'tool'],
  ['gen_ai.handoff', 'handoff'],
  // Not in any table: the span has a model and tokens.
  ['gen_ai.models', 'generation'],
  ['gen_ai.generate_text', 'generation'],
  ['ai.chat_completions.create.openai', 'generation'],
  ['ai.embeddings.create.openai', 'embedding'],
  ['ai.run.doGenerate', 'generation'],
  ['ai.pipeline.generateText', 'workflow'],
].map(([op = '', kind]) => ({
  rule: `${op} is ${kind}`,
  span: ai(op, { 'gen_ai.request.model': 'm', 'gen_ai.usage.input_tokens': 5 }),
  call: { kind, dialect: 'sentry' },
  absent: kind === 'generation' || kind === 'embedding' ? [] : ['usage'],
}));

it('reads what the application gave the AI SDK, under the names of Sentry 11', () => {
  const attributes = {
    'sentry.op': 'gen_ai.chat',
    'gen_ai.operation.name': 'chat',
    'gen_ai.request.model': 'gpt-4o',
    'vercel.ai.telemetry.metadata.userId': 'user-123',
    'vercel.ai.telemetry.metadata.plan': 'pro',
    'vercel.ai.settings.context.sessionId': 'session-abc',
  };
  expect(readParts({ scope: '@sentry/node', attributes })).toMatchObject({
    trace: { user: 'user-123', sessionId: 'session-abc', metadata: { plan: 'pro' } },
  });
});

describe('kinds', () => {
  itReads([
    ...kinds,
    {
      rule: "LangChain's runnables are chains with state",
      span: ai('gen_ai.invoke_agent', {
        'langchain.chain.name': 'ChatPromptTemplate',
        'langchain.chain.inputs': '{"country":"France"}',
        'langchain.chain.outputs': '{"output":"x"}',
      }),
      call: { kind: 'chain', inputState: { country: 'France' }, outputState: { output: 'x' } },
    },
    {
      rule: 'counting tokens is no generation, though Sentry calls it a chat',
      span: chat({ 'sentry.origin': 'auto.ai.anthropic', 'gen_ai.response.text': '12' }),
      call: { kind: 'span' },
    },
    {
      rule: 'also without recorded content',
      span: chat({ 'sentry.origin': 'auto.ai.anthropic' }),
      call: { kind: 'span' },
    },
    {
      rule: 'an answer of digits is a generation',
      span: chat({
        'sentry.origin': 'auto.ai.anthropic',
        'gen_ai.response.text': '12',
        'gen_ai.response.id': 'msg_1',
      }),
      call: { kind: 'generation' },
    },
    {
      rule: 'a failed call is a generation',
      span: chat(
        { 'sentry.origin': 'auto.ai.anthropic' },
        { status: { code: 'error', message: 'internal_error' } },
      ),
      call: { kind: 'generation', error: { message: 'internal_error' } },
    },
    {
      rule: 'an abandoned stream is a generation',
      span: chat({ 'sentry.origin': 'auto.ai.anthropic', 'gen_ai.request.stream': true }),
      call: { kind: 'generation', streaming: true },
    },
  ]);

  it.each([
    ['an HTTP client span', { 'sentry.origin': 'auto.http.otel.node_fetch', 'http.request.method': 'POST' }],
    ['a server span', { 'sentry.op': 'http.server', 'sentry.sample_rate': 1 }],
    ['a query', { 'sentry.op': 'db', 'sentry.origin': 'auto.db.otel.postgres' }],
  ])('%s is foreign', (_what, attributes) => {
    expect(readCall(span({ name: 'POST', scope: '@sentry/node', attributes }))).toMatchObject({
      type: 'foreign',
    });
  });
});

describe('content', () => {
  itReads([
    {
      rule: 'current names',
      span: chat({
        'gen_ai.input.messages': '[{"role":"user","content":"hi"}]',
        'gen_ai.system_instructions': '[{"type":"text","content":"be brief"}]',
        'gen_ai.response.text': '["hello"]',
        'gen_ai.request.available_tools': '[{"type":"function","function":{"name":"f"}}]',
      }),
      call: {
        input: [{ role: 'system' }, { role: 'user', parts: [{ text: 'hi' }] }],
        output: [{ role: 'assistant', parts: [{ text: 'hello' }] }],
        tools: [{ name: 'f' }],
      },
    },
    {
      rule: 'names of SDK 9',
      span: chat({ 'gen_ai.request.messages': '[{"role":"user","content":"hi"}]' }),
      call: { input: [{ parts: [{ text: 'hi' }] }] },
    },
    {
      rule: 'names before that',
      span: ai('ai.chat_completions.create.x', {
        'ai.model_id': 'm',
        'ai.input_messages': '[{"role":"user","content":"hi"}]',
        'ai.responses': '["hello"]',
        'ai.prompt_tokens.used': 5,
        'ai.completion_tokens.used': 2,
        'ai.total_tokens.used': 7,
        'ai.total_cost': 0.1,
        'ai.streaming': true,
      }),
      call: {
        model: 'm',
        input: [{ parts: [{ text: 'hi' }] }],
        output: [{ parts: [{ text: 'hello' }] }],
        usage: { inputTokens: 5, outputTokens: 2, totalTokens: 7 },
        cost: { totalUsd: 0.1 },
        streaming: true,
      },
    },
    {
      rule: 'one text per choice',
      span: chat({ 'gen_ai.response.text': '["a","b"]' }),
      call: { output: [{ parts: [{ text: 'a' }] }, { parts: [{ text: 'b' }] }] },
    },
    {
      rule: 'plain text of a stream',
      span: chat({ 'gen_ai.response.text': 'hello' }),
      call: { output: [{ parts: [{ text: 'hello' }] }] },
    },
    {
      rule: 'a structured answer is text',
      span: chat({ 'gen_ai.response.text': '{"name":"pasta"}' }),
      call: { output: [{ parts: [{ type: 'text', text: '{"name":"pasta"}' }] }] },
    },
    {
      rule: 'object',
      span: chat({ 'gen_ai.response.object': '{"name":"pasta"}' }),
      call: { output: [{ parts: [{ text: '{"name":"pasta"}' }] }] },
    },
    {
      rule: 'tool calls beside an empty text',
      span: chat({
        'gen_ai.response.text': '[""]',
        'gen_ai.response.tool_calls':
          '[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}]',
      }),
      call: { output: [{ role: 'assistant', parts: [{ type: 'tool_call', id: 'c1', name: 'f' }] }] },
      absent: ['output.1'],
    },
    {
      rule: 'the id that answers refer to in Responses, and no message twice',
      span: chat({
        'gen_ai.response.text': 'done',
        'gen_ai.response.tool_calls':
          '[{"id":"fc_1","type":"function_call","call_id":"c1","name":"f","arguments":"{}"},{"id":"msg_1","type":"message","role":"assistant","content":[{"type":"output_text","text":"done"}]}]',
      }),
      call: {
        output: [
          {
            parts: [
              { type: 'text', text: 'done' },
              { type: 'tool_call', id: 'c1' },
            ],
          },
        ],
      },
      absent: ['output.0.parts.2'],
    },
    {
      rule: 'messages of an agent',
      span: ai('gen_ai.invoke_agent', {
        'gen_ai.response.text':
          '[{"role":"assistant","content":""},{"role":"tool","content":"sunny"},{"role":"assistant","content":"done"}]',
        'gen_ai.response.tool_calls': '[{"name":"f","args":{},"id":"c1"}]',
      }),
      call: {
        kind: 'agent',
        output: [{ role: 'assistant' }, { role: 'tool' }, { parts: [{ text: 'done' }] }],
      },
    },
    {
      rule: 'tools',
      span: ai('gen_ai.execute_tool', {
        'gen_ai.tool.name': 'f',
        'gen_ai.tool.input': '{"a":1}',
        'gen_ai.tool.output': '"done"',
      }),
      call: { toolName: 'f', inputState: { a: 1 }, outputState: 'done' },
    },
    {
      rule: 'embeddings',
      span: ai('gen_ai.embeddings', {
        'gen_ai.embeddings.input': '["red","green"]',
        'gen_ai.request.dimensions': 8,
      }),
      call: { embeddingInput: ['red', 'green'], parameters: { dimensions: 8 } },
    },
  ]);
});

describe('numbers and outcome', () => {
  itReads([
    {
      rule: 'tokens, inclusive, in the deprecated names',
      span: chat({
        'gen_ai.usage.input_tokens': 100,
        'gen_ai.usage.output_tokens': 50,
        'gen_ai.usage.input_tokens.cached': 20,
        'gen_ai.usage.input_tokens.cache_write': 10,
        'gen_ai.usage.output_tokens.reasoning': 30,
      }),
      call: {
        usage: {
          inputTokens: 100,
          cacheReadTokens: 20,
          cacheWriteTokens: 10,
          reasoningTokens: 30,
          cacheReporting: 'inclusive',
          reasoningReporting: 'inclusive',
        },
      },
    },
    {
      rule: 'cost: the names say tokens, the unit is dollars',
      span: chat({
        'gen_ai.cost.input_tokens': 0.1,
        'gen_ai.cost.output_tokens': 0.2,
        'gen_ai.cost.total_tokens': 0.3,
      }),
      call: { cost: { inputUsd: 0.1, outputUsd: 0.2, totalUsd: 0.3 } },
    },
    {
      rule: 'finish reasons of a Responses stream end with the answer',
      span: chat({ 'gen_ai.response.finish_reasons': '["in_progress","in_progress","completed"]' }),
      call: { finishReason: 'stop' },
    },
    {
      rule: 'stop reason',
      span: chat({ 'gen_ai.response.stop_reason': 'end_turn' }),
      call: { finishReason: 'stop' },
    },
    {
      rule: 'streaming',
      span: chat({ 'gen_ai.response.streaming': true, 'gen_ai.response.time_to_first_token': 0.4 }),
      call: { streaming: true, timeToFirstTokenSeconds: 0.4 },
    },
    {
      rule: 'agent',
      span: ai('gen_ai.invoke_agent', { 'gen_ai.pipeline.name': 'support' }),
      call: { agentName: 'support' },
    },
    {
      rule: 'conversation',
      span: chat({ 'gen_ai.conversation.id': 'c1' }),
      call: { trace: { sessionId: 'c1' } },
    },
  ]);
});
