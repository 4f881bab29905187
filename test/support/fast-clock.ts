import { type Clock, systemClock } from '../../src/deliver/clock.ts';

/** The clock of the machine, running faster: waits before retries take a fraction of their time. */
export function createFastClock(factor: number, random: () => number = Math.random): Clock {
  const startMs = systemClock.now();
  return {
    now: () => startMs + (systemClock.now() - startMs) * factor,
    monotonicMs: () => systemClock.monotonicMs() * factor,
    keepAwake: systemClock.keepAwake,
    sleep: (ms, signal) => systemClock.sleep(ms / factor, signal),
    random,
  };
}
