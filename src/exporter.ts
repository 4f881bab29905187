import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { PostHogLLMSpanExporterOptions } from './config/options.ts';
import { type ResolvedConfig, resolveConfig } from './config/resolve-config.ts';
import type { ConnectionResult } from './connection/connection-result.ts';
import { testConnection } from './connection/test-connection.ts';
import { withLogContent } from './context/await-log-content.ts';
import { createLogContentStore, DEFAULT_LOG_CONTENT_LIMITS } from './context/log-content-store.ts';
import type { LogRecordTarget } from './context/log-record-processor.ts';
import { systemClock } from './deliver/clock.ts';
import { createPostHogDelivery, type PostHogDelivery } from './deliver/posthog-delivery.ts';
import type { SerialisedEvent } from './deliver/transport.ts';
import { createUndiciTransport } from './deliver/undici-transport.ts';
import { EVALUATION_RECORD, toEvaluationEvent } from './event/evaluation-event.ts';
import type { PostHogEvent } from './event/posthog-event.ts';
import { type DropReason, PostHogLLMExportError } from './export-error.ts';
import { fitEvent, fitSerialised } from './limits/fit-event.ts';
import { packageName, packageVersion } from './package-info.ts';
import type { LogRecordView } from './span/read-log-record.ts';
import { readSdkSpan } from './span/read-sdk-span.ts';
import type { SpanView } from './span/span-view.ts';
import { createSlicer } from './telemetry/yield-to-event-loop.ts';
import { createTraceMemory } from './trace/settle-batch.ts';
import { clearContent, createSpanSorter, type TranslateOptions, translateCall } from './translate.ts';

/** `ExportResult` of OpenTelemetry: 0 is success, 1 is failure. */
type ExportResult = { code: 0 | 1; error?: Error };

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
export class PostHogLLMSpanExporter implements SpanExporter, LogRecordTarget {
  readonly #config: ResolvedConfig;
  readonly #translate: TranslateOptions;
  readonly #delivery: PostHogDelivery;
  readonly #memory = createTraceMemory();
  readonly #logContent = createLogContentStore(DEFAULT_LOG_CONTENT_LIMITS);
  /** Events that belong to no span, waiting for the next export or flush. */
  readonly #extraEvents: PostHogEvent[] = [];
  #hasLogs = false;
  readonly #inFlight = new Set<Promise<void>>();
  readonly #abort = new AbortController();
  readonly #stopRetrying = new AbortController();
  #shutdown: Promise<void> | undefined;

  /**
   * @param options see {@link PostHogLLMSpanExporterOptions}; what is not given comes from the environment
   * @throws PostHogLLMConfigError listing everything that is wrong with the configuration
   */
  constructor(options: PostHogLLMSpanExporterOptions = {}) {
    this.#config = resolveConfig(options);
    const { apiKey, endpoint, compression, maxBatchBytes, maxRetries, logger } = this.#config;
    for (const warning of this.#config.warnings) logger.warn(`${packageName}: ${warning}`);
    this.#translate = { ...this.#config, content: { media: 'remove' } };
    this.#delivery = createPostHogDelivery({
      apiKey: apiKey.reveal(),
      endpoint,
      transport: createUndiciTransport({ ...this.#config, userAgent: `${packageName}/${packageVersion}` }),
      compression,
      maxBatchBytes,
      maxRetries,
      clock: systemClock,
      logger,
    });
  }

  /**
   * Delivers the AI spans among the given. The callback is called once: with code 0 when every event was accepted (or
   * there was none to send), else with code 1 and a `PostHogLLMExportError` that counts the losses by reason.
   */
  export(spans: readonly ReadableSpan[], resultCallback: (result: ExportResult) => void): void {
    const run = this.#run(spans).then(
      (dropped) => this.#report(dropped, resultCallback),
      (error: unknown) => this.#report(new Map([['internal', spans.length]]), resultCallback, error),
    );
    this.#inFlight.add(run);
    void run.finally(() => this.#inFlight.delete(run));
  }

  /** Resolves when everything handed over so far has been delivered or given up. Never rejects. */
  async forceFlush(): Promise<void> {
    if (this.#extraEvents.length > 0) this.export([], () => {});
    await keepingAlive(Promise.all(this.#inFlight));
  }

  /**
   * Takes a log record of a GenAI instrumentation, to join it to its span. Called by `PostHogLLMLogRecordProcessor`.
   * Never throws.
   * @internal
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
    if (event && this.#extraEvents.length < MAX_EXTRA_EVENTS) this.#extraEvents.push(event);
  }

  /**
   * Ends the exporter: requests under way may finish within their timeout, waits before retries end at once, later
   * exports fail. Idempotent; never rejects.
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

  /** Span by span to events, and events to PostHog as soon as a batch is full. Gives losses by reason. */
  async #run(spans: readonly ReadableSpan[]): Promise<Dropped> {
    const dropped: Dropped = new Map();
    if (this.#shutdown) return dropped.set('shutdown', spans.length);
    if (!this.#config.enabled) return dropped;
    const deadlineAtMs = systemClock.now() + this.#config.deadlineMs;
    const giveWay = createSlicer();

    const sorter = createSpanSorter(this.#translate);
    for (const view of await this.#read(spans)) {
      sorter.add(view);
      const pause = giveWay();
      if (pause) await pause;
    }

    const deliveries: Promise<void>[] = [];
    let batch: SerialisedEvent[] = [];
    let batchBytes = 0;
    const send = () => {
      if (batch.length > 0) deliveries.push(this.#deliver(batch, deadlineAtMs, dropped));
      batch = [];
      batchBytes = 0;
    };
    const add = (translate: () => PostHogEvent) => {
      const serialised = this.#serialise(translate);
      if (!serialised) {
        count(dropped, 'not-serialisable');
        return;
      }
      batch.push(serialised);
      batchBytes += serialised.json.length;
      if (batchBytes >= this.#config.maxBatchBytes) send();
    };
    for (const event of this.#extraEvents.splice(0)) add(() => clearContent(event, this.#translate));
    for (const call of sorter.settle(this.#memory)) {
      add(() => translateCall(call, this.#translate));
      const pause = giveWay();
      if (pause) await pause;
    }
    send();
    await Promise.all(deliveries);
    return dropped;
  }

  async #read(spans: readonly ReadableSpan[]): Promise<readonly SpanView[]> {
    const views = spans.map(readSdkSpan).filter((view) => view !== undefined);
    return this.#hasLogs ? withLogContent(views, this.#logContent) : views;
  }

  #serialise(translate: () => PostHogEvent): SerialisedEvent | undefined {
    try {
      const event = translate();
      const fitted = fitEvent(event, this.#delivery.maxEventBytes());
      return 'json' in fitted ? { uuid: event.uuid, json: fitted.json } : undefined;
    } catch {
      // One event that cannot be made must not cost its neighbours.
      return undefined;
    }
  }

  async #deliver(batch: readonly SerialisedEvent[], deadlineAtMs: number, dropped: Dropped): Promise<void> {
    const { failed } = await this.#delivery.deliver(batch, {
      deadlineAtMs,
      signal: this.#abort.signal,
      stopRetrying: this.#stopRetrying.signal,
      shrink: shrinkEvent,
    });
    for (const { reason } of failed) count(dropped, reason);
  }

  #report(dropped: Dropped, resultCallback: (result: ExportResult) => void, cause?: unknown): void {
    const result: ExportResult =
      dropped.size === 0 ? { code: 0 } : { code: 1, error: toError(dropped, cause) };
    if (result.error) this.#config.logger.warn(`${packageName}: ${result.error.message}`);
    try {
      resultCallback(result);
    } catch {
      this.#config.logger.error(`${packageName}: the result callback of export threw`);
    }
  }

  async #end(): Promise<void> {
    this.#stopRetrying.abort();
    const timer = setTimeout(() => this.#abort.abort(), this.#config.timeoutMs).unref();
    await this.forceFlush();
    clearTimeout(timer);
    this.#logContent.clear();
  }
}

/** Events without a span that wait; more than that in one batch interval is no application's intent. */
const MAX_EXTRA_EVENTS = 10_000;

/** For a PostHog without AI route, or with smaller limits than usual: the event is cut further. */
function shrinkEvent({ uuid, json }: SerialisedEvent, maxEventBytes: number): SerialisedEvent | undefined {
  const fitted = fitSerialised(json, maxEventBytes);
  return 'json' in fitted ? { uuid, json: fitted.json } : undefined;
}

/** Whoever awaits a flush wants it done; without a live timer Node would end the process in the midst of it. */
async function keepingAlive(work: Promise<unknown>): Promise<void> {
  const timer = setInterval(() => {}, 60_000);
  try {
    await work;
  } finally {
    clearInterval(timer);
  }
}

type Dropped = Map<DropReason, number>;

function count(dropped: Dropped, reason: DropReason): void {
  dropped.set(reason, (dropped.get(reason) ?? 0) + 1);
}

function toError(dropped: Dropped, cause: unknown): PostHogLLMExportError {
  const total = [...dropped.values()].reduce((sum, number) => sum + number, 0);
  const reasons = [...dropped].map(([reason, number]) => `${reason}: ${number}`).join(', ');
  const kind = cause instanceof Error ? ` (${cause.name})` : '';
  return new PostHogLLMExportError(
    `${total} ${total === 1 ? 'event was' : 'events were'} not delivered (${reasons})${kind}`,
    Object.fromEntries(dropped),
  );
}
