import type { PropagatedName } from '../translate/span/trace-scope.ts';

/** Options of `PostHogLLMSpanProcessor` itself. Code wins over the environment. */
export interface SpanProcessorOptions {
  /**
   * Milliseconds that a span waits for others at most. A full batch is sent at once, whatever this says.
   *
   * Default: 1000. Environment: `OTEL_BSP_SCHEDULE_DELAY`.
   */
  readonly scheduledDelayMs?: number | undefined;
  /**
   * Spans handed to the exporter at once; 5 MiB of texts make a full batch as well.
   *
   * Default: 512. Environment: `OTEL_BSP_MAX_EXPORT_BATCH_SIZE`.
   */
  readonly maxExportBatchSize?: number | undefined;
  /**
   * AI spans that may wait or be under way; more are dropped and counted.
   *
   * Default: no limit but `maxQueueBytes`. Environment: `OTEL_BSP_MAX_QUEUE_SIZE`.
   */
  readonly maxQueueSize?: number | undefined;
  /**
   * Bytes of text in the spans that wait or are under way (estimated); more are dropped and counted.
   *
   * Default: 67108864 (64 MiB).
   */
  readonly maxQueueBytes?: number | undefined;
  /**
   * Milliseconds for the export of one batch; also `deadlineMs` of an exporter that the processor makes, unless given.
   *
   * Default: 25000. Environment: `OTEL_BSP_EXPORT_TIMEOUT`.
   */
  readonly exportTimeoutMs?: number | undefined;
  /**
   * True sends what waits as soon as the root span of a trace ends, for processes that are frozen between requests.
   *
   * Default: `false`.
   */
  readonly flushOnTraceEnd?: boolean | undefined;
  /**
   * Members of the trace scope that are taken over from the baggage of incoming requests, as `withTrace` with
   * `propagate` writes it. Anyone who can send a request can write baggage.
   *
   * Default: none.
   */
  readonly acceptBaggage?: readonly PropagatedName[] | undefined;
}
