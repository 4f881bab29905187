import type { ExportSink } from '../deliver/outbox/export-sink.ts';
import type { SerialisedEvent } from '../deliver/transport.ts';
import type { DropReason } from '../ledger/drop-reasons.ts';
import type { Account } from '../ledger/ledger.ts';
import { createSlicer } from '../ledger/time-slices.ts';
import type { PostHogEvent } from '../translate/posthog-event.ts';
import { cutBetweenCalls, MAX_DISTANCE } from '../translate/span/cut-between-calls.ts';
import { estimateSpanBytes } from '../translate/span/span-bytes.ts';
import type { SpanView } from '../translate/span/span-view.ts';
import type { TraceMemory } from '../translate/trace/trace-memory.ts';
import { translateBatch } from '../translate/translate-batch.ts';
import type { TranslateOptions } from '../translate/translate-options.ts';
import type {
  SelectedCounts,
  TranslatedEvent,
  TranslateInput,
  TranslateObserver,
} from '../translate/translate-steps.ts';
import { withLogContent } from './log-content/await-log-content.ts';
import type { LogContentStore } from './log-content/log-content-store.ts';

/** What was handed over at once. */
export interface Batch {
  /** `undefined` stands for a span that cannot be read. */
  readonly spans: readonly (SpanView | undefined)[];
  /** Events that belong to no span. */
  readonly extras: readonly PostHogEvent[];
  readonly account: Account<DropReason>;
}

/** What the batches of a pipeline share. */
export interface ExportParts {
  readonly translate: TranslateOptions;
  readonly observer: TranslateObserver;
  readonly memory: TraceMemory;
  /** Absent unless other pipelines get the same spans. */
  readonly read: TranslateInput['read'];
  /** Absent while no instrumentation is known to log its content. */
  readonly logContent: LogContentStore | undefined;
  /** Events are to be on disk before anything else happens. */
  readonly isSpooledFirst: boolean;
  /** Nobody relies on them before all are on disk. */
  readonly isAwaited: boolean;
  /** The event as it is delivered; `undefined` when it does not fit. */
  readonly serialised: (translated: TranslatedEvent) => SerialisedEvent | undefined;
  /** Called with what becomes of the spans of a portion that make no event. */
  readonly onSelected?: ((counts: SelectedCounts) => void) | undefined;
}

/**
 * Spans that are looked at as a whole, for calls that are recorded twice and for ancestors, which is done in one go. A
 * larger export is treated as if it had come in several.
 */
const MAX_PORTION_SPANS = 1_024;

/**
 * Takes the steps from spans to events, in slices of time, so that the event loop is never held for long. Runs without
 * giving way until the first slice is over: what is spooled first is on disk then when `export` returns. Ends early
 * when there is no more room; spans without a fate are the caller's to account for.
 */
export async function exportBatch(sink: ExportSink, batch: Batch, parts: ExportParts): Promise<void> {
  const { spans, account } = batch;
  const isAtOnce = parts.isSpooledFirst && !parts.isAwaited;
  const pause = createPause(
    sink,
    isAtOnce ? spansSpooledFirst(spans) : undefined,
    parts.isAwaited ? MIN_AWAITED_BYTES : 0,
  );
  let start = 0;
  do {
    const portion = portionOf(spans, start);
    const joined = parts.logContent ? await withLogContent(portion, parts.logContent) : portion;
    const input = {
      spans: joined,
      extras: start === 0 ? batch.extras : [],
      memory: parts.memory,
      read: parts.read,
    };
    let read = start;
    let events = 0;
    let made = 0;
    const restBytes = () =>
      estimateSpanBytes(portion) * (1 - made / events) +
      estimateSpanBytes(spans.slice(start + portion.length));
    for (const step of translateBatch(input, parts.translate, parts.observer)) {
      let pausing: Promise<void> | undefined;
      switch (step.type) {
        case 'read':
          read += 1;
          pausing = pause(read);
          break;
        case 'selected':
          events = step.events;
          parts.onSelected?.(step);
          account.expect(step.ofNoSpan);
          account.setFate('filtered', step.foreign + step.filtered);
          account.setFate('sampled-out', step.sampledOut);
          account.setFate({ dropped: 'unreadable' }, step.unreadable);
          break;
        case 'pause':
          pausing = pause(start + made);
          break;
        case 'next': {
          const room = sink.waitForRoom(restBytes);
          if (room && !(await room)) return;
          break;
        }
        case 'event':
        case 'failed': {
          const event = step.type === 'event' ? parts.serialised(step) : undefined;
          if (event) sink.add(event);
          else account.setFate({ dropped: 'not-serialisable' });
          made += 1;
          pausing = pause(start + made);
        }
      }
      if (pausing) await pausing;
    }
    start += portion.length;
  } while (start < spans.length);
  // Here, not after the caller's `await`: then it is done when `export` returns.
  sink.persistNow();
}

function portionOf(spans: Batch['spans'], start: number): Batch['spans'] {
  const near = spans.slice(start, start + MAX_PORTION_SPANS + MAX_DISTANCE);
  return near.slice(0, cutBetweenCalls(near, MAX_PORTION_SPANS));
}

/**
 * A slice that ends with a file: longer than others, since what is not translated when `export` returns can still be
 * lost, and so that there are fewer files. Still too short to be noticed.
 */
export const SPOOLED_SLICE_MS = 50;

/** So many spans are on disk when `export` returns, however slow the machine: all of an export of single spans. */
const MIN_SPOOLED_SPANS = 8;

/** A file for what is awaited as a whole: many small ones would each be forced on the disk. */
const MIN_AWAITED_BYTES = 1024 * 1024;

/** If they are not larger than this together. */
const MAX_SPOOLED_BYTES = 1024 * 1024;

/** How many spans are translated without giving way, when they are to be on disk before anything else happens. */
function spansSpooledFirst(spans: Batch['spans']): number {
  const first = spans.slice(0, MIN_SPOOLED_SPANS);
  while (first.length > 0 && estimateSpanBytes(first) > MAX_SPOOLED_BYTES) first.pop();
  return first.length;
}

/**
 * Gives way when the slice is used up, after saving what must not be lost meanwhile.
 * @param spooledFirst spans before which it does not; `undefined` where nothing is on disk before `export` returns
 * @param minBytes of a file
 */
function createPause(
  sink: ExportSink,
  spooledFirst: number | undefined,
  minBytes: number,
): (done: number) => Promise<void> | undefined {
  const giveWay = createSlicer(spooledFirst === undefined ? undefined : SPOOLED_SLICE_MS);
  return (done) => {
    if (spooledFirst !== undefined && done < spooledFirst) return undefined;
    const pausing = giveWay();
    if (pausing) sink.persistNow(minBytes);
    return pausing;
  };
}
