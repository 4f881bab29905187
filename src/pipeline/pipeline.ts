import type { ResolvedConfig } from '../config/resolve-config.ts';
import { type Clock, systemClock } from '../deliver/clock.ts';
import type { ConnectionResult } from '../deliver/connection/connection-result.ts';
import { testConnection } from '../deliver/connection/test-connection.ts';
import { createQuietAbort } from '../deliver/time-limit.ts';
import { packageName } from '../package-info.ts';
import { EVALUATION_RECORD, toEvaluationEvent } from '../translate/event/evaluation-event.ts';
import type { PostHogEvent } from '../translate/posthog-event.ts';
import type { LogRecordView } from '../translate/span/read-log-record.ts';
import type { SpanView } from '../translate/span/span-view.ts';
import { createTraceMemory } from '../translate/trace/resolve-batch.ts';
import { type AncestorNote, rememberAncestors } from '../translate/trace/trace-table.ts';
import { clearContent } from '../translate/translate-batch.ts';
import { type TranslateOptions, translateOptionsOf } from '../translate/translate-options.ts';
import type { DeliveryTrouble } from './accounts.ts';
import { assembleDelivery, type PipelineSettings } from './assemble-delivery.ts';
import type { ExportParts } from './export-batch.ts';
import type { PostHogLLMExporterStats } from './exporter-stats.ts';
import { watchIncompleteSpans } from './incomplete-spans.ts';
import { createLogContentStore, DEFAULT_LOG_CONTENT_LIMITS } from './log-content/log-content-store.ts';
import { createPendingEvents } from './pending-events.ts';
import { type TakenBatch, type TakeResult, takeBatch } from './take-batch.ts';
import { waitAtMost } from './wait-at-most.ts';
import { watchTranslation } from './watch-translation.ts';

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
  /** Takes an event that belongs to no span. It goes with the next spans, or after a second. */
  takeEvent(event: PostHogEvent, origin?: EventOrigin): void;
  /** Takes a log record of a GenAI instrumentation: content, to be joined to its span, or an evaluation. */
  takeLogRecord(record: LogRecordView, origin?: EventOrigin): void;
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
  const { logger } = config;
  for (const warning of config.warnings) logger.warn(`${packageName}: ${warning}`);
  const abort = createQuietAbort();
  const stopRetrying = createQuietAbort();
  const delivery = assembleDelivery(
    config,
    clock,
    { stop: abort.signal, stopRetrying: stopRetrying.signal },
    settings,
  );
  const { countFrom, maxTraces } = settings;
  const translate = translateOptionsOf({ ...config, countFrom }, delivery.maxEventBytes);
  const logContent = createLogContentStore(DEFAULT_LOG_CONTENT_LIMITS);
  const memory = createTraceMemory(maxTraces);
  const inFlight = new Set<TakenBatch>();
  const pending = createPendingEvents(() => void take([]));
  const incomplete = watchIncompleteSpans(logger, config.privacyMode !== true);
  const exporting: Omit<ExportParts, 'logContent'> = {
    ...watchTranslation(config, delivery, incomplete),
    translate,
    memory,
    isSpooledFirst: config.spool?.mode === 'always',
  };
  const shared = { config, clock, delivery, stopRetrying: stopRetrying.signal };
  let hasLogs = false;
  let ended: Promise<void> | undefined;

  const take: Pipeline['take'] = (spans, onStored) => {
    const isTooLate = ended !== undefined;
    const extras = isTooLate ? [] : pending.take();
    const parts = { ...shared, exporting: { ...exporting, logContent: hasLogs ? logContent : undefined } };
    const taken = takeBatch({ spans, extras, isTooLate, onStored }, parts);
    inFlight.add(taken);
    void taken.result.finally(() => inFlight.delete(taken));
    return taken.result;
  };

  const takeEvent: Pipeline['takeEvent'] = (event, origin) => {
    if (ended || !config.enabled) return;
    // The scope is known here and now only; the options are applied when the event is sent.
    const allowed = origin?.isPrivate ? clearContent(event, { ...translate, privacyMode: true }) : event;
    if (!pending.add(allowed)) delivery.ledger.pass({ dropped: 'overloaded' });
  };

  const flush = (timeoutMs: number = config.deadlineMs): Promise<'done' | 'late'> => {
    if (pending.size > 0) void take([]);
    return waitAtMost(timeoutMs, Promise.all([...inFlight].map(({ result }) => result)));
  };

  const end = async (): Promise<void> => {
    stopRetrying.abort();
    const { shutdownTimeoutMs, spool } = config;
    const savingMs = Math.min(shutdownTimeoutMs / 2, spool ? SPOOLING_MS : COUNTING_MS);
    const timer = setTimeout(() => abort.abort(), shutdownTimeoutMs - savingMs);
    const stopped = delivery.stop();
    const flushed = flush(shutdownTimeoutMs);
    const finished = await waitAtMost(shutdownTimeoutMs, Promise.all([flushed, stopped]));
    clearTimeout(timer);
    abort.abort();
    delivery.close();
    logContent.clear();
    if (finished === 'done' && (await flushed) === 'done') return;
    // What becomes of it from now on is not counted any more.
    for (const batch of inFlight) batch.giveUp();
    logger.warn(`${packageName}: the shutdown could not be completed in time`);
  };

  return {
    config,
    translate,
    take,
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
    noteAncestors: (notes) => rememberAncestors(memory.table, notes),
    noteSpan: (fate) => delivery.ledger.pass(fate === 'filtered' ? fate : { dropped: fate }),
    flush,
    stats: () => ({ ...delivery.stats(), incompleteSpans: incomplete.counts() }),
    trouble: () => delivery.trouble(),
    testConnection: () => testConnectionOf(config),
    isShutdown: () => ended !== undefined,
    shutdown() {
      ended ??= end();
      return ended;
    },
  };
}

/** Of the time for a shutdown, what is kept for writing to the spool when no request came to an end. */
const SPOOLING_MS = 2_000;

/** The same where there is no spool: for counting what is lost. */
const COUNTING_MS = 250;

function testConnectionOf(config: ResolvedConfig): Promise<ConnectionResult> {
  const { apiKey, endpoint, timeoutMs, headers, dispatcher } = config;
  return testConnection({ apiKey: apiKey.reveal(), endpoint, timeoutMs, headers, dispatcher });
}
