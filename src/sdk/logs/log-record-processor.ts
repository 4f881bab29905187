import { type LogRecordView, readLogRecord } from '../../translate/span/read-log-record.ts';

/** What a `LogRecordProcessor` needs of an exporter. */
export interface LogRecordTarget {
  /** Takes a log record that belongs to a GenAI span. Never throws. */
  acceptLogRecord(record: LogRecordView): void;
}

/**
 * A `LogRecordProcessor` for instrumentations that put prompts and answers into log records instead of on their spans
 * (`@opentelemetry/instrumentation-openai` and others). Register it with the logs SDK beside the span exporter:
 *
 * @example
 * const exporter = new PostHogLLMSpanExporter();
 * new NodeSDK({
 *   traceExporter: exporter,
 *   logRecordProcessors: [new PostHogLLMLogRecordProcessor(exporter)],
 * });
 *
 * Records are held in memory, bounded in bytes and age, until the exporter gets their span; in privacy mode none is
 * held. A `gen_ai.evaluation.result` record is sent as `$ai_evaluation`. Other processors see every record unchanged.
 */
export class PostHogLLMLogRecordProcessor {
  readonly #targets: readonly LogRecordTarget[];

  /** @param exporters the exporters that shall have the content; with none, nothing is held */
  constructor(...exporters: readonly LogRecordTarget[]) {
    this.#targets = exporters;
  }

  onEmit(logRecord: unknown): void {
    const record = this.#targets.length === 0 ? undefined : readLogRecord(logRecord);
    if (!record) return;
    for (const target of this.#targets) target.acceptLogRecord(record);
  }

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {}
}
