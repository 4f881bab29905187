import { withTracingSuppressed } from '../../deliver/suppress-tracing.ts';
import type { ReadableSpanLike } from '../../translate/span/sdk-types.ts';
import { estimateSpanBytes } from '../../translate/span/span-bytes.ts';
import { isWithinOpenCall } from './ancestor-notes.ts';
import type { OpenSpan } from './open-spans.ts';
import type { SpanProcessorSettings } from './read-processor-options.ts';
import { createSpanQueue, type QueuedSpan } from './span-queue.ts';

/** Decides when which spans go. */
export interface ExportQueue {
  add(span: ReadableSpanLike, opened: OpenSpan | undefined): void;
  /** Sends what waits, without waiting for the delay. */
  flush(): void;
  /** Resolves when nothing waits or is under way; `flushExporter` is awaited along with each round. */
  drain(flushExporter: () => Promise<void>): Promise<void>;
  /** Sends all that waits at once, however much is under way: there will be no other time. */
  handOver(): void;
  /** Spans for which there was no room. */
  readonly dropped: number;
}

export interface ExportQueueActions {
  send(entries: readonly QueuedSpan[], done: () => void): void;
  /** Called with each span for which there was no room. */
  onDrop(): void;
}

/** Texts in one batch: what PostHog's own SDKs aim for in a request. */
export const MAX_BATCH_BYTES = 5 * 1024 * 1024;

/** Exports at the same time. One alone would make a burst wait for round trip after round trip. */
export const MAX_CONCURRENT_EXPORTS = 4;

export function createExportQueue(settings: SpanProcessorSettings, actions: ExportQueueActions): ExportQueue {
  const queue = createSpanQueue({ ...settings, maxBatchBytes: MAX_BATCH_BYTES });
  const underWay = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  /** Part batches go as well until the queue is empty; `all`: also what had better wait. */
  let flushing: 'due' | 'all' | undefined;
  /** How often the delay was over. */
  let round = 0;
  let dropped = 0;

  // Of a call that a span around it records as well, the richer record wins only where both are looked at together.
  const mayStay = (entry: QueuedSpan) => round - entry.round <= 1 && isWithinOpenCall(entry);
  const pump = () => {
    while (underWay.size < MAX_CONCURRENT_EXPORTS && queue.size > 0 && (flushing || queue.isBatchFull())) {
      if (start()) continue;
      flushing = undefined;
      break;
    }
    if (queue.size === 0) {
      flushing = undefined;
      clearTimeout(timer);
      timer = undefined;
    } else {
      timer ??= setTimeout(flushDue, settings.scheduledDelayMs).unref();
    }
  };
  /** @returns false when all that waits had better wait on */
  const start = (): boolean => {
    const entries = queue.take(flushing === 'all' ? undefined : mayStay);
    if (entries.length === 0) return false;
    const run = exportBatch(entries, settings.exportTimeoutMs, actions).then(() => {
      queue.release(entries);
      underWay.delete(run);
      pump();
    });
    underWay.add(run);
    return true;
  };
  const flush = (what: 'due' | 'all') => {
    clearTimeout(timer);
    timer = undefined;
    if (queue.size > 0) flushing = flushing === 'all' ? 'all' : what;
    pump();
  };
  const flushDue = () => {
    round += 1;
    flush('due');
  };

  return {
    add(span, opened) {
      if (queue.add({ span, opened, bytes: estimateSpanBytes([span]), round })) return pump();
      dropped += 1;
      actions.onDrop();
    },
    flush: () => flush('all'),
    handOver() {
      clearTimeout(timer);
      timer = undefined;
      flushing = 'all';
      while (queue.size > 0) start();
    },
    async drain(flushExporter) {
      do {
        if (queue.size > 0) flushing = 'all';
        pump();
        await Promise.all([...underWay, flushExporter()]);
      } while (queue.size > 0 || underWay.size > 0);
    },
    get dropped() {
      return dropped;
    },
  };
}

function exportBatch(
  entries: readonly QueuedSpan[],
  timeoutMs: number,
  { send }: ExportQueueActions,
): Promise<void> {
  return new Promise((resolve) => {
    // An export that never answers must not hold its place for ever.
    const limit = setTimeout(finish, timeoutMs).unref();
    function finish() {
      clearTimeout(limit);
      resolve();
    }
    try {
      withTracingSuppressed(() => send(entries, finish));
    } catch {
      finish();
    }
  });
}
