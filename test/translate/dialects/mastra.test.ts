import { describe } from 'vitest';
import { type DialectRow, itReads } from '../../support/dialect-rows.ts';
import { type SpanParts, START_MS } from '../../support/spans.ts';

function mastraSpan(
  type: string,
  operation: string | undefined,
  attributes: Record<string, unknown> = {},
): SpanParts {
  return {
    name: `${operation ?? type} x`,
    kind: 'internal',
    scope: '@mastra/otel-exporter',
    attributes: {
      'mastra.span.type': type,
      ...(operation === undefined ? {} : { 'gen_ai.operation.name': operation }),
      ...attributes,
    },
  };
}

const chat = (attributes: Record<string, unknown>) =>
  mastraSpan('model_inference', 'chat', { 'gen_ai.request.model': 'gpt-4o-mini', ...attributes });

/** The operation is what the exporter (or, where noted, the bridge) really writes for the span type. */
const kinds: readonly DialectRow[] = [
  ['model_inference', 'chat', 'generation'],
  ['model_generation', 'model_generation', 'chain'],
  ['model_step', 'agent_step', 'step'],
  ['model_chunk', 'model_chunk', 'span'],
  ['agent_run', 'invoke_agent', 'agent'],
  ['workflow_run', 'invoke_workflow', 'workflow'],
  ['workflow_step', 'workflow_step', 'step'],
  ['tool_call', 'execute_tool', 'tool'],
  ['rag_embedding', 'embeddings', 'embedding'],
  ['memory_operation', 'memory_operation', 'memory'],
  ['scorer_run', 'scorer_run', 'evaluator'],
  // The bridge: the generation loop is the call, the inferences below it carry no tokens.
  ['model_generation', 'chat', 'generation'],
  ['model_inference', 'model_inference', 'step'],
  ['model_step', 'model_step', 'step'],
].map(([type = '', operation = '', kind]) => ({
  rule: `${type} (${operation}) is ${kind}`,
  span: mastraSpan(type, operation, { 'gen_ai.request.model': 'm', 'gen_ai.usage.input_tokens': 3 }),
  call: { kind, dialect: 'mastra', framework: 'mastra' },
}));

describe('kinds', () => {
  itReads([
    ...kinds,
    {
      rule: 'the earliest exporters named no operation',
      span: mastraSpan('llm_generation', undefined),
      call: { kind: 'generation' },
    },
  ]);
});

describe('content', () => {
  itReads([
    {
      rule: 'state under the name of the span type',
      span: mastraSpan('workflow_step', 'workflow_step', {
        'mastra.workflow_step.input': '{"q":1}',
        'mastra.workflow_step.output': '{"a":2}',
        'mastra.metadata.input': 'not this',
      }),
      call: { inputState: { q: 1 }, outputState: { a: 2 } },
    },
    {
      rule: "state under Langfuse's name",
      span: mastraSpan('agent_run', 'invoke_agent', { 'langfuse.observation.input': 'Hi' }),
      call: { dialect: 'mastra', inputState: 'Hi' },
    },
    {
      rule: 'system instructions are plain text, an empty answer is none',
      span: chat({
        'gen_ai.system_instructions': 'Be brief.',
        'gen_ai.output.messages': '[{"role":"assistant","parts":[{"type":"text","content":""}]}]',
      }),
      call: { input: [{ role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] }] },
      absent: ['output'],
    },
    {
      rule: 'embedded texts',
      span: mastraSpan('rag_embedding', 'embeddings', { 'mastra.rag_embedding.input': '["red","green"]' }),
      call: { embeddingInput: ['red', 'green'] },
    },
  ]);
});

describe('numbers and outcome', () => {
  itReads([
    {
      rule: 'its own token names',
      span: chat({
        'gen_ai.usage.input_tokens': 100,
        'gen_ai.usage.output_tokens': 50,
        'gen_ai.usage.reasoning_tokens': 5,
        'gen_ai.usage.cache_creation.input_tokens': 3,
        'gen_ai.usage.cache_creation.5m_input_tokens': 1,
        'gen_ai.usage.cache_creation.1h_input_tokens': 2,
        'gen_ai.usage.audio_input_tokens': 7,
        'gen_ai.usage.audio_output_tokens': 8,
      }),
      call: {
        usage: {
          inputTokens: 100,
          outputTokens: 50,
          reasoningTokens: 5,
          cacheWriteTokens: 3,
          cacheWrite5mTokens: 1,
          cacheWrite1hTokens: 2,
          audioInputTokens: 7,
          audioOutputTokens: 8,
        },
      },
    },
    {
      rule: 'older versions write numbers as text',
      span: chat({ 'gen_ai.usage.input_tokens': '100', 'gen_ai.usage.cached_input_tokens': '40' }),
      call: { usage: { inputTokens: 100, cacheReadTokens: 40, cacheReporting: 'inclusive' } },
    },
    {
      rule: 'finish reasons as JSON text',
      span: chat({ 'gen_ai.response.finish_reasons': '["tool-calls"]' }),
      call: { finishReason: 'tool_calls' },
    },
    {
      rule: 'a failed call ends with status OK',
      span: {
        ...chat({ 'gen_ai.response.finish_reasons': '["error"]' }),
        status: { code: 'ok', message: undefined },
      },
      call: { error: {}, finishReason: 'error' },
    },
    {
      rule: 'an unknown error type gives way to the exception',
      span: {
        ...mastraSpan('agent_run', 'invoke_agent', { 'error.type': 'unknown', 'error.message': 'boom' }),
        status: { code: 'error', message: 'boom' },
        events: [{ name: 'exception', timeMs: 0, attributes: { 'exception.type': 'TypeError' } }],
      },
      call: { error: { type: 'TypeError', message: 'boom' } },
    },
    {
      rule: 'time of the first token',
      span: chat({ 'mastra.completion_start_time': new Date(START_MS + 250).toISOString() }),
      call: { timeToFirstTokenSeconds: 0.25 },
    },
  ]);
});

describe('identity and metadata', () => {
  itReads([
    {
      rule: 'user, session, tags',
      span: chat({
        'mastra.metadata.userId': 'user-123',
        'mastra.metadata.sessionId': 'session-abc',
        'mastra.tags': '["corpus"]',
      }),
      call: { trace: { user: 'user-123', sessionId: 'session-abc', tags: ['corpus'], metadata: undefined } },
    },
    {
      rule: 'a thread is a session',
      span: chat({ 'mastra.metadata.threadId': 'thread-1' }),
      call: { trace: { sessionId: 'thread-1' } },
    },
    {
      rule: 'metadata without the raw exchange with the provider',
      span: chat({
        'mastra.metadata.runId': 'run-1',
        'mastra.metadata.headers': '{"x-request-id":"req"}',
        'mastra.metadata.body': '{"choices":[{"message":{"content":"secret"}}]}',
      }),
      call: { trace: { metadata: { runId: 'run-1' } } },
      absent: ['trace.metadata.headers', 'trace.metadata.body'],
    },
  ]);
});
