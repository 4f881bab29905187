import { describe, expect, it } from 'vitest';
import { readCall } from '../../../src/translate/reading/read-call.ts';
import { type DialectRow, itReads } from '../../support/dialect-rows.ts';
import { type SpanParts, span } from '../../support/spans.ts';

const json = JSON.stringify;

function braintrust(type: string, attributes: Record<string, unknown> = {}): SpanParts {
  return {
    name: 'Chat Completion',
    kind: 'internal',
    scope: 'app',
    attributes: { 'braintrust.span_attributes': json({ name: 'x', type }), ...attributes },
  };
}

const kinds: readonly DialectRow[] = [
  ['llm', 'generation'],
  ['tool', 'tool'],
  ['function', 'chain'],
  ['task', 'task'],
  ['eval', 'evaluator'],
  ['score', 'evaluator'],
].map(([type = '', kind]) => ({
  rule: `${type} is ${kind}`,
  span: braintrust(type),
  call: { kind, dialect: 'braintrust' },
}));

describe('kinds', () => {
  itReads([
    ...kinds,
    {
      rule: 'an llm that embeds',
      span: braintrust('llm', {
        'braintrust.metadata': json({ model: 'text-embedding-3-small' }),
        'braintrust.input_json': '["a","b"]',
      }),
      call: { kind: 'embedding', embeddingInput: ['a', 'b'] },
    },
  ]);

  it('knows nothing by the parent alone', () => {
    const http = { scope: 'http', attributes: { 'braintrust.parent': 'project_name:p' } };
    expect(readCall(span(http)).type).toBe('foreign');
  });
});

describe('facts', () => {
  itReads([
    {
      rule: 'all metrics in attributes of their own',
      span: braintrust('llm', {
        'braintrust.metadata.provider': 'anthropic',
        'braintrust.metrics.tokens': 120,
        'braintrust.metrics.prompt_cached_tokens': 50,
        'braintrust.metrics.prompt_cache_creation_tokens': 5,
        'braintrust.metrics.completion_reasoning_tokens': 4,
        'braintrust.metrics.time_to_first_token': 0.6,
        'braintrust.scores.accuracy': 1,
      }),
      call: {
        provider: 'anthropic',
        usage: { totalTokens: 120, cacheReadTokens: 50, cacheWriteTokens: 5, reasoningTokens: 4 },
        timeToFirstTokenSeconds: 0.6,
        trace: { metadata: { scores: { accuracy: 1 } } },
      },
    },
    {
      rule: 'messages, metadata and metrics as JSON',
      span: braintrust('llm', {
        'braintrust.input_json': json([{ role: 'user', content: 'Hi' }]),
        'braintrust.output_json': json([
          { index: 0, message: { role: 'assistant', content: 'Ho' }, finish_reason: 'stop' },
        ]),
        'braintrust.metadata': json({ model: 'gpt-4o', provider: 'openai', temperature: 0.2, tier: 'pro' }),
        'braintrust.metrics': json({
          prompt_tokens: 100,
          completion_tokens: 20,
          tokens: 120,
          prompt_cached_tokens: 50,
          prompt_cache_creation_tokens: 5,
          completion_reasoning_tokens: 4,
          time_to_first_token: 0.6,
        }),
        'braintrust.tags': ['a'],
        'braintrust.scores': json({ factuality: 0.8 }),
      }),
      call: {
        model: 'gpt-4o',
        provider: 'openai',
        input: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
        output: [{ role: 'assistant', parts: [{ type: 'text', text: 'Ho' }] }],
        parameters: { temperature: 0.2 },
        usage: {
          inputTokens: 100,
          outputTokens: 20,
          totalTokens: 120,
          cacheReadTokens: 50,
          cacheWriteTokens: 5,
          reasoningTokens: 4,
        },
        timeToFirstTokenSeconds: 0.6,
        trace: { tags: ['a'], metadata: { tier: 'pro', scores: { factuality: 0.8 } } },
      },
      absent: ['trace.metadata.model', 'trace.metadata.temperature'],
    },
    {
      rule: 'text, metrics and metadata in attributes of their own',
      span: braintrust('llm', {
        'braintrust.input': 'Hi',
        'braintrust.output': 'Ho',
        'braintrust.metadata.model': 'gpt-4o',
        'braintrust.metadata.tier': 'pro',
        'braintrust.metrics.prompt_tokens': 5,
        'braintrust.metrics.completion_tokens': '2',
      }),
      call: {
        model: 'gpt-4o',
        input: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
        output: [{ role: 'assistant', parts: [{ type: 'text', text: 'Ho' }] }],
        usage: { inputTokens: 5, outputTokens: 2 },
        trace: { metadata: { tier: 'pro' } },
      },
    },
    {
      rule: 'arguments and result of a tool',
      span: braintrust('tool', { 'braintrust.input_json': '{"a":1}', 'braintrust.output_json': '{"b":2}' }),
      call: { inputState: { a: 1 }, outputState: { b: 2 } },
    },
  ]);
});
