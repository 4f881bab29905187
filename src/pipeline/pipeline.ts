import type { ResolvedConfig } from '../config/resolve-config.ts';
import { type Clock, systemClock } from '../deliver/clock.ts';
import type { ConnectionResult } from '../deliver/connection/connection-result.ts';
import { testConnection } from '../deliver/connection/test-connection.ts';
import { EVALUATION_RECORD, toEvaluationEvent } from '../translate/event/evaluation-event.ts';
import type { PostHogEvent } from '../translate/posthog-event.ts';
import type { LogRecordView } from '../translate/span/read-log-record.ts';
import type { SpanView } from '../translate/span/span-view.ts';
import { type AncestorNote, rememberAncestors } from '../translate/trace/trace-table.ts';
import type { TranslateOptions } from '../translate/translate-options.ts';
import type { DeliveryTrouble } from './accounts.ts';
import type { PipelineSettings } from './assemble-delivery.ts';
import type { PostHogLLMExporterStats } from './exporter-stats.ts';
import { createOpenSpanEvents, type FindOpenSpan } from './open-span-events.ts';
import { createPendingEvents } from './pending-events.ts';
import { createPipelineParts, endPipeline } from './pipeline-parts.ts';
import { type TakeResult, takeBatch } from './take-batch.ts';
import { waitAtMost } from './wait-at-most.ts';

/** Where a given event comes from. */
export interface EventOrigin {
  /** Its scope withholds content, whatever the options say. */
  readonly isPrivate: boolean;
}

/**
 * One destination's whole way: from spans, log records and events to PostHog. Everything that is handed over gets one
 * fate, which `stats` counts. Nothing throws or rejects.
 */
export interface Pipeline {
  readonly config: ResolvedConfig;
  /** What decides which events are made, and what they look like. */
  readonly translate: TranslateOptions;
  /**
   * Translates and delivers spans, and the events that wait. Views are never written to, so several pipelines may be
   * given the same.
   * @param spans `undefined` stands for a span that cannot be read
   * @param onStored with the spool mode `always`: called when all events are safe on disk, if that is before the result
   * @returns resolves when all of them have their fate
   */
  take(spans: readonly (SpanView | undefined)[], onStored?: () => void): Promise<TakeResult>;
  /**
   * These spans will be given to `take`, where other pipelines get them as well: what they have in common is then done once.
   * To be called for all of these before any of them takes the spans.
   */
  announce(spans: readonly SpanView[]): void;
  /** Takes an event that belongs to no span. It goes with the next spans, or after a second. */
  takeEvent(event: PostHogEvent, origin?: EventOrigin): void;
  /** Takes a log record of a GenAI instrumentation: content, to be joined to its span, or an evaluation. */
  takeLogRecord(record: LogRecordView, origin?: EventOrigin): void;
  /**
   * Says how to find spans of one more source that have not ended: events about them wait for their end, by when it
   * is known whether they ask for privacy.
   */
  useOpenSpans(find: FindOpenSpan): void;
  /** Learns of ancestors of spans that are about to be handed over. */
  noteAncestors(notes: readonly AncestorNote[]): void;
  /** Counts a span that is not handed over: of no AI kind, or without room in the queue before the pipeline. */
  noteSpan(fate: 'filtered' | 'overloaded'): void;
  /**
   * Resolves when everything that was handed over has its fate, at the latest after the time.
   * @param timeoutMs default: the option `deadlineMs`
   */
  flush(timeoutMs?: number): Promise<'done' | 'late'>;
  stats(): PostHogLLMExporterStats;
  /** What keeps events from PostHog, by the newest deliveries; `undefined` when the newest succeeded. */
  trouble(): DeliveryTrouble | undefined;
  /** Asks PostHog whether endpoint and key are right; stores nothing there. */
  testConnection(): Promise<ConnectionResult>;
  /** Whether `shutdown` was called; then nothing is taken any more. */
  isShutdown(): boolean;
  /**
   * Ends it: requests under way may finish, waits before retries end at once, and what is not delivered is in the spool
   * before the option `shutdownTimeoutMs` is over. After it nothing of the pipeline keeps the process alive. Idempotent.
   */
  shutdown(): Promise<void>;
}

/** A pipeline by a configuration that has been checked. */
export function createPipeline(
  config: ResolvedConfig,
  { clock = systemClock, ...settings }: PipelineSettings & { readonly clock?: Clock } = {},
): Pipeline {
  const parts = createPipelineParts(config, clock, settings);
  const { delivery, translate, memory, logContent, incomplete, inFlight } = parts;
  const pending = createPendingEvents(() => takeDue());
  const openSpans = createOpenSpanEvents(translate);
  let hasLogs = false;
  let ended: Promise<void> | undefined;

  const send = (
    spans: readonly (SpanView | undefined)[],
    events: readonly PostHogEvent[],
    onStored?: () => void,
  ): Promise<TakeResult> => {
    const isTooLate = ended !== undefined;
    const extras = events.map(openSpans.cleared);
    const exporting = { ...parts.exporting, logContent: hasLogs ? logContent : undefined };
    const taken = takeBatch({ spans, extras, isTooLate, onStored }, { ...parts.taking, exporting });
    inFlight.add(taken);
    void taken.result.finally(() => inFlight.delete(taken));
    return taken.result;
  };

  const take: Pipeline['take'] = (spans, onStored) =>
    send(spans, ended ? [] : pending.take(openSpans.isHeld), onStored);
  const takeDue = (): void => {
    const events = pending.take(openSpans.isHeld);
    if (events.length > 0) void send([], events);
  };

  const takeEvent: Pipeline['takeEvent'] = (event, origin) => {
    if (ended || !config.enabled) return;
    // The scope is known here and now only; the options are applied when the event is sent.
    const allowed = origin?.isPrivate ? openSpans.withheld(event) : event;
    if (!pending.add(allowed)) delivery.ledger.pass({ dropped: 'overloaded' });
  };

  const flush = (timeoutMs: number = config.deadlineMs): Promise<'done' | 'late'> => {
    if (pending.size > 0) void send([], pending.take());
    return waitAtMost(timeoutMs, Promise.all([...inFlight].map(({ result }) => result)));
  };

  return {
    config,
    translate,
    take,
    announce: (spans) => parts.reader?.announce(spans),
    takeEvent,
    takeLogRecord(record, origin) {
      if (ended || !config.enabled) return;
      if (record.name !== EVALUATION_RECORD) {
        hasLogs = true;
        // In privacy mode content must not even wait in memory.
        if (config.privacyMode !== true) logContent.hold(record);
        return;
      }
      const event = toEvaluationEvent(record);
      if (event) takeEvent(event, origin);
    },
    useOpenSpans: openSpans.use,
    noteAncestors: (notes) => rememberAncestors(memory.table, notes),
    noteSpan: (fate) => delivery.ledger.pass(fate === 'filtered' ? fate : { dropped: fate }),
    flush,
    stats: () => ({ ...delivery.stats(), incompleteSpans: incomplete.counts() }),
    trouble: () => delivery.trouble(),
    testConnection: () => testConnectionOf(config),
    isShutdown: () => ended !== undefined,
    shutdown() {
      ended ??= endPipeline(config, parts, flush);
      return ended;
    },
  };
}

function testConnectionOf(config: ResolvedConfig): Promise<ConnectionResult> {
  const { apiKey, endpoint, timeoutMs, headers, dispatcher } = config;
  return testConnection({ apiKey: apiKey.reveal(), endpoint, timeoutMs, headers, dispatcher });
}
