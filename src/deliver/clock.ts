/** Time and chance, as delivery sees them; tests put their own in. */
export interface Clock {
  /** Milliseconds since the epoch. May step in either direction; for ages and dates, not for deadlines. */
  now(): number;
  /** Milliseconds that only move forward, for deadlines. Time in which the process was frozen or starved counts little. */
  monotonicMs(): number;
  /** Resolves after `ms` milliseconds, or at once when the signal aborts. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** A number from 0 up to but not including 1. */
  random(): number;
  /**
   * Keeps the process alive, and notices when it does not run, until the function that is returned is called: as long
   * as a caller waits.
   */
  keepAwake(): () => void;
}

/** Node fires timers with a longer delay at once (2^31 - 1 ms). */
export const MAX_TIMER_MS = 2_147_483_647;

/** How often the clock is looked at while a caller waits. */
const HEARTBEAT_MS = 250;

/** Between two looks. A longer gap is one in which this process did not run, for whatever reason. */
const MAX_GAP_MS = 1_000;

/** Sums up the time in which the process did not run: stopped, frozen between invocations, or without a CPU. */
function createAwakeTime(realMs: () => number) {
  let awaited = 0;
  let seenAtMs = 0;
  let lostMs = 0;
  let heartbeat: NodeJS.Timeout | undefined;
  const look = (): number => {
    const nowMs = realMs();
    // Without a heartbeat a gap says nothing.
    if (awaited > 0 && nowMs - seenAtMs > MAX_GAP_MS) lostMs += nowMs - seenAtMs - HEARTBEAT_MS;
    seenAtMs = nowMs;
    return nowMs - lostMs;
  };
  return {
    look,
    keep: (): (() => void) => {
      look();
      awaited += 1;
      heartbeat ??= setInterval(look, HEARTBEAT_MS);
      let isAwaited = true;
      return () => {
        if (!isAwaited) return;
        isAwaited = false;
        look();
        awaited -= 1;
        if (awaited > 0) return;
        clearInterval(heartbeat);
        heartbeat = undefined;
      };
    },
  };
}

const awakeTime = createAwakeTime(() => performance.now());

/**
 * Resolves at a time by the monotonic clock, or when the signal aborts. Timers count the time in which the process was
 * frozen, the monotonic clock does not, so a timer may be early.
 */
export async function sleepUntil(
  clock: Pick<Clock, 'monotonicMs' | 'sleep'>,
  atMs: number,
  signal: AbortSignal,
): Promise<void> {
  for (let leftMs = atMs - clock.monotonicMs(); leftMs > 0; leftMs = atMs - clock.monotonicMs()) {
    await clock.sleep(leftMs, signal);
    if (signal.aborted) return;
  }
}

/** The clock of the machine. Its timers do not keep the process alive; `keepAwake` does. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: awakeTime.look,
  random: () => Math.random(),
  keepAwake: awakeTime.keep,
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) {
        resolve();
        return;
      }
      const wake = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, Math.min(ms, MAX_TIMER_MS)).unref();
      signal?.addEventListener('abort', wake, { once: true });
    }),
};
