import type { Clock } from '../../src/deliver/clock.ts';

export interface VirtualClock extends Clock {
  /** Every wait that was asked for, in milliseconds. */
  readonly waits: readonly number[];
  /** Sets the date of the machine forward or back; no time passes. */
  stepDate(ms: number): void;
  /** Moves time on and wakes the sleepers that are due. */
  advance(ms: number): void;
}

export interface VirtualClockOptions {
  /** Default: 2026-01-01T00:00:00Z. */
  readonly startMs?: number;
  /** `jump`: a sleep moves time on by itself. `manual`: sleepers wait for `advance`. Default: `jump`. */
  readonly mode?: 'jump' | 'manual';
  /** Default: always 1/2. */
  readonly random?: () => number;
}

/** A clock that only moves when told. */
export function createVirtualClock(options: VirtualClockOptions = {}): VirtualClock {
  const { startMs = Date.UTC(2026, 0, 1), mode = 'jump', random = () => 0.5 } = options;
  let nowMs = startMs;
  let steppedMs = 0;
  const waits: number[] = [];
  const sleepers = new Set<{ readonly atMs: number; readonly wake: () => void }>();
  return {
    waits,
    now: () => nowMs + steppedMs,
    stepDate: (ms) => {
      steppedMs += ms;
    },
    monotonicMs: () => nowMs,
    keepAwake: () => () => {},
    random,
    sleep: (ms, signal) => {
      waits.push(ms);
      if (signal?.aborted) {
        return Promise.resolve();
      }
      if (mode === 'jump') {
        nowMs += ms;
        return Promise.resolve();
      }
      return new Promise((resolve) => {
        const wake = () => {
          sleepers.delete(sleeper);
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        const sleeper = { atMs: nowMs + ms, wake };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', wake, { once: true });
      });
    },
    advance: (ms) => {
      nowMs += ms;
      for (const sleeper of sleepers) {
        if (sleeper.atMs <= nowMs) {
          sleeper.wake();
        }
      }
    },
  };
}
