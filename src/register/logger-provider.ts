import { context, trace } from '@opentelemetry/api';
import type { PostHogLLMLogRecordProcessor } from '../sdk/logs/log-record-processor.ts';

interface EmittedRecord {
  readonly context?: ReturnType<typeof context.active>;
  readonly timestamp?: unknown;
}

/**
 * A logger provider for instrumentations that put content into log records, with no logs SDK behind it: records go to
 * the exporter, to be joined to their spans, and nowhere else.
 */
export function createLoggerProvider(processor: PostHogLLMLogRecordProcessor) {
  return {
    getLogger: (name: string, version?: string) => ({
      enabled: () => true,
      emit: (record: EmittedRecord) => {
        const spanContext = trace.getSpanContext(record.context ?? context.active());
        const nowMs = Date.now();
        const hrTime = [Math.floor(nowMs / 1000), (nowMs % 1000) * 1e6];
        processor.onEmit({ ...record, hrTime, spanContext, instrumentationScope: { name, version } });
      },
    }),
  };
}
