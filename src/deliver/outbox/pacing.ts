import type { Clock } from '../clock.ts';
import type { Compression } from '../compress.ts';
import { type ByteBudget, createByteBudget } from './byte-budget.ts';
import type { Persistence } from './persistence.ts';

/**
 * A batch of this size leaves as long as fewer than `MAX_EARLY_BATCHES` of the export are under way; else it grows to
 * `maxBatchBytes`. What it buys: the thread pool compresses the beginning of an export while the main thread still
 * translates the rest, and bodies of this size take less memory outside the engine's heap, which is cheaper by a fifth.
 * A slow network still gets few large bodies. Where nothing is compressed, a request costs more than it buys.
 */
const EARLY_BATCH_BYTES: Readonly<Record<Compression, number>> = {
  gzip: 1024 * 1024,
  none: 2 * 1024 * 1024,
};
const MAX_EARLY_BATCHES = 4;

/**
 * So many bytes of an export are under way before the rest is translated: four early batches, and one of twice their
 * size. What it buys: the translation of large prompts, which is faster than gzip, neither holds up the event loop for
 * long nor fills the memory. It is 30 MB/s to a server that takes 200 ms to answer, more than models are asked.
 */
export const MAX_AHEAD_BYTES = 6 * 1024 * 1024;

export interface PacingOptions {
  readonly budget: ByteBudget;
  readonly persistence: Pick<Persistence, 'mode' | 'hasRoom'>;
  readonly compression: Compression;
  /** Bytes of events that are sent together. */
  readonly maxBatchBytes: number;
  readonly clock: Clock;
  /** Ends waits for room in memory. */
  readonly stop: AbortSignal;
  /** Ends waits for the network to keep up. */
  readonly stopRetrying: AbortSignal;
}

/** How fast one export may go, and which way: when a batch leaves, and when the translation waits. */
export interface Pace {
  /** Where events go that come now. */
  readonly way: 'network' | 'disk';
  /** Whether a batch of this size leaves at once. */
  isFull(bytes: number): boolean;
  take(bytes: number): void;
  begin(): void;
  /** A batch is through. */
  end(bytes: number): void;
  /**
   * `undefined`: go on. Else resolves to true when there is room again, and to false when there will be none in time.
   * @param leave sends what is not sent yet: it can make no room
   * @param restBytes about the bytes of what is still to come
   */
  waitForRoom(leave: () => void, restBytes: () => number): Promise<boolean> | undefined;
}

export function startPace(options: PacingOptions, deadlineAtMs: number): Pace {
  const { budget, persistence, compression, maxBatchBytes, clock, stop, stopRetrying } = options;
  const { mode } = persistence;
  const earlyBatchBytes = EARLY_BATCH_BYTES[compression];
  // A spool takes the events sooner than the network does.
  let ahead =
    mode === 'none'
      ? // Room for a few events would be filled with a small request.
        createByteBudget(MAX_AHEAD_BYTES, clock, MAX_AHEAD_BYTES - earlyBatchBytes)
      : undefined;
  let underWay = 0;
  let way: Pace['way'] = 'network';
  // A batch that leaves early would cost a file of its own.
  const isEarly = () => mode !== 'always' && way === 'network' && underWay < MAX_EARLY_BATCHES;

  const keepPace = async (pace: ByteBudget): Promise<true> => {
    const isRoom = await pace.waitForRoom(0, deadlineAtMs, stopRetrying);
    // Once the time is over, the rest has its try all the same.
    if (!isRoom) ahead = undefined;
    return true;
  };
  const go = (next: Pace['way'], leave: () => void): void => {
    if (way !== next) leave();
    way = next;
  };

  return {
    get way() {
      return way;
    },
    isFull: (bytes) => bytes >= maxBatchBytes || (bytes >= earlyBatchBytes && isEarly()),
    take: (bytes) => {
      if (way === 'disk') return;
      budget.hold(bytes);
      ahead?.hold(bytes);
    },
    begin: () => {
      underWay += 1;
    },
    end: (bytes) => {
      underWay -= 1;
      budget.release(bytes);
      ahead?.release(bytes);
    },
    waitForRoom: (leave, restBytes) => {
      // At the end of a shutdown no request is made any more: the rest goes to the disk at once, or is counted.
      if (stop.aborted && mode === 'none') return Promise.resolve(false);
      if (budget.hasRoom() && persistence.hasRoom() && !stop.aborted) {
        go('network', leave);
        if (ahead === undefined || ahead.hasRoom()) return undefined;
        leave();
        return keepPace(ahead);
      }
      if (mode !== 'none') {
        go('disk', leave);
        return undefined;
      }
      leave();
      return budget.waitForRoom(restBytes(), deadlineAtMs, stop);
    },
  };
}
