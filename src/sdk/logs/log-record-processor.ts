import { type LogRecordView, readLogRecord } from '../../translate/span/read-log-record.ts';
import type { LogRecordProcessorLike } from '../../translate/span/sdk-types.ts';

/** What a `LogRecordProcessor` needs of an exporter. */
export interface LogRecordTarget {
  /** Takes a log record that belongs to a GenAI span. Never throws. */
  acceptLogRecord(record: LogRecordView): void;
}

/** Whose log records are wanted: an exporter, or the span processor that stands before one. */
export type LogRecordSource = LogRecordTarget | { readonly exporter: LogRecordTarget };

/**
 * A `LogRecordProcessor` for instrumentations that put prompts and answers into log records instead of on their spans
 * (`@opentelemetry/instrumentation-openai` and others). Register it with the logs SDK beside the span processor;
 * `processor.logRecordProcessor()` makes one for a single destination.
 *
 * Records are held in memory, bounded in bytes and age, until the exporter gets their span; in privacy mode none is
 * held. A `gen_ai.evaluation.result` record is sent as `$ai_evaluation`. Other processors see every record unchanged.
 *
 * @example
 * ```ts
 * const us = new PostHogLLMSpanProcessor({ endpoint: 'us' });
 * const eu = new PostHogLLMSpanProcessor({ endpoint: 'eu' });
 * new NodeSDK({
 *   spanProcessors: [us, eu],
 *   logRecordProcessors: [new PostHogLLMLogRecordProcessor(us, eu)],
 * });
 * ```
 */
export class PostHogLLMLogRecordProcessor implements LogRecordProcessorLike {
  readonly #targets: readonly LogRecordTarget[];

  /**
   * @param sources the span processors or exporters that shall have the content; with none, nothing is held
   * @throws TypeError when one of them is neither
   */
  constructor(...sources: readonly LogRecordSource[]) {
    this.#targets = sources.map(targetOf);
  }

  onEmit(logRecord: unknown): void {
    const record = this.#targets.length === 0 ? undefined : readLogRecord(logRecord);
    if (!record) return;
    for (const target of this.#targets) target.acceptLogRecord(record);
  }

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {}
}

function targetOf(source: LogRecordSource): LogRecordTarget {
  // Not `instanceof`: there may be two copies of this package in the process.
  const target: Partial<LogRecordTarget> | undefined =
    source && 'exporter' in source ? source.exporter : source;
  if (typeof target?.acceptLogRecord === 'function') return target as LogRecordTarget;
  throw new TypeError(
    'new PostHogLLMLogRecordProcessor() takes PostHogLLMSpanProcessor or PostHogLLMSpanExporter, one or several.',
  );
}
