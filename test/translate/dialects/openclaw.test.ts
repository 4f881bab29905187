import { describe, expect, it } from 'vitest';
import { eventsOf } from '../../support/batch.ts';
import { type SpanParts, START_MS } from '../../support/spans.ts';

const MODEL = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'anthropic',
  'gen_ai.request.model': 'claude-sonnet-4-5',
};
const USAGE = {
  'gen_ai.usage.input_tokens': 1060,
  'gen_ai.usage.output_tokens': 20,
  'gen_ai.usage.cache_read.input_tokens': 1000,
  'gen_ai.usage.cache_creation.input_tokens': 50,
};
const COUNTED = { $ai_input_tokens: 1060, $ai_output_tokens: 20, $ai_cache_read_input_tokens: 1000 };

const RUN: SpanParts = { name: 'openclaw.run', scope: 'openclaw', spanId: 'run' };

function below(name: string, attributes: Record<string, unknown> = {}, more: SpanParts = {}): SpanParts {
  return { name, scope: 'openclaw', parentSpanId: 'run', attributes, ...more };
}

const call = (attributes = {}, more: SpanParts = {}) =>
  below('openclaw.model.call', { ...MODEL, ...attributes }, more);
const usage = below('openclaw.model.usage', { ...MODEL, ...USAGE });

/** What was called, with the numbers it carries. */
function counted(...batches: readonly (readonly SpanParts[])[]) {
  return eventsOf(...batches)
    .filter(({ event }) => event === '$ai_generation')
    .map(({ $ai_span_name, $ai_input_tokens }) => [$ai_span_name, $ai_input_tokens]);
}

describe('the usage of a turn', () => {
  it('is that of its only call, which has none', () => {
    expect(eventsOf([RUN, call(), usage])).toMatchObject([
      { event: '$ai_trace', $ai_span_type: 'agent', $ai_framework: 'openclaw' },
      { event: '$ai_generation', $ai_span_name: 'openclaw.model.call', ...COUNTED },
      { event: '$ai_span', $ai_span_name: 'openclaw.model.usage' },
    ]);
  });

  it('is the sum of calls that have their own', () => {
    const half = { 'gen_ai.usage.input_tokens': 530, 'gen_ai.usage.output_tokens': 10 };
    const calls = [call(half), call(half)];
    expect(counted([RUN, ...calls, usage])).toEqual([
      ['openclaw.model.call', 530],
      ['openclaw.model.call', 530],
    ]);
    expect(counted(calls, [usage, RUN])).toEqual([
      ['openclaw.model.call', 530],
      ['openclaw.model.call', 530],
    ]);
  });

  it('counts itself where no call is recorded, or several without usage', () => {
    expect(counted([RUN, usage])).toEqual([['openclaw.model.usage', 1060]]);
    expect(counted([RUN, call(), call(), usage])).toEqual([
      ['openclaw.model.call', undefined],
      ['openclaw.model.call', undefined],
      ['openclaw.model.usage', 1060],
    ]);
  });

  it('is not that of a call at another time', () => {
    const before = { startTimeMs: START_MS - 9_000, endTimeMs: START_MS - 8_000 };
    expect(counted([RUN, call({}, before), usage])).toEqual([
      ['openclaw.model.call', undefined],
      ['openclaw.model.usage', 1060],
    ]);
  });
});

it('reads older releases, whose counts leave cached tokens out', () => {
  const attributes = {
    'openclaw.channel': 'telegram',
    'openclaw.provider': 'anthropic',
    'openclaw.model': 'claude-sonnet-4-5',
    'openclaw.sessionId': 's-1',
    'openclaw.tokens.input': 10,
    'openclaw.tokens.output': 20,
    'openclaw.tokens.cache_read': 1000,
    'openclaw.tokens.cache_write': 50,
    'openclaw.tokens.total': 1080,
  };
  expect(eventsOf([{ name: 'openclaw.model.usage', scope: 'openclaw', attributes }])).toMatchObject([
    {
      event: '$ai_generation',
      $ai_model: 'claude-sonnet-4-5',
      $ai_provider: 'anthropic',
      $ai_session_id: 's-1',
      $ai_input_tokens: 10,
      $ai_output_tokens: 20,
      $ai_cache_read_input_tokens: 1000,
      $ai_cache_creation_input_tokens: 50,
      $ai_cache_reporting_exclusive: true,
    },
  ]);
});

it('reads tools, and leaves internal work out', () => {
  const tool = below('openclaw.tool.execution', {
    'openclaw.toolName': 'exec',
    'openclaw.content.tool_input': '{"command":"ls"}',
    'openclaw.content.tool_output': 'a.txt',
  });
  const webhook = below('openclaw.webhook.processed', { 'openclaw.webhook': 'message' });
  expect(eventsOf([RUN, tool, webhook])).toMatchObject([
    { event: '$ai_trace' },
    {
      event: '$ai_span',
      $ai_span_name: 'exec',
      $ai_span_type: 'tool',
      $ai_input_state: { command: 'ls' },
      $ai_output_state: 'a.txt',
    },
  ]);
});
