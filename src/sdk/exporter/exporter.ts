import { randomUUID } from 'node:crypto';
import type { PostHogLLMSpanExporterOptions } from '../../config/options.ts';
import { type ResolvedConfig, resolveConfig } from '../../config/resolve-config.ts';
import { type Clock, systemClock } from '../../deliver/clock.ts';
import type { ConnectionResult } from '../../deliver/connection/connection-result.ts';
import { testConnection } from '../../deliver/connection/test-connection.ts';
import { createQuietAbort } from '../../deliver/time-limit.ts';
import type { DropReason } from '../../ledger/drop-reasons.ts';
import type { Account } from '../../ledger/ledger.ts';
import { packageName } from '../../package-info.ts';
import { assembleDelivery, type DeliverySide } from '../../pipeline/assemble-delivery.ts';
import { fillParcel, type TranslationParts } from '../../pipeline/export-batch.ts';
import { keepInstances } from '../../pipeline/kept-instances.ts';
import { EVALUATION_RECORD, toEvaluationEvent } from '../../translate/event/evaluation-event.ts';
import {
  type Evaluation,
  type Feedback,
  type FeedbackOptions,
  type FeedbackTarget,
  type Metric,
  toEvaluationResult,
  toFeedbackEvent,
  toMetricEvent,
} from '../../translate/event/feedback-event.ts';
import type { PostHogEvent } from '../../translate/event/posthog-event.ts';
import type { LogRecordView } from '../../translate/span/read-log-record.ts';
import type { ExportResultLike, ReadableSpanLike, SpanExporterLike } from '../../translate/span/sdk-types.ts';
import { estimateSpanBytes } from '../../translate/span/span-bytes.ts';
import { createTraceMemory } from '../../translate/trace/resolve-batch.ts';
import { remember } from '../../translate/trace/trace-table.ts';
import { clearContent, type TranslateOptions } from '../../translate/translate-call.ts';
import { createLogContentStore, DEFAULT_LOG_CONTENT_LIMITS } from '../logs/log-content-store.ts';
import type { LogRecordTarget } from '../logs/log-record-processor.ts';
import type { AncestorNote } from '../processor/ancestor-notes.ts';
import { feedbackHere, isPrivateHere } from '../scope/feedback-here.ts';
import { exportError } from './export-error.ts';
import type { PostHogLLMExporterStats } from './exporter-stats.ts';
import { type FlushOnceOptions, type FlushOnceResult, flushOnce } from './flush-once.ts';
import { createWaitingEvents } from './pending-events.ts';
import { waitAtMost } from './wait-at-most.ts';

/**
 * Turns finished GenAI spans into PostHog LLM analytics events and delivers them. Put it into any span processor of the
 * OpenTelemetry SDK (1.x, 2.x or 3.x), or give it to `NodeSDK` as `traceExporter`.
 *
 * Spans are never modified, spans that have nothing to do with AI are passed over, and nothing the exporter meets makes
 * it throw into the application; only the constructor throws, on a configuration that cannot work.
 *
 * @example
 * const provider = new NodeTracerProvider({
 *   spanProcessors: [new BatchSpanProcessor(new PostHogLLMSpanExporter({ apiKey: 'phc_…' }))],
 * });
 */
export class PostHogLLMSpanExporter implements SpanExporterLike, LogRecordTarget {
  readonly #config: ResolvedConfig;
  readonly #translate: TranslateOptions;
  readonly #clock: Clock;
  readonly #delivery: DeliverySide;
  readonly #memory = createTraceMemory();
  readonly #logContent = createLogContentStore(DEFAULT_LOG_CONTENT_LIMITS);
  readonly #waiting = createWaitingEvents(() => this.export([], () => {}));
  #hasLogs = false;
  readonly #inFlight = new Set<Promise<void>>();
  readonly #abort = createQuietAbort();
  readonly #stopRetrying = createQuietAbort();
  #shutdown: Promise<void> | undefined;

  /**
   * @param options see {@link PostHogLLMSpanExporterOptions}; what is not given comes from the environment
   * @throws PostHogLLMConfigError listing everything that is wrong with the configuration
   */
  constructor(options?: PostHogLLMSpanExporterOptions);
  /** @internal */
  constructor(options: PostHogLLMSpanExporterOptions, clock: Clock);
  constructor(options: PostHogLLMSpanExporterOptions = {}, clock: Clock = systemClock) {
    this.#config = resolveConfig(options);
    this.#clock = clock;
    const { logger, warnings } = this.#config;
    for (const warning of warnings) logger.warn(`${packageName}: ${warning}`);
    this.#translate = this.#config;
    this.#delivery = assembleDelivery(this.#config, clock, {
      stop: this.#abort.signal,
      stopRetrying: this.#stopRetrying.signal,
    });
  }

  /**
   * Delivers the AI spans among the given. The callback is called once: with code 0 when every event was accepted or is
   * safe in the spool (or there was none to send), else with code 1 and a `PostHogLLMExportError` that counts the losses
   * by reason.
   */
  export(given: readonly ReadableSpanLike[], resultCallback: (result: ExportResultLike) => void): void {
    const startedMs = performance.now();
    // A processor written in JavaScript may hand over nothing at all.
    const spans = Array.isArray(given) ? (given as readonly ReadableSpanLike[]) : [];
    const extras = this.#shutdown ? [] : this.#waiting.take();
    const account = this.#delivery.ledger.open(spans.length + extras.length);
    const run = this.#run(spans, extras, account).then(
      () => this.#report(account, startedMs, resultCallback),
      (error: unknown) => {
        account.close('internal');
        this.#report(account, startedMs, resultCallback, error);
      },
    );
    this.#inFlight.add(run);
    void run.finally(() => this.#inFlight.delete(run));
  }

  /**
   * Resolves when everything handed over so far has been delivered, spooled or given up, at the latest after
   * `deadlineMs`. Never rejects; {@link stats} tells what became of it.
   */
  async forceFlush(): Promise<void> {
    await this.#settled(this.#config.deadlineMs);
  }

  /**
   * For serverless functions, which are frozen or ended after their answer: has the span processors of the application
   * hand over what they hold, and waits until it is delivered. Await it at the end of each invocation, or give the
   * platform's `waitUntil`. Never rejects; the result tells how complete it was.
   * @example
   * await exporter.flushOnce({ timeoutMs: 2_000 });
   * @example
   * exporter.flushOnce({ waitUntil: (work) => ctx.waitUntil(work) });
   */
  flushOnce(options?: FlushOnceOptions): Promise<FlushOnceResult> {
    const settled = (timeMs: number) => this.#settled(timeMs);
    return flushOnce({ settled, stats: () => this.stats() }, options);
  }

  /**
   * What became of everything that was handed over, by number. At any moment
   * `seen = delivered + filtered + sampledOut + dropped + spooled + inFlight`.
   */
  stats(): PostHogLLMExporterStats {
    return this.#delivery.stats();
  }

  /**
   * Takes a log record of a GenAI instrumentation, to join it to its span. Called by `PostHogLLMLogRecordProcessor`.
   * Never throws.
   */
  acceptLogRecord(record: LogRecordView): void {
    if (this.#shutdown || !this.#config.enabled) return;
    this.#hasLogs = true;
    if (record.name !== EVALUATION_RECORD) {
      // In privacy mode content must not even wait in memory.
      if (this.#config.privacyMode !== true) this.#logContent.hold(record);
      return;
    }
    const event = toEvaluationEvent(record);
    if (event) this.#addEvent(event);
  }

  /**
   * Sends a person's words about an answer as `$ai_feedback`. Inside of `withTrace` or a span, trace, user and session
   * need not be named.
   * @returns false when there is no trace or no text, so that nothing is sent
   * @example
   * exporter.captureFeedback({ traceId, user: 'user_123', text: 'Just what I needed' });
   */
  captureFeedback(feedback: Feedback): boolean {
    return this.#capture(feedback, toFeedbackEvent);
  }

  /**
   * Sends a figure about a trace or call as `$ai_metric`.
   * @returns false when there is no trace, name or value, so that nothing is sent
   * @example
   * exporter.captureMetric({ traceId, name: 'thumbs', value: 'up' });
   */
  captureMetric(metric: Metric): boolean {
    return this.#capture(metric, toMetricEvent);
  }

  /**
   * Sends the outcome of a check of a trace or call as `$ai_evaluation`.
   * @returns false when there is no trace, name or result, so that nothing is sent
   * @example
   * exporter.captureEvaluation({ traceId, spanId, name: 'is-polite', result: true, reasoning: 'No insults.' });
   */
  captureEvaluation(evaluation: Evaluation): boolean {
    return this.#capture(evaluation, toEvaluationResult);
  }

  /**
   * Learns of ancestors of spans that are about to be exported. Called by `PostHogLLMSpanProcessor`, which sees spans
   * start.
   * @internal
   */
  noteAncestors(notes: readonly AncestorNote[]): void {
    for (const note of notes) {
      const record = this.#memory.table.getOrAdd(note.traceId);
      // Of a span that has ended, the export knows better.
      if (note.isOpen || !record.spans.get(note.spanId)?.isSeen) remember(record, note, note.isSent);
    }
  }

  /**
   * Counts a span that was never handed over: of no AI kind, or without room in the queue of a processor.
   * @internal
   */
  noteSpan(fate: 'filtered' | 'overloaded'): void {
    this.#delivery.ledger.pass(fate === 'filtered' ? fate : { dropped: fate });
  }

  /**
   * Ends the exporter: requests under way may finish within their timeout, waits before retries end at once, what is not
   * delivered goes to the spool, later exports fail. Takes `deadlineMs` at most. Idempotent; never rejects.
   */
  shutdown(): Promise<void> {
    this.#shutdown ??= this.#end();
    return this.#shutdown;
  }

  /**
   * Verifies endpoint and project API key with PostHog; stores nothing there. Never rejects.
   * @returns the finding as a closed union by `status`, with a message and the next step in words
   */
  testConnection(): Promise<ConnectionResult> {
    const { apiKey, endpoint, timeoutMs, headers, dispatcher } = this.#config;
    return testConnection({ apiKey: apiKey.reveal(), endpoint, timeoutMs, headers, dispatcher });
  }

  /** Gives every span of an export its fate. */
  async #run(
    spans: readonly ReadableSpanLike[],
    extras: readonly PostHogEvent[],
    account: Account<DropReason>,
  ): Promise<void> {
    if (this.#shutdown) return account.close('shutdown');
    if (!this.#config.enabled) return account.settle('filtered', spans.length + extras.length);
    const deadlineAtMs = this.#clock.monotonicMs() + this.#config.deadlineMs;
    const room = this.#delivery.waitForRoom(() => estimateSpanBytes(spans), deadlineAtMs);
    if (room && !(await room)) return account.close(this.#lackOfRoom());
    const sink = this.#delivery.open(deadlineAtMs, (fate, count) => account.settle(fate, count));
    try {
      await fillParcel(sink, { spans, extras, account }, this.#parts());
    } finally {
      await sink.finish();
    }
    account.close(this.#lackOfRoom());
    // Not in the constructor: by now the code that makes them has run, and takes a fraction of the time.
    keepInstances();
  }

  #capture<T extends FeedbackTarget>(
    judgement: T,
    toEvent: (judgement: T, options: FeedbackOptions) => PostHogEvent | undefined,
  ): boolean {
    if (this.#shutdown || !this.#config.enabled) return false;
    try {
      const occasion = { ...this.#config, nowMs: this.#clock.now(), id: randomUUID() };
      const event = toEvent(feedbackHere(judgement), occasion);
      if (event) this.#addEvent(event);
      else
        this.#config.logger.warn(`${packageName}: feedback without a trace id or a usable value is not sent`);
      return event !== undefined;
    } catch {
      return false;
    }
  }

  #addEvent(event: PostHogEvent): void {
    // The scope is known here and now only; the options are applied when the event is sent.
    const kept = isPrivateHere() ? clearContent(event, { ...this.#translate, privacyMode: true }) : event;
    if (!this.#waiting.add(kept)) this.#delivery.ledger.pass({ dropped: 'overloaded' });
  }

  #parts(): TranslationParts {
    const { choice, spool, logger } = this.#config;
    return {
      translate: this.#translate,
      memory: this.#memory,
      choice,
      logContent: this.#hasLogs ? this.#logContent : undefined,
      isSpooledFirst: spool?.mode === 'always',
      serialise: this.#delivery.serialise,
      onFilterFailed: () => logger.warn(`${packageName}: the filter function failed; its call is not sent`),
    };
  }

  #lackOfRoom(): DropReason {
    return this.#stopRetrying.signal.aborted ? 'shutdown' : 'overloaded';
  }

  #report(
    account: Account<DropReason>,
    startedMs: number,
    resultCallback: (result: ExportResultLike) => void,
    cause?: unknown,
  ): void {
    const dropped = account.dropped();
    const [reason] = dropped.keys();
    const errorType = reason ?? (account.isClean() ? undefined : 'spooled');
    this.#delivery.metrics.onExport(performance.now() - startedMs, errorType);
    try {
      resultCallback(
        dropped.size === 0
          ? { code: 0 }
          : { code: 1, error: exportError(dropped, cause, this.#delivery.why) },
      );
    } catch {
      this.#config.logger.error(`${packageName}: the result callback of export threw`);
    }
  }

  #settled(timeMs: number): Promise<'done' | 'late'> {
    if (this.#waiting.size > 0) this.export([], () => {});
    return waitAtMost(timeMs, Promise.all(this.#inFlight));
  }

  async #end(): Promise<void> {
    const { timeoutMs, deadlineMs, logger } = this.#config;
    this.#stopRetrying.abort();
    const graceMs = Math.min(timeoutMs, Math.max(deadlineMs / 2, deadlineMs - SPOOLING_MS));
    const timer = setTimeout(() => this.#abort.abort(), graceMs).unref();
    const stopped = this.#delivery.stop();
    const end = await waitAtMost(deadlineMs, Promise.all([this.forceFlush(), stopped]));
    clearTimeout(timer);
    this.#abort.abort();
    this.#logContent.clear();
    if (end === 'late') logger.warn(`${packageName}: the shutdown could not be completed in time`);
  }
}

/** Of the time for a shutdown, what is kept for writing to the spool when no request came to an end. */
const SPOOLING_MS = 2_000;
