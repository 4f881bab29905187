import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCall } from '../../../src/translate/reading/read-call.ts';
import { hashOfQuestion } from '../../../src/translate/trace/same-call.ts';
import { span } from '../../support/spans.ts';

function printed(answer: string, texts: 'recorded' | 'decoded') {
  const message = { role: 'user', parts: [{ type: 'text', content: answer }] };
  const attributes = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.input.messages': JSON.stringify([message]),
  };
  const result = readCall(span({ attributes }), { texts });
  if (result.type !== 'call') throw new Error('the span must be a call');
  return hashOfQuestion(result.call);
}

const answer = fc
  .array(fc.oneof(fc.constantFrom('\\', '"', '\n', '\u0001', 'é', '漢', '😀', 'word '), fc.string()), {
    maxLength: 90,
  })
  .map((pieces) => pieces.join(''));

describe('hashOfQuestion', () => {
  it('is the same whether the question was decoded or not', () => {
    fc.assert(
      fc.property(answer, (given) => {
        expect(printed(given, 'recorded')).toEqual(printed(given, 'decoded'));
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['their beginning', `a${'x'.repeat(500)}`, `b${'x'.repeat(500)}`],
    ['their length', 'x'.repeat(500), 'x'.repeat(501)],
  ])('distinguishes questions by %s', (_by, one, other) => {
    expect(printed(one, 'recorded')).not.toBe(printed(other, 'recorded'));
  });
});
