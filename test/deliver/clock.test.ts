import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/deliver/clock.ts';

describe('systemClock', () => {
  it('sleeps as long as asked', async () => {
    const start = performance.now();
    await systemClock.sleep(30);
    expect(performance.now() - start).toBeGreaterThanOrEqual(28);
  });

  it.each([
    ['during the sleep', 10],
    ['before it', 0],
  ])('wakes when the signal aborts %s, however long the sleep', async (_, abortAfterMs) => {
    const controller = new AbortController();
    if (abortAfterMs === 0) {
      controller.abort();
    } else {
      setTimeout(() => controller.abort(), abortAfterMs);
    }
    // Longer than Node's timers can count: they would fire at once.
    await systemClock.sleep(2 ** 40, controller.signal);
    expect(controller.signal.aborted).toBe(true);
  });
});
