import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Sampling, sampleCall } from '../../../src/translate/selection/sample.ts';
import { call } from './calls.ts';

const sampling = (rate: number, alwaysKeep: Sampling['alwaysKeep'] = {}): Sampling => ({ rate, alwaysKeep });
const traceIds = (count: number) => Array.from({ length: count }, () => randomBytes(16).toString('hex'));
const keptAt = (rate: number, traceId: string) => sampleCall(call({ traceId }), sampling(rate)).isSent;

describe('sampling', () => {
  it('keeps everything, unweighed, at 1', () => {
    expect(sampleCall(call(), sampling(1))).toEqual({ isSent: true });
  });

  it.each([0.5, 0.1, 0.01])('keeps about a share of %d', (rate) => {
    const count = 40_000;
    const kept = traceIds(count).filter((traceId) => keptAt(rate, traceId)).length;
    // Six standard deviations.
    expect(Math.abs(kept - count * rate)).toBeLessThan(6 * Math.sqrt(count * rate * (1 - rate)));
  });

  it('spreads ids that differ in their last characters only', () => {
    const count = 40_000;
    const ids = Array.from({ length: count }, (_, i) => `session-${i}`);
    const kept = ids.filter((sessionId) => sampleCall(call({ trace: { sessionId } }), sampling(0.1)).isSent);
    expect(Math.abs(kept.length - count * 0.1)).toBeLessThan(6 * Math.sqrt(count * 0.09));
  });

  it('answers the same in every process and at every higher rate', () => {
    // Fixed answers: a changed hash would break conversations in two while an application is being redeployed.
    const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l'];
    expect(ids.filter((id) => keptAt(0.3, id))).toMatchInlineSnapshot(`
      [
        "a",
        "c",
      ]
    `);
    for (const id of traceIds(2_000)) if (keptAt(0.1, id)) expect(keptAt(0.2, id)).toBe(true);
  });

  it('goes by session, else by the trace id of the application, else by that of the span', () => {
    const [inside = '', outside = ''] = [true, false].map((wanted) =>
      traceIds(1_000).find((id) => keptAt(0.1, id) === wanted),
    );
    const isSent = (trace: object) => sampleCall(call({ traceId: outside, trace }), sampling(0.1)).isSent;
    expect(isSent({ sessionId: inside, traceId: outside })).toBe(true);
    expect(isSent({ traceId: inside })).toBe(true);
    expect(isSent({})).toBe(false);
  });

  it('says for how many calls a sent one stands', () => {
    const traceId = traceIds(1_000).find((id) => keptAt(0.05, id)) ?? '';
    expect(sampleCall(call({ traceId }), sampling(0.05))).toEqual({ isSent: true, weight: 20 });
  });

  it.each([
    ['an error', { error: { type: 'timeout' } }, { errors: true }, true],
    ['an error nobody asked for', { error: { type: 'timeout' } }, { errors: false }, false],
    ['a slow call', { startTimeMs: 1_000, endTimeMs: 2_001 }, { slowerThanMs: 1_000 }, true],
    ['a call just as slow', { startTimeMs: 1_000, endTimeMs: 2_000 }, { slowerThanMs: 1_000 }, false],
    ['a call without times', {}, { slowerThanMs: 0 }, false],
    ['a costly call', { cost: { totalUsd: 0.6 } }, { costlierThanUsd: 0.5 }, true],
    ['a call costly in sum', { cost: { inputUsd: 0.3, outputUsd: 0.3 } }, { costlierThanUsd: 0.5 }, true],
    ['a cheap call', { cost: { totalUsd: 0.4 } }, { costlierThanUsd: 0.5 }, false],
  ] as const)('always keeps %s: %o, %o', (_name, parts, alwaysKeep, isSent) => {
    const traceId = traceIds(1_000).find((id) => !keptAt(0.01, id)) ?? '';
    const sample = sampleCall(call({ traceId, ...parts }), sampling(0.01, alwaysKeep));
    expect(sample).toEqual(isSent ? { isSent: true, weight: 1 } : { isSent: false });
  });
});
