import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { sayAtTheEnd, sayMeanwhile, sayNow } from '../../../src/sdk/exit/at-the-end.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it.each([
  ['soon', 1_000, ['over']],
  ['late', 5_000, ['waiting', 'over']],
])('a flush that is done %s', async (_, tookMs, words) => {
  const target = {};
  const said: string[] = [];
  sayAtTheEnd(target, { waiting: () => said.push('waiting'), over: () => said.push('over') });
  const flushed = sayMeanwhile(target, new Promise((resolve) => setTimeout(resolve, tookMs)));
  await vi.advanceTimersByTimeAsync(10_000);
  await flushed;
  expect(said).toEqual(words);
  sayNow(target);
  expect(said).toEqual(words);
});

it('nothing is said of what nobody knows', async () => {
  await sayMeanwhile({}, Promise.resolve());
  expect(vi.getTimerCount()).toBe(0);
});
