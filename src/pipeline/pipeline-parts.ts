import type { ResolvedConfig } from '../config/resolve-config.ts';
import type { Clock } from '../deliver/clock.ts';
import { createQuietAbort } from '../deliver/time-limit.ts';
import { packageName } from '../package-info.ts';
import { readingOptions } from '../translate/read-safely.ts';
import type { SharedReader } from '../translate/reading/shared-reads.ts';
import { createTraceMemory, type TraceMemory } from '../translate/trace/trace-memory.ts';
import { type TranslateOptions, translateOptionsOf } from '../translate/translate-options.ts';
import { assembleDelivery, type DeliverySide, type PipelineSettings } from './assemble-delivery.ts';
import type { ExportParts } from './export-batch.ts';
import { type IncompleteSpans, watchIncompleteSpans } from './incomplete-spans.ts';
import { DEFAULT_LOG_CONTENT_LIMITS } from './log-content/held-records.ts';
import { createLogContentStore, type LogContentStore } from './log-content/log-content-store.ts';
import type { TakenBatch, TakeParts } from './take-batch.ts';
import { waitAtMost } from './wait-at-most.ts';
import { watchTranslation } from './watch-translation.ts';

/** What a pipeline is made of. */
export interface PipelineParts {
  readonly delivery: DeliverySide;
  readonly translate: TranslateOptions;
  readonly memory: TraceMemory;
  readonly logContent: LogContentStore;
  /** Absent unless other pipelines get the same spans. */
  readonly reader: SharedReader | undefined;
  readonly incomplete: IncompleteSpans;
  readonly exporting: Omit<ExportParts, 'logContent'>;
  readonly taking: Omit<TakeParts, 'exporting'>;
  readonly inFlight: Set<TakenBatch>;
  readonly abort: AbortController;
  readonly stopRetrying: AbortController;
}

export function createPipelineParts(
  config: ResolvedConfig,
  clock: Clock,
  settings: PipelineSettings,
): PipelineParts {
  for (const warning of config.warnings) config.logger.warn(`${packageName}: ${warning}`);
  const abort = createQuietAbort();
  const stopRetrying = createQuietAbort();
  const signals = { stop: abort.signal, stopRetrying: stopRetrying.signal };
  const delivery = assembleDelivery(config, clock, signals, settings);
  const { countFrom, maxTraces, sharedReads, isAwaited = false } = settings;
  const translate = translateOptionsOf(config, delivery.maxEventBytes, countFrom);
  const memory = createTraceMemory(maxTraces);
  const reader = config.enabled ? sharedReads?.readerFor(readingOptions(translate)) : undefined;
  const incomplete = watchIncompleteSpans(config.logger, config.privacyMode !== true);
  return {
    delivery,
    translate,
    memory,
    logContent: createLogContentStore(DEFAULT_LOG_CONTENT_LIMITS),
    reader,
    incomplete,
    exporting: {
      ...watchTranslation(config, delivery, incomplete),
      translate,
      memory,
      read: reader?.read,
      isSpooledFirst: config.spool?.mode === 'always',
      isAwaited,
    },
    taking: { config, clock, delivery, stopRetrying: stopRetrying.signal },
    inFlight: new Set(),
    abort,
    stopRetrying,
  };
}

/** Of the time for a shutdown, what is left for writing to the spool when no request came to an end. */
const SPOOLING_MS = 2_000;

/** The same where there is no spool: for counting what is lost, of thousands of events and on a busy machine. */
const COUNTING_MS = 1_000;

/** What is left of it for the process to end: timers come late on a busy machine, and the end takes time itself. */
const ENDING_MS = 250;

/** See `Pipeline.shutdown`. */
export async function endPipeline(
  { shutdownTimeoutMs, spool, logger }: ResolvedConfig,
  { delivery, logContent, inFlight, abort, stopRetrying }: PipelineParts,
  flush: (timeoutMs: number) => Promise<'done' | 'late'>,
): Promise<void> {
  stopRetrying.abort();
  const savingMs = Math.min(shutdownTimeoutMs / 2, spool ? SPOOLING_MS : COUNTING_MS);
  const timer = setTimeout(() => abort.abort(), shutdownTimeoutMs - savingMs);
  const waitingMs = shutdownTimeoutMs - Math.min(shutdownTimeoutMs / 10, ENDING_MS);
  const stopped = delivery.stop();
  const flushed = flush(waitingMs);
  const finished = await waitAtMost(waitingMs, Promise.all([flushed, stopped]));
  clearTimeout(timer);
  abort.abort();
  delivery.close();
  logContent.clear();
  if (finished === 'done' && (await flushed) === 'done') return;
  // What becomes of it from now on is not counted any more.
  for (const batch of inFlight) batch.giveUp();
  logger.warn(`${packageName}: the shutdown could not be completed in time`);
}
