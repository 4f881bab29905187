import type { ResolvedConfig } from '../config/resolve-config.ts';
import type { ExportSink } from '../deliver/outbox/export-sink.ts';
import type { SerialisedEvent } from '../deliver/transport.ts';
import type { DropReason } from '../ledger/drop-reasons.ts';
import type { Account } from '../ledger/ledger.ts';
import { createSlicer } from '../ledger/time-slices.ts';
import { withLogContent } from '../sdk/logs/await-log-content.ts';
import type { LogContentStore } from '../sdk/logs/log-content-store.ts';
import type { PostHogEvent } from '../translate/event/posthog-event.ts';
import { createSelector } from '../translate/selection/select-call.ts';
import { readSdkSpan } from '../translate/span/read-sdk-span.ts';
import type { ReadableSpanLike } from '../translate/span/sdk-types.ts';
import { estimateSpanBytes } from '../translate/span/span-bytes.ts';
import type { SpanView } from '../translate/span/span-view.ts';
import type { TraceMemory } from '../translate/trace/resolve-batch.ts';
import {
  clearContent,
  createSpanSorter,
  type TranslateOptions,
  translateCall,
} from '../translate/translate-call.ts';

/** What one export was given. */
export interface Batch {
  readonly spans: readonly ReadableSpanLike[];
  /** Events that belong to no span. */
  readonly extras: readonly PostHogEvent[];
  readonly account: Account<DropReason>;
}

/** What the translation of a batch needs of its exporter. */
export interface TranslationParts {
  readonly translate: TranslateOptions;
  readonly memory: TraceMemory;
  readonly choice: ResolvedConfig['choice'];
  /** Absent while no instrumentation is known to log its content. */
  readonly logContent: LogContentStore | undefined;
  /** Events are to be on disk before anything else happens. */
  readonly isSpooledFirst: boolean;
  readonly serialise: (event: PostHogEvent) => SerialisedEvent | undefined;
  readonly onFilterFailed: () => void;
}

/**
 * Spans that are looked at as a whole, for calls that are recorded twice and for ancestors, which is done in one go. A
 * larger export is treated as if it had come in several.
 */
const MAX_PORTION_SPANS = 1_024;

/**
 * Span by span to events, in slices, so that the event loop is never held for long. Runs without giving way until the
 * first slice is over: what is spooled first is on disk then when `export` returns. Ends early when there is no more
 * room; spans without a fate are the caller's to account for.
 */
export async function fillParcel(sink: ExportSink, batch: Batch, parts: TranslationParts): Promise<void> {
  const { spans, extras, account } = batch;
  const { translate, memory, choice, onFilterFailed } = parts;
  const pause = createPause(sink, parts.isSpooledFirst);
  const choose = createSelector(choice, (fate) => account.settle(fate), onFilterFailed);
  const makeExtras = extras.map((event) => () => clearContent(event, translate));

  for (let start = 0; start === 0 || start < spans.length; start += MAX_PORTION_SPANS) {
    const portion = spans.slice(start, start + MAX_PORTION_SPANS);
    const views = readSpans(portion, parts.logContent);
    const sorter = createSpanSorter(translate);
    const found = { call: 0, foreign: 0, unreadable: 0 };
    let read = start;
    for (const view of Array.isArray(views) ? views : await views) {
      found[sorter.add(view)] += 1;
      read += 1;
      const pausing = pause(read);
      if (pausing) await pausing;
    }
    account.settle('filtered', found.foreign);
    account.settle({ dropped: 'unreadable' }, portion.length - found.call - found.foreign);

    const makeEvents = sorter.settle(memory, choose).map((call) => () => translateCall(call, translate));
    const translations = start === 0 ? [...makeExtras, ...makeEvents] : makeEvents;
    let done = 0;
    const restBytes = () =>
      estimateSpanBytes(portion) * (1 - done / translations.length) +
      estimateSpanBytes(spans.slice(start + portion.length));
    for (const makeEvent of translations) {
      const room = sink.waitForRoom(restBytes);
      if (room && !(await room)) return;
      const event = serialised(makeEvent, parts);
      if (event) sink.add(event);
      else account.settle({ dropped: 'not-serialisable' });
      done += 1;
      const pausing = pause(start + done);
      if (pausing) await pausing;
    }
  }
  // Here, not after the caller's `await`: then it is done when `export` returns.
  sink.persistNow();
}

/**
 * A slice that ends with a file: longer than others, since what is not translated when `export` returns can still be
 * lost, and so that there are fewer files. Still shorter than what anybody notices.
 */
const SPOOLED_SLICE_MS = 250;

/** So many spans are on disk when `export` returns, however slow the machine: all of an export of single spans. */
const MIN_SPOOLED_SPANS = 8;

/** Gives way when the slice is used up, after saving what must not be lost meanwhile. */
function createPause(sink: ExportSink, isSpooledFirst: boolean): (done: number) => Promise<void> | undefined {
  const giveWay = createSlicer(isSpooledFirst ? SPOOLED_SLICE_MS : undefined);
  return (done) => {
    if (isSpooledFirst && done < MIN_SPOOLED_SPANS) return undefined;
    const pausing = giveWay();
    if (pausing) sink.persistNow();
    return pausing;
  };
}

function readSpans(
  spans: readonly ReadableSpanLike[],
  logContent: LogContentStore | undefined,
): SpanView[] | Promise<SpanView[]> {
  const views = spans.map(readSdkSpan).filter((view) => view !== undefined);
  return logContent ? withLogContent(views, logContent) : views;
}

/** One event that cannot be made must not cost its neighbours. */
function serialised(makeEvent: () => PostHogEvent, parts: TranslationParts): SerialisedEvent | undefined {
  try {
    return parts.serialise(makeEvent());
  } catch {
    return undefined;
  }
}
