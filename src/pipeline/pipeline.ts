import type { ResolvedConfig } from '../config/resolve-config.ts';
import { type Clock, systemClock } from '../deliver/clock.ts';
import type { ConnectionResult } from '../deliver/connection/connection-result.ts';
import { testConnection } from '../deliver/connection/test-connection.ts';
import { createQuietAbort } from '../deliver/time-limit.ts';
import type { DropReason } from '../ledger/drop-reasons.ts';
import type { Account } from '../ledger/ledger.ts';
import { packageName } from '../package-info.ts';
import { EVALUATION_RECORD, toEvaluationEvent } from '../translate/event/evaluation-event.ts';
import type { PostHogEvent } from '../translate/posthog-event.ts';
import type { LogRecordView } from '../translate/span/read-log-record.ts';
import { estimateSpanBytes } from '../translate/span/span-bytes.ts';
import type { SpanView } from '../translate/span/span-view.ts';
import { createTraceMemory } from '../translate/trace/resolve-batch.ts';
import { type AncestorNote, rememberAncestors } from '../translate/trace/trace-table.ts';
import { clearContent } from '../translate/translate-batch.ts';
import { type TranslateOptions, translateOptionsOf } from '../translate/translate-options.ts';
import type { DeliveryTrouble } from './accounts.ts';
import { assembleDelivery, type DeliverySide, type PipelineSettings } from './assemble-delivery.ts';
import { createDebugLines } from './debug-lines.ts';
import { type ExportParts, exportBatch } from './export-batch.ts';
import type { PostHogLLMExporterStats } from './exporter-stats.ts';
import { watchIncompleteSpans } from './incomplete-spans.ts';
import { createLogContentStore, DEFAULT_LOG_CONTENT_LIMITS } from './log-content/log-content-store.ts';
import { createPendingEvents } from './pending-events.ts';
import { showEvent } from './show-event.ts';
import { waitAtMost } from './wait-at-most.ts';

/** Events that were lost for one reason. */
export interface Loss {
  readonly reason: DropReason;
  readonly events: number;
  /** What delivery last said of this reason, in words without keys or content. */
  readonly detail: string | undefined;
}

/** How a hand-over ended. */
export interface TakeResult {
  /** Empty when every event was delivered, is safe in the spool, or was not to be sent. */
  readonly losses: readonly Loss[];
  /** What failed inside of the pipeline itself. */
  readonly defect?: unknown;
}

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

/** @throws never; the configuration is checked */
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
  const translate = translateOptionsOf(config, delivery.maxEventBytes);
  const logContent = createLogContentStore(DEFAULT_LOG_CONTENT_LIMITS);
  const memory = createTraceMemory();
  const inFlight = new Map<Promise<TakeResult>, Account<DropReason>>();
  const pending = createPendingEvents(() => void take([]));
  const incomplete = watchIncompleteSpans(logger, config.privacyMode !== true);
  const debug = config.debug ? createDebugLines(logger) : undefined;
  const parts: Omit<ExportParts, 'logContent'> = {
    translate,
    memory,
    observer: {
      onFilterFailed: () => logger.warn(`${packageName}: the filter function failed; its call is not sent`),
      ...(debug ? { onLeftOut: debug.leftOut } : {}),
      onRead: (span, result) => {
        if (result?.type === 'call') incomplete.look(span, result.call.dialect);
      },
    },
    isSpooledFirst: config.spool?.mode === 'always',
    serialised: (translated) => {
      const serialised = delivery.serialised(translated.event.uuid, translated.fitted);
      if (serialised) showEvent(config.onEvent, serialised.json);
      debug?.event(translated, serialised?.json.length);
      return serialised;
    },
    onSelected: debug?.selected,
  };
  let hasLogs = false;
  let ended: Promise<void> | undefined;

  const take: Pipeline['take'] = (spans, onStored) => {
    const startedMs = performance.now();
    // Somebody waits for it: waits before retries must not let the process end, and a freeze must not use the time up.
    const release = clock.keepAwake();
    const extras = ended ? [] : pending.take();
    const account = delivery.ledger.open(spans.length + extras.length);
    const lackOfRoom = (): DropReason => (stopRetrying.signal.aborted ? 'shutdown' : 'overloaded');
    const run = async (): Promise<void> => {
      if (ended) return account.close('shutdown');
      if (!config.enabled) return account.settle('filtered', spans.length + extras.length);
      const deadlineAtMs = clock.monotonicMs() + config.deadlineMs;
      const room = delivery.waitForRoom(() => estimateSpanBytes(spans), deadlineAtMs);
      if (room && !(await room)) return account.close(lackOfRoom());
      const sink = delivery.open(deadlineAtMs, (fate, count) => account.settle(fate, count));
      try {
        await exportBatch(
          sink,
          { spans, extras, account },
          { ...parts, logContent: hasLogs ? logContent : undefined },
        );
      } finally {
        const finished = sink.finish();
        if (onStored) void sink.stored().then((isStored) => isStored && onStored());
        await finished;
      }
      account.close(lackOfRoom());
    };
    const result = run().then(
      () => reported(account, delivery, startedMs),
      (defect: unknown) => {
        account.close('internal');
        return { ...reported(account, delivery, startedMs), defect };
      },
    );
    inFlight.set(result, account);
    void result.finally(() => {
      release();
      inFlight.delete(result);
    });
    return result;
  };

  const takeEvent: Pipeline['takeEvent'] = (event, origin) => {
    if (ended || !config.enabled) return;
    // The scope is known here and now only; the options are applied when the event is sent.
    const allowed = origin?.isPrivate ? clearContent(event, { ...translate, privacyMode: true }) : event;
    if (!pending.add(allowed)) delivery.ledger.pass({ dropped: 'overloaded' });
  };

  const flush = (timeoutMs: number = config.deadlineMs): Promise<'done' | 'late'> => {
    if (pending.size > 0) void take([]);
    return waitAtMost(timeoutMs, Promise.all(inFlight.keys()));
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
    // Whatever comes of it now, nobody will hear of it.
    for (const account of inFlight.values()) account.close('shutdown');
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

function reported(
  account: Account<DropReason>,
  { metrics, why }: DeliverySide,
  startedMs: number,
): Pick<TakeResult, 'losses'> {
  const losses = [...account.dropped()].map(([reason, events]) => ({ reason, events, detail: why(reason) }));
  const errorType = losses[0]?.reason ?? (account.isClean() ? undefined : 'spooled');
  metrics.onExport(performance.now() - startedMs, errorType);
  return { losses };
}

function testConnectionOf(config: ResolvedConfig): Promise<ConnectionResult> {
  const { apiKey, endpoint, timeoutMs, headers, dispatcher } = config;
  return testConnection({ apiKey: apiKey.reveal(), endpoint, timeoutMs, headers, dispatcher });
}
