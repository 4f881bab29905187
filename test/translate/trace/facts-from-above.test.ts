import { describe, expect, it } from 'vitest';
import { eventsOf } from '../../support/batch.ts';
import type { SpanParts } from '../../support/spans.ts';

const json = JSON.stringify;

const ASKED = json([{ role: 'user', parts: [{ type: 'text', content: 'Capital of France?' }] }]);
const SAID = json([{ role: 'assistant', parts: [{ type: 'text', content: 'Paris.' }] }]);
const SPENT = { 'gen_ai.usage.input_tokens': 30, 'gen_ai.usage.output_tokens': 8 };
const TOLD = { ...SPENT, 'gen_ai.input.messages': ASKED, 'gen_ai.output.messages': SAID };
const FULL = {
  $ai_input_tokens: 30,
  $ai_output_tokens: 8,
  $ai_input: [{ role: 'user', content: 'Capital of France?' }],
  $ai_output_choices: [{ role: 'assistant', content: 'Paris.' }],
};

function agent(spanId: string, attributes: Record<string, unknown> = {}, more: SpanParts = {}): SpanParts {
  return {
    spanId,
    scope: 'lib',
    name: 'invoke_agent',
    attributes: { 'gen_ai.operation.name': 'invoke_agent', ...attributes },
    ...more,
  };
}

function call(
  parentSpanId: string,
  attributes: Record<string, unknown> = {},
  more: SpanParts = {},
): SpanParts {
  return {
    parentSpanId,
    scope: 'lib',
    attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o', ...attributes },
    ...more,
  };
}

function generations(...batches: readonly (readonly SpanParts[])[]) {
  return eventsOf(...batches).filter(({ event }) => event === '$ai_generation');
}

describe('the only call below an agent', () => {
  it('has what only the agent records', () => {
    expect(generations([call('a'), agent('a', TOLD)])).toMatchObject([FULL]);
  });

  it('stays with what it records itself', () => {
    const own = {
      'gen_ai.usage.input_tokens': 7,
      'gen_ai.usage.output_tokens': 2,
      'gen_ai.output.messages': json([{ role: 'assistant', parts: [{ type: 'text', content: 'Lyon.' }] }]),
    };
    expect(generations([call('a', own), agent('a', TOLD)])).toMatchObject([
      {
        ...FULL,
        $ai_input_tokens: 7,
        $ai_output_tokens: 2,
        $ai_output_choices: [{ role: 'assistant', content: 'Lyon.' }],
      },
    ]);
  });

  it('has the nearest one\u2019s, through steps that tell nothing', () => {
    const batch = [
      call('step'),
      { spanId: 'step', parentSpanId: 'a', scope: 'other', attributes: {} },
      agent('a', SPENT, { parentSpanId: 'outer' }),
      agent('outer', { ...TOLD, 'gen_ai.usage.input_tokens': 999 }),
    ];
    expect(generations(batch)).toMatchObject([FULL]);
  });

  it('has its error text, and no answer', () => {
    const failed = { status: { code: 'error', message: undefined } } as const;
    const because = { status: { code: 'error', message: 'Rate limit reached' } } as const;
    const [event] = generations([call('a', {}, failed), agent('a', TOLD, because)]);
    expect(event).toMatchObject({ $ai_is_error: true, $ai_error: 'Rate limit reached' });
    expect(event).not.toHaveProperty('$ai_output_choices');
  });
});

describe('nothing is taken from above', () => {
  const TAKEN = ['$ai_input', '$ai_output_choices', '$ai_input_tokens', '$ai_output_tokens'];

  it.each<[string, readonly (readonly SpanParts[])[]]>([
    ['where two calls could be meant', [[call('a'), call('a'), agent('a', TOLD)]]],
    ['where another was sent before', [[call('a')], [call('a'), agent('a', TOLD)]]],
    ['to an agent of another trace', [[call('a'), agent('a', TOLD, { traceId: 'f'.repeat(32) })]]],
  ])('%s', (_when, batches) => {
    for (const event of generations(...batches)) {
      for (const property of TAKEN) expect(event).not.toHaveProperty(property);
    }
  });

  it('but tokens to a call of another instrumentation', () => {
    const [event] = generations([call('a', {}, { scope: 'sdk' }), agent('a', TOLD)]);
    expect(event).toMatchObject({ $ai_input_tokens: 30, $ai_output_tokens: 8 });
    expect(event).not.toHaveProperty('$ai_input');
  });

  it('of data that nobody said, or of zeros', () => {
    const nothing = {
      'gen_ai.usage.input_tokens': 0,
      'gen_ai.usage.output_tokens': 0,
      'gen_ai.input.messages': '{"rows":[1,2]}',
    };
    const [event] = generations([call('a'), agent('a', nothing)]);
    for (const property of TAKEN) expect(event).not.toHaveProperty(property);
  });
});
