import { cutBetweenCalls, MAX_DISTANCE } from '../../translate/span/cut-between-calls.ts';
import { readSdkSpan } from '../../translate/span/read-sdk-span.ts';
import type { ReadableSpanLike } from '../../translate/span/sdk-types.ts';
import type { OpenSpan } from './open-spans.ts';

export interface QueuedSpan {
  readonly span: ReadableSpanLike;
  readonly opened: OpenSpan | undefined;
  /** Estimated. */
  readonly bytes: number;
  /** How often the delay had been over when it came. */
  readonly round: number;
}

export interface QueueLimits {
  readonly maxQueueSize: number;
  readonly maxQueueBytes: number;
  readonly maxExportBatchSize: number;
  readonly maxBatchBytes: number;
}

/** Ended spans that wait. What is taken counts as held until it is released, so that the bound holds for both. */
export interface SpanQueue {
  /** False when there is no room; then nothing was added. */
  add(entry: QueuedSpan): boolean;
  /**
   * The oldest entries, at most one batch; what may record one call stays together.
   * @param mayStay whether an entry had better wait on; at most the half of a batch does
   */
  take(mayStay?: (entry: QueuedSpan) => boolean): readonly QueuedSpan[];
  /** The entries are exported, one way or the other. */
  release(entries: readonly QueuedSpan[]): void;
  /** Whether a whole batch waits. */
  isBatchFull(): boolean;
  readonly size: number;
}

export function createSpanQueue(limits: QueueLimits): SpanQueue {
  let waiting: (QueuedSpan | undefined)[] = [];
  // Taking from the front of an array moves the rest; a start index does not.
  let first = 0;
  let waitingBytes = 0;
  let heldCount = 0;
  let heldBytes = 0;
  const size = () => waiting.length - first;
  return {
    add(entry) {
      if (heldCount >= limits.maxQueueSize || heldBytes + entry.bytes > limits.maxQueueBytes) return false;
      waiting.push(entry);
      waitingBytes += entry.bytes;
      heldCount += 1;
      heldBytes += entry.bytes;
      return true;
    },
    take(mayStay) {
      let end = first;
      let bytes = 0;
      while (end < waiting.length && end - first < limits.maxExportBatchSize) {
        bytes += waiting[end]?.bytes ?? 0;
        if (end > first && bytes > limits.maxBatchBytes) break;
        end += 1;
      }
      end = first + cutOf(waiting, first, end);
      const oldest = waiting.slice(first, end).filter((entry) => entry !== undefined);
      const staying = stayingOf(mayStay ? oldest.filter(mayStay) : [], limits);
      const taken = staying.size === 0 ? oldest : oldest.filter((entry) => !staying.has(entry));
      waitingBytes -= bytesOf(taken);
      // A place that still held its span would keep it alive for as long as others wait.
      waiting.fill(undefined, first, end);
      first = end;
      for (const entry of [...staying].reverse()) waiting[--first] = entry;
      if (first * 2 >= waiting.length) {
        waiting = waiting.slice(first);
        first = 0;
      }
      return taken;
    },
    release(entries) {
      heldCount -= entries.length;
      heldBytes -= bytesOf(entries);
    },
    isBatchFull: () => size() >= limits.maxExportBatchSize || waitingBytes >= limits.maxBatchBytes,
    get size() {
      return size();
    },
  };
}

/** How many of the waiting entries go, if those before `end` may. */
function cutOf(waiting: readonly (QueuedSpan | undefined)[], first: number, end: number): number {
  if (end === waiting.length) return end - first;
  const views = waiting.slice(first, end + MAX_DISTANCE).map((entry) => entry && readSdkSpan(entry.span));
  return cutBetweenCalls(views, end - first);
}

/** Those that may stay, or none if they are the half of a batch: others need the room. */
function stayingOf(
  entries: readonly QueuedSpan[],
  { maxExportBatchSize, maxBatchBytes }: QueueLimits,
): ReadonlySet<QueuedSpan> {
  const isMuch = entries.length > maxExportBatchSize / 2 || bytesOf(entries) > maxBatchBytes / 2;
  return new Set(isMuch ? [] : entries);
}

function bytesOf(entries: readonly QueuedSpan[]): number {
  return entries.reduce((sum, { bytes }) => sum + bytes, 0);
}
