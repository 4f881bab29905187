import { type Context, TraceFlags } from '@opentelemetry/api';
import type { PostHogLLMSpanExporterOptions } from '../../config/options.ts';
import type { SpanProcessorOptions } from '../../config/processor-options.ts';
import { defaultLogger, type Logger } from '../../ledger/log.ts';
import { packageName } from '../../package-info.ts';
import { waitAtMost } from '../../pipeline/wait-at-most.ts';
import { readSpanIds } from '../../translate/span/read-sdk-span.ts';
import type { ReadableSpanLike, SpanProcessorLike, StartedSpanLike } from '../../translate/span/sdk-types.ts';
import { mergeScopes, type PropagatedName, scopeOf, stampScope } from '../../translate/span/trace-scope.ts';
import { sayAtTheEnd, sayNow } from '../exit/at-the-end.ts';
import { PostHogLLMSpanExporter } from '../exporter/exporter.ts';
import { pipelineOf } from '../exporter/pipeline-of.ts';
import { PostHogLLMLogRecordProcessor } from '../logs/log-record-processor.ts';
import { fromBaggage } from '../scope/scope-baggage.ts';
import { adoptSpan } from '../scope/scope-holder.ts';
import { asksForPrivacy, factsOfSpan, isAiSpan, notesOnAncestors } from './ancestor-notes.ts';
import { createExportQueue, type ExportQueue } from './export-queue.ts';
import { createOpenSpans } from './open-spans.ts';
import { readProcessorOptions } from './read-processor-options.ts';
import { describeSpansLeftOpen } from './spans-left-open.ts';

/** Options of the processor, with either an exporter or the options of the exporter that it makes for itself. */
export type PostHogLLMSpanProcessorOptions = SpanProcessorOptions &
  (
    | (PostHogLLMSpanExporterOptions & { readonly exporter?: never })
    // Options of the exporter would have no effect beside one that is made already.
    | ({ readonly exporter: PostHogLLMSpanExporter } & {
        readonly [Name in keyof PostHogLLMSpanExporterOptions]?: never;
      })
  );

function isExporter(value: unknown): value is PostHogLLMSpanExporter {
  return typeof value === 'object' && value !== null && pipelineOf(value) !== undefined;
}

/**
 * The exporter with what an exporter alone cannot do: it notes the scopes of `withTrace` and `setTrace` when spans start,
 * lets spans that are not of AI go before they take room, batches by count and bytes, and knows the ancestors of a
 * span, so that each event names the nearest ancestor that is sent as its parent.
 *
 * Spans are never written to: processors beside it, in whatever order, see what they would see without it.
 *
 * @example
 * new NodeTracerProvider({ spanProcessors: [new PostHogLLMSpanProcessor({ apiKey: 'phc_…' })] }).register();
 */
export class PostHogLLMSpanProcessor implements SpanProcessorLike {
  /** The exporter behind the processor, for `captureFeedback`, `testConnection` and the like. */
  readonly exporter: PostHogLLMSpanExporter;
  readonly #logger: Logger;
  readonly #exportTimeoutMs: number;
  readonly #acceptBaggage: readonly PropagatedName[];
  readonly #flushOnTraceEnd: boolean;
  readonly #open = createOpenSpans();
  readonly #queue: ExportQueue;
  #shutdown: Promise<void> | undefined;

  /**
   * @param options what is not given comes from the environment
   * @throws PostHogLLMConfigError listing everything that is wrong with the configuration
   */
  constructor(options: PostHogLLMSpanProcessorOptions = {}) {
    const { settings, forExporter, warnings } = readProcessorOptions(options, process.env, isExporter);
    this.exporter = forExporter
      ? new PostHogLLMSpanExporter(forExporter)
      : (options as { readonly exporter: PostHogLLMSpanExporter }).exporter;
    this.#logger = pipelineOf(this.exporter)?.config.logger ?? defaultLogger;
    for (const warning of warnings) this.#logger.warn(`${packageName}: ${warning}`);
    sayAtTheEnd(this, {
      waiting: () =>
        this.#logger.warn(
          `${packageName}: still sending ${this.exporter.stats().inFlight} events; Ctrl+C ends it sooner`,
        ),
      over: () => {
        for (const line of describeSpansLeftOpen(this.#open.live())) this.#logger.warn(line);
      },
    });
    this.#exportTimeoutMs = settings.exportTimeoutMs;
    this.#acceptBaggage = settings.acceptBaggage;
    this.#flushOnTraceEnd = settings.flushOnTraceEnd;
    pipelineOf(this.exporter)?.useOpenSpans((traceId, spanId) => {
      const span = this.#open.find({ traceId, spanId })?.span?.deref();
      return span && { isPrivate: asksForPrivacy(span) };
    });
    this.#queue = createExportQueue(settings, {
      send: (entries, done) => {
        pipelineOf(this.exporter)?.noteAncestors(notesOnAncestors(entries.map(({ opened }) => opened)));
        this.exporter.export(
          entries.map(({ span }) => span),
          done,
        );
      },
      onDrop: () => pipelineOf(this.exporter)?.noteSpan('overloaded'),
    });
  }

  /** Notes scope and ancestors. Never throws. */
  onStart(span: StartedSpanLike, parentContext: Context): void {
    if (this.#shutdown) return;
    try {
      this.#stamp(span, parentContext);
      const ids = readSpanIds(span);
      if (ids) this.#open.start(span, ids, scopeOf(span)?.parentSpanId);
    } catch {
      this.#logger.error(`${packageName}: a span could not be noted when it started`);
    }
  }

  /** Takes a finished AI span, lets any other go. Never throws. */
  onEnd(span: ReadableSpanLike): void {
    if (this.#shutdown) return;
    try {
      this.#end(span);
    } catch {
      this.#logger.error(`${packageName}: a finished span could not be taken`);
    }
  }

  /**
   * Resolves when every span taken so far is delivered or given up, at the latest after the exporter's `deadlineMs`; what
   * is not through by then goes on. Never rejects.
   */
  async forceFlush(): Promise<void> {
    const { deadlineMs } = pipelineOf(this.exporter)?.config ?? { deadlineMs: this.#exportTimeoutMs };
    await waitAtMost(
      deadlineMs,
      this.#queue.drain(() => this.exporter.forceFlush()),
    );
  }

  /**
   * Gives the exporter all that waits, then ends it, within the exporter's `shutdownTimeoutMs`. What is not delivered by
   * then is in the spool, or dropped and counted. Idempotent; never rejects.
   */
  shutdown(): Promise<void> {
    this.#shutdown ??= this.#handOverAndEnd();
    return this.#shutdown;
  }

  async #handOverAndEnd(): Promise<void> {
    this.#queue.handOver();
    sayNow(this);
    await this.exporter.shutdown();
  }

  /** The processor for the logs SDK that joins prompts and answers from log records to the spans of this exporter. */
  logRecordProcessor(): PostHogLLMLogRecordProcessor {
    return new PostHogLLMLogRecordProcessor(this.exporter);
  }

  /** AI spans dropped because the queue was full, since the start. */
  get droppedSpans(): number {
    return this.#queue.dropped;
  }

  #stamp(span: StartedSpanLike, parentContext: Context): void {
    const local = adoptSpan(span, parentContext);
    const remote = fromBaggage(parentContext, this.#acceptBaggage);
    const scope = remote ? mergeScopes(remote, local ?? {}) : local;
    // Another processor of ours may have stamped the span, with more than this one lets in.
    if (scope) stampScope(span, mergeScopes(scopeOf(span), scope));
  }

  #end(span: ReadableSpanLike): void {
    const context = span.spanContext();
    const opened = this.#open.end(context);
    // As the SDK's own processors: a span that is recorded but not sampled is not exported.
    const isSampled = (context.traceFlags & TraceFlags.SAMPLED) !== 0;
    const isAi = isSampled && isAiSpan(span);
    if (opened) {
      opened.isAi = isAi;
      if (!isAi && opened.hasChildren) opened.facts = factsOfSpan(span);
    }
    if (isAi) this.#queue.add(span, opened);
    else if (isSampled) pipelineOf(this.exporter)?.noteSpan('filtered');
    if (this.#flushOnTraceEnd && (opened?.isLocalRoot ?? false)) this.#queue.flush();
  }
}
