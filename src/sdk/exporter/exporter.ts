import { randomUUID } from 'node:crypto';
import { traceUrlOf } from '../../config/endpoint.ts';
import type { PostHogLLMSpanExporterOptions } from '../../config/options.ts';
import { resolveConfig } from '../../config/resolve-config.ts';
import type { ConnectionResult } from '../../deliver/connection/connection-result.ts';
import type { ExplanationDisplay } from '../../explain/explain-options.ts';
import { explainSpans, readSdkSpans } from '../../explain/explain-spans.ts';
import type { SpanExplanation } from '../../explain/explanation.ts';
import { packageName } from '../../package-info.ts';
import { createPipelineHere } from '../../pipeline/dev-pipeline.ts';
import type { PostHogLLMExporterStats } from '../../pipeline/exporter-stats.ts';
import type { Pipeline } from '../../pipeline/pipeline.ts';
import type { TakeResult } from '../../pipeline/take-batch.ts';
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
import { urlSafeId } from '../../translate/event/identity.ts';
import type { PostHogEvent } from '../../translate/posthog-event.ts';
import type { LogRecordView } from '../../translate/span/read-log-record.ts';
import { readSdkSpan } from '../../translate/span/read-sdk-span.ts';
import type { ExportResultLike, ReadableSpanLike, SpanExporterLike } from '../../translate/span/sdk-types.ts';
import type { LogRecordTarget } from '../logs/log-record-processor.ts';
import { feedbackHere, isPrivateHere } from '../scope/feedback-here.ts';
import { exportError } from './export-error.ts';
import { type FlushOnceOptions, type FlushOnceResult, flushOnce } from './flush-once.ts';
import { preparedPipeline, setPipeline } from './pipeline-of.ts';

/**
 * Turns finished GenAI spans into PostHog LLM analytics events and delivers them. Put it into any span processor of the
 * OpenTelemetry SDK (1.x, 2.x or 3.x), or give it to `NodeSDK` as `traceExporter`.
 *
 * Spans are never modified, spans that have nothing to do with AI are passed over, and nothing the exporter meets makes
 * it throw into the application; only the constructor throws, on a configuration that cannot work.
 *
 * @example
 * ```ts
 * const provider = new NodeTracerProvider({
 *   spanProcessors: [new BatchSpanProcessor(new PostHogLLMSpanExporter({ apiKey: 'phc_…' }))],
 * });
 * ```
 */
export class PostHogLLMSpanExporter implements SpanExporterLike, LogRecordTarget {
  readonly #pipeline: Pipeline;

  /**
   * @param options see {@link PostHogLLMSpanExporterOptions}; what is not given comes from the environment
   * @throws PostHogLLMConfigError listing everything that is wrong with the configuration
   */
  constructor(options: PostHogLLMSpanExporterOptions = {}) {
    this.#pipeline = preparedPipeline(options) ?? createPipelineHere(resolveConfig(options), process.env);
    setPipeline(this, this.#pipeline);
  }

  /**
   * Delivers the AI spans among the given. The callback is called once: with code 0 when every event was accepted or is
   * safe in the spool (or there was none to send), else with code 1 and a `PostHogLLMExportError` that counts the losses
   * by reason.
   */
  export(spans: readonly ReadableSpanLike[], resultCallback: (result: ExportResultLike) => void): void {
    void exportSpans(this.#pipeline, spans, resultCallback);
  }

  /**
   * Resolves when everything handed over so far has been delivered, spooled or given up, at the latest after
   * `deadlineMs`. Never rejects; `stats()` says what became of it.
   */
  async forceFlush(): Promise<void> {
    await this.#pipeline.flush();
  }

  /**
   * For serverless functions, which are frozen or ended after their answer: has the span processors of the application
   * hand over what they hold, and waits until it is delivered. Await it at the end of each invocation, or give the
   * platform's `waitUntil`. Never rejects; the result says how complete it was.
   * @example
   * await exporter.flushOnce({ timeoutMs: 2_000 });
   * @example
   * exporter.flushOnce({ waitUntil: (work) => ctx.waitUntil(work) });
   */
  flushOnce(options?: FlushOnceOptions): Promise<FlushOnceResult> {
    return flushOnce(this.#pipeline, options);
  }

  /**
   * What became of everything that was handed over, by number. At any moment
   * `seen = delivered + filtered + sampledOut + dropped + spooled + inFlight`.
   */
  stats(): PostHogLLMExporterStats {
    return this.#pipeline.stats();
  }

  /**
   * Takes a log record of a GenAI instrumentation, to join it to its span. Called by `PostHogLLMLogRecordProcessor`.
   * Never throws.
   */
  acceptLogRecord(record: LogRecordView): void {
    this.#pipeline.takeLogRecord(record, { isPrivate: isPrivateHere() });
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
   * Ends the exporter: requests under way may finish, waits before retries end at once, what is not delivered goes to the
   * spool, later exports fail. Takes `shutdownTimeoutMs` at most, and then keeps the process alive no longer. Idempotent;
   * never rejects.
   */
  shutdown(): Promise<void> {
    return this.#pipeline.shutdown();
  }

  /**
   * What this exporter makes of finished spans, and why: which attribute became which property, what was withheld, cut or
   * left out, and by which rule. Nothing is sent, and nothing is remembered of the spans.
   * @param spans one span, or all spans of one export
   * @param display content is shown only with `showContent`
   * @returns one explanation for each readable span, in the same order
   * @example
   * console.log(renderExplanations(exporter.explain(span)));
   */
  explain(
    spans: ReadableSpanLike | readonly ReadableSpanLike[],
    { showContent = false }: ExplanationDisplay = {},
  ): SpanExplanation[] {
    const { translate, config } = this.#pipeline;
    return explainSpans(readSdkSpans(spans), { translate, enabled: config.enabled, showContent });
  }

  /**
   * Verifies endpoint and project API key with PostHog; stores nothing there. Never rejects.
   * @returns the finding as a closed union by `status`, with a message and the next step in words
   */
  testConnection(): Promise<ConnectionResult> {
    return this.#pipeline.testConnection();
  }

  /**
   * Address of a trace in PostHog, to be opened in a browser.
   * @param traceId that of `withTrace` or `currentTraceId()`, else the trace id of its spans
   * @returns `undefined` when it is not known where people look at the events: give the option `uiHost`
   * @example
   * console.log(exporter.traceUrl(currentTraceId()));
   */
  traceUrl(traceId: string | undefined): string | undefined {
    const { endpoint, uiHost } = this.#pipeline.config;
    return traceId === undefined ? undefined : traceUrlOf(urlSafeId(traceId), endpoint, uiHost);
  }

  #capture<T extends FeedbackTarget>(
    feedback: T,
    toEvent: (feedback: T, options: FeedbackOptions) => PostHogEvent | undefined,
  ): boolean {
    const { config } = this.#pipeline;
    if (this.#pipeline.isShutdown() || !config.enabled) return false;
    try {
      const { metadataPrefix, maxMetadataDepth } = config;
      const occasion = { metadataPrefix, maxMetadataDepth, nowMs: Date.now(), id: randomUUID() };
      const event = toEvent(feedbackHere(feedback), occasion);
      if (event) this.#pipeline.takeEvent(event, { isPrivate: isPrivateHere() });
      else config.logger.warn(`${packageName}: feedback without a trace id or a usable value is not sent`);
      return event !== undefined;
    } catch {
      return false;
    }
  }
}

/** Spans of the SDK to the pipeline, and its result to the SDK. */
export async function exportSpans(
  pipeline: Pipeline,
  given: readonly ReadableSpanLike[],
  resultCallback: (result: ExportResultLike) => void,
): Promise<void> {
  // A processor written in JavaScript may hand over nothing at all.
  const spans = Array.isArray(given) ? (given as readonly ReadableSpanLike[]) : [];
  const result = await pipeline.take(spans.map(readSdkSpan));
  try {
    resultCallback(toExportResult(result));
  } catch {
    pipeline.config.logger.error(`${packageName}: the result callback of export threw`);
  }
}

function toExportResult({ losses, defect }: TakeResult): ExportResultLike {
  return losses.length === 0 ? { code: 0 } : { code: 1, error: exportError(losses, defect) };
}
