import { describe, expect, it } from 'vitest';
import { readCall } from '../../../src/translate/reading/read-call.ts';
import { type DialectRow, itReads } from '../../support/dialect-rows.ts';
import { type SpanParts, START_MS, span } from '../../support/spans.ts';

function observation(
  type: string,
  attributes: Record<string, unknown> = {},
  parts: SpanParts = {},
): SpanParts {
  return {
    name: 'observation',
    kind: 'internal',
    scope: 'langfuse-sdk',
    ...parts,
    attributes: { 'langfuse.observation.type': type, ...attributes },
  };
}

const generation = (attributes: Record<string, unknown>) =>
  observation('generation', { 'langfuse.observation.model.name': 'gpt-4o', ...attributes });

const usage = (details: Record<string, unknown>) =>
  generation({ 'langfuse.observation.usage_details': JSON.stringify(details) });

const kinds: readonly DialectRow[] = [
  ['generation', 'generation'],
  ['embedding', 'embedding'],
  ['span', 'span'],
  ['event', 'span'],
  ['agent', 'agent'],
  ['tool', 'tool'],
  ['chain', 'chain'],
  ['retriever', 'retriever'],
  ['evaluator', 'evaluator'],
  ['guardrail', 'guardrail'],
].map(([type = '', kind]) => ({
  rule: `${type} is ${kind}`,
  span: observation(type),
  call: { kind, dialect: 'langfuse' },
}));

describe('kinds', () => {
  itReads([
    ...kinds,
    {
      rule: "the OpenAI wrapper's embeddings are recorded as generations",
      span: observation(
        'generation',
        { 'langfuse.observation.input': '["red","green"]' },
        { name: 'OpenAI.embeddings' },
      ),
      call: { kind: 'embedding', embeddingInput: ['red', 'green'] },
    },
    {
      rule: 'also under a name of the application, by the model',
      span: generation({ 'langfuse.observation.model.name': 'text-embedding-3-small' }),
      call: { kind: 'embedding' },
    },
    {
      rule: 'a mirror of the whole trace without type or operation is no call',
      span: {
        kind: 'internal',
        scope: 'my-app',
        attributes: {
          'gen_ai.request.model': 'gpt-4o',
          'langfuse.observation.input': '[{"role":"user","content":"hi"}]',
          'langfuse.trace.input': '[{"role":"user","content":"hi"}]',
        },
      },
      call: { kind: 'agent' },
    },
  ]);

  it('trace attributes that reach every span make none an AI span', () => {
    const http = span({
      name: 'GET /',
      scope: '@opentelemetry/instrumentation-http',
      attributes: { 'langfuse.trace.name': 't', 'langfuse.environment': 'test', 'user.id': 'u' },
    });
    expect(readCall(http)).toMatchObject({ type: 'foreign' });
  });
});

describe('content', () => {
  itReads([
    {
      rule: 'a request body with its tools',
      span: generation({
        'langfuse.observation.input':
          '{"messages":[{"role":"user","content":"hi"}],"tools":[{"type":"function","function":{"name":"f"}}]}',
        'langfuse.observation.output': '{"role":"assistant","content":"ho"}',
      }),
      call: {
        input: [{ role: 'user', parts: [{ type: 'text', text: 'hi' }] }],
        output: [{ role: 'assistant', parts: [{ type: 'text', text: 'ho' }] }],
        tools: [{ name: 'f' }],
      },
    },
    {
      rule: 'plain text',
      span: generation({ 'langfuse.observation.output': 'Paris.' }),
      call: { output: [{ role: 'assistant', parts: [{ type: 'text', text: 'Paris.' }] }] },
    },
    {
      rule: 'state of other observations, structured',
      span: observation('tool', {
        'langfuse.observation.input': '{"city":"Paris"}',
        'langfuse.observation.output': '["a"]',
      }),
      call: { inputState: { city: 'Paris' }, outputState: ['a'] },
    },
    {
      rule: 'the whole trace stands in where the observation has no content',
      span: observation('agent', { 'langfuse.trace.input': 'q', 'langfuse.trace.output': 'a' }),
      call: { inputState: 'q', outputState: 'a' },
    },
    {
      rule: 'an embedding takes texts only',
      span: observation('embedding', { 'langfuse.observation.input': '[0.1,0.2]' }),
      call: { kind: 'embedding' },
      absent: ['embeddingInput'],
    },
  ]);
});

describe('usage buckets', () => {
  itReads([
    {
      rule: 'disjoint buckets are put together',
      span: usage({
        input: 187,
        output: 9,
        total: 1412,
        input_cached_tokens: 1024,
        output_reasoning_tokens: 192,
      }),
      call: {
        usage: {
          inputTokens: 1211,
          outputTokens: 201,
          totalTokens: 1412,
          cacheReadTokens: 1024,
          cacheReporting: 'inclusive',
          reasoningTokens: 192,
          reasoningReporting: 'inclusive',
        },
      },
    },
    {
      rule: 'without a total the convention holds',
      span: usage({ input: 19, output: 8, input_cache_creation: 2048, input_cache_read: 3 }),
      call: {
        usage: { inputTokens: 2070, cacheWriteTokens: 2048, cacheReadTokens: 3, cacheReporting: 'inclusive' },
      },
    },
    {
      rule: 'a total that both sides add up to proves that the buckets overlap',
      span: usage({ input: 12, output: 8, total: 20, cache_read_input_tokens: 4 }),
      call: { usage: { inputTokens: 12, cacheReadTokens: 4, cacheReporting: 'inclusive' } },
    },
    {
      rule: "the provider's own words are whole counts",
      span: usage({ prompt_tokens: 12, completion_tokens: 8, total_tokens: 20, input_cached_tokens: 4 }),
      call: { usage: { inputTokens: 12, outputTokens: 8, totalTokens: 20 } },
    },
    {
      rule: 'audio',
      span: usage({ input: 2, output: 3, total: 15, input_audio_tokens: 4, output_audio_tokens: 6 }),
      call: { usage: { inputTokens: 6, outputTokens: 9, audioInputTokens: 4, audioOutputTokens: 6 } },
    },
    {
      rule: 'no object',
      span: generation({ 'langfuse.observation.usage_details': '[1]' }),
      absent: ['usage'],
    },
  ]);
});

describe('the rest', () => {
  itReads([
    {
      rule: 'cost in dollars',
      span: generation({ 'langfuse.observation.cost_details': '{"input":0.1,"output":0.2,"total":0.3}' }),
      call: { cost: { inputUsd: 0.1, outputUsd: 0.2, totalUsd: 0.3 } },
    },
    {
      rule: 'the first token as a quoted time',
      span: generation({
        'langfuse.observation.completion_start_time': JSON.stringify(new Date(START_MS + 300).toISOString()),
      }),
      call: { timeToFirstTokenSeconds: 0.3 },
    },
    {
      rule: 'a first token before the start is nonsense',
      span: generation({ 'langfuse.observation.completion_start_time': '2001-01-01T00:00:00Z' }),
      absent: ['timeToFirstTokenSeconds'],
    },
    {
      rule: 'an error stands in the level, the status stays unset',
      span: generation({
        'langfuse.observation.level': 'ERROR',
        'langfuse.observation.status_message': 'Error: 429 Rate limit reached',
      }),
      call: { error: { message: 'Error: 429 Rate limit reached' }, httpStatus: 429 },
    },
    {
      rule: 'a warning is none',
      span: generation({
        'langfuse.observation.level': 'WARNING',
        'langfuse.observation.status_message': '429 words are too many',
      }),
      absent: ['error', 'httpStatus'],
    },
    {
      rule: 'parameters without empty ones',
      span: generation({
        'langfuse.observation.model.parameters': '{"temperature":0.2,"response_format":"","stream":true}',
      }),
      call: { parameters: { temperature: 0.2, stream: true }, streaming: true },
      absent: ['parameters.response_format'],
    },
    {
      rule: 'prompt',
      span: generation({
        'langfuse.observation.prompt.name': 'geo',
        'langfuse.observation.prompt.version': 3,
      }),
      call: { promptName: 'geo', promptVersion: 3 },
    },
    {
      rule: 'identity, trace and tags',
      span: generation({
        'user.id': 'user-123',
        'session.id': 'session-abc',
        'langfuse.trace.name': 'weather-trace',
        'langfuse.trace.tags': '["corpus"]',
      }),
      call: {
        trace: { user: 'user-123', sessionId: 'session-abc', traceName: 'weather-trace', tags: ['corpus'] },
      },
    },
    {
      rule: 'older identity',
      span: generation({ 'langfuse.user.id': 'user-123', 'langfuse.session.id': 'session-abc' }),
      call: { trace: { user: 'user-123', sessionId: 'session-abc' } },
    },
    {
      rule: 'metadata of observation and trace, without content',
      span: generation({
        'langfuse.observation.metadata.plan': 'pro',
        'langfuse.observation.metadata.tools': '[{"name":"f"}]',
        'langfuse.observation.metadata.instructions': 'secret prompt',
        'langfuse.observation.metadata.ls_provider': 'anthropic',
        'langfuse.trace.metadata.plan': 'basic',
        'langfuse.trace.metadata.team': 'a',
        'langfuse.environment': 'test',
      }),
      call: {
        provider: 'anthropic',
        tools: [{ name: 'f' }],
        trace: { metadata: { plan: 'pro', team: 'a', environment: 'test' } },
      },
      absent: ['trace.metadata.tools', 'trace.metadata.instructions', 'trace.metadata.ls_provider'],
    },
    {
      rule: 'metadata as one object',
      span: generation({ 'langfuse.observation.metadata': '{"plan":"pro","deep":{"a":1}}' }),
      call: { trace: { metadata: { plan: 'pro', deep: { a: 1 } } } },
    },
  ]);
});
