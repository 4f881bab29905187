import { describe, expect, it } from 'vitest';
import { inputOf, type LlmCall } from '../../../src/translate/call/llm-call.ts';
import type { TextForm } from '../../../src/translate/call/messages.ts';
import { readCall } from '../../../src/translate/reading/read-call.ts';
import { resolveBatch } from '../../../src/translate/trace/resolve-batch.ts';
import { createTraceMemory } from '../../../src/translate/trace/trace-memory.ts';
import { span } from '../../support/spans.ts';

const CALL = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.request.model': 'gpt-4o',
  'gen_ai.usage.input_tokens': 10,
  'gen_ai.usage.output_tokens': 5,
};
const ANSWER = '[{"role":"assistant","parts":[{"type":"text","content":"hi"}]}]';

function resolveAs(texts: TextForm, attributes: readonly Record<string, unknown>[]): LlmCall[] {
  const calls = attributes.flatMap((own, index) => {
    const view = span({ spanId: `${index}`, scope: `scope-${index}`, attributes: { ...CALL, ...own } });
    const result = readCall(view, { texts });
    return result.type === 'call' ? [result.call] : [];
  });
  return [...resolveBatch(calls, [], createTraceMemory()).calls.keys()];
}

describe.each(['decoded', 'recorded'] as const)(
  'of two %s calls that are one, the one that counts',
  (texts) => {
    const resolve = (...attributes: Record<string, unknown>[]) => resolveAs(texts, attributes);
    const richer = { 'gen_ai.output.messages': ANSWER };
    const poorer = {
      'gen_ai.response.id': 'chatcmpl-1',
      'gen_ai.response.finish_reasons': ['length'],
      'gen_ai.response.time_to_first_chunk': 0.2,
      'gen_ai.usage.cache_read.input_tokens': 4,
      'gen_ai.usage.cost': 0.5,
      'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"hello"}]}]',
    };

    it('gets the facts that only the other has', () => {
      const [first, second] = resolve({ ...richer, 'user.id': 'u', 'gen_ai.input.messages': ANSWER }, poorer);
      expect(second?.kind).toBe('span');
      expect(first).toMatchObject({
        kind: 'generation',
        responseId: 'chatcmpl-1',
        finishReason: 'length',
        timeToFirstTokenSeconds: 0.2,
        cost: { totalUsd: 0.5 },
      });
    });

    it('keeps its own facts', () => {
      const own = { 'gen_ai.response.finish_reasons': ['stop'], 'gen_ai.input.messages': ANSWER };
      const [first] = resolve({ ...richer, ...own }, poorer);
      expect(first?.finishReason).toBe('stop');
    });

    it('keeps its own way of counting', () => {
      const [first] = resolve({ ...richer, 'gen_ai.input.messages': ANSWER }, poorer);
      expect(first?.usage).toMatchObject({ inputTokens: 10, outputTokens: 5 });
      expect(first?.usage?.cacheReadTokens).toBeUndefined();
    });

    it('takes no content from the other', () => {
      const question = { 'gen_ai.input.messages': poorer['gen_ai.input.messages'] };
      const [first, second] = resolve({ ...richer, 'gen_ai.usage.cost': 1 }, question);
      expect([first?.kind, second?.kind]).toEqual(['generation', 'span']);
      expect(first && inputOf(first)).toBeUndefined();
      expect(second && inputOf(second)).toHaveLength(1);
    });

    it('is the one that knows the question', () => {
      const asked = { ...richer, 'gen_ai.input.messages': poorer['gen_ai.input.messages'] };
      expect(resolve(richer, asked).map(({ kind }) => kind)).toEqual(['span', 'generation']);
      expect(resolve(asked, richer).map(({ kind }) => kind)).toEqual(['generation', 'span']);
    });
  },
);
