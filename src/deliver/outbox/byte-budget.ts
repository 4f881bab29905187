import { type Clock, sleepUntil } from '../clock.ts';

/** Keeps what waits in memory within a number of bytes. */
export interface ByteBudget {
  readonly heldBytes: number;
  /** Whether another event may come. One that is larger than the room left may, so that it comes at all. */
  hasRoom(): boolean;
  hold(bytes: number): void;
  release(bytes: number): void;
  /**
   * Resolves to true when there is room, in the order of the calls; to false when the time is over or the signal
   * aborts, and at once when those who wait would hold more than the budget themselves.
   * @param untilMs by the monotonic clock
   * @param waitingBytes what the caller holds while it waits; an estimate, parts of bytes do not count
   */
  waitForRoom(waitingBytes: number, untilMs: number, signal: AbortSignal): Promise<boolean>;
}

/** @param resumeBytes those who wait go on when less than this is held; at most, and by default, `maxBytes` */
export function createByteBudget(maxBytes: number, clock: Clock, resumeBytes = maxBytes): ByteBudget {
  const waiters = new Set<() => void>();
  let heldBytes = 0;
  let waitingBytes = 0;
  let isWaking = false;

  /** One in each turn of the event loop: what it takes is known before the next one is let in. */
  const wakeNext = (): void => {
    const [first] = waiters;
    isWaking = first !== undefined && heldBytes < resumeBytes;
    if (!isWaking) return;
    first?.();
    setImmediate(wakeNext);
  };

  return {
    get heldBytes() {
      return heldBytes;
    },
    hasRoom: () => heldBytes < maxBytes,
    hold: (bytes) => {
      heldBytes += bytes;
    },
    release: (bytes) => {
      heldBytes -= bytes;
      if (!isWaking) wakeNext();
    },
    waitForRoom: async (estimatedBytes, untilMs, signal) => {
      // Fractions that are added and taken away again need not leave zero, as if a wait never ended.
      const bytes = Math.ceil(estimatedBytes);
      if (waitingBytes > 0 && waitingBytes + bytes > maxBytes) return false;
      waitingBytes += bytes;
      const woken = new AbortController();
      let isMyTurn = false;
      const wake = (): void => {
        isMyTurn = true;
        waiters.delete(wake);
        woken.abort();
      };
      waiters.add(wake);
      const ends = AbortSignal.any([woken.signal, signal]);
      await sleepUntil(clock, untilMs, ends);
      waiters.delete(wake);
      waitingBytes -= bytes;
      return isMyTurn;
    },
  };
}
