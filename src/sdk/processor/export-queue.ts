import { withTracingSuppressed } from '../../deliver/suppress-tracing.ts';
import type { ReadableSpanLike } from '../../translate/span/sdk-types.ts';
import { estimateSpanBytes } from '../../translate/span/span-bytes.ts';
import type { OpenSpan } from './open-spans.ts';
import type { SpanProcessorSettings } from './read-processor-options.ts';
import { createSpanQueue, type QueuedSpan } from './span-queue.ts';

/** Decides when which spans go. */
export interface ExportQueue {
  add(span: ReadableSpanLike, opened: OpenSpan | undefined): void;
  /** Sends what waits, without waiting for the delay. */
  flush(): void;
  /** Resolves when nothing waits or is under way; `settle` is awaited along with each round. */
  drain(settle: () => Promise<void>): Promise<void>;
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
  /** Part batches go as well until the queue is empty. */
  let isFlushing = false;
  let dropped = 0;

  const pump = () => {
    while (underWay.size < MAX_CONCURRENT_EXPORTS && queue.size > 0 && (isFlushing || queue.isBatchFull())) {
      start();
    }
    if (queue.size === 0) {
      isFlushing = false;
      clearTimeout(timer);
      timer = undefined;
    } else {
      timer ??= setTimeout(flush, settings.scheduledDelayMs).unref();
    }
  };
  const start = () => {
    const entries = queue.take();
    const run = exportBatch(entries, settings.exportTimeoutMs, actions).then(() => {
      queue.release(entries);
      underWay.delete(run);
      pump();
    });
    underWay.add(run);
  };
  const flush = () => {
    timer = undefined;
    isFlushing = queue.size > 0;
    pump();
  };
  const drop = () => {
    dropped += 1;
    actions.onDrop();
  };

  return {
    add(span, opened) {
      if (queue.add({ span, opened, bytes: estimateSpanBytes([span]) })) pump();
      else drop();
    },
    flush() {
      clearTimeout(timer);
      flush();
    },
    handOver() {
      clearTimeout(timer);
      timer = undefined;
      while (queue.size > 0) start();
    },
    async drain(settle) {
      do {
        isFlushing = queue.size > 0;
        pump();
        await Promise.all([...underWay, settle()]);
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
