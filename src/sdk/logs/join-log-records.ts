import type { OtlpLogRecord } from '../../translate/span/read-otlp-json.ts';
import type { SpanView } from '../../translate/span/span-view.ts';
import { createLogContentStore } from './log-content-store.ts';

/** Names of the records that GenAI instrumentations write begin so. */
const GEN_AI_RECORD = 'gen_ai.';

/**
 * Spans of a document with their log records of another, by the same rule as the exporter joins them.
 * @returns the spans in their order; a record of a span that is not among them is passed over
 */
export function joinLogRecords(spans: readonly SpanView[], records: readonly OtlpLogRecord[]): SpanView[] {
  // Both documents are in memory already, so nothing is gained by a bound.
  const store = createLogContentStore({
    maxHeldBytes: Number.POSITIVE_INFINITY,
    maxAgeMs: Number.POSITIVE_INFINITY,
  });
  for (const record of records) {
    const { traceId, spanId } = record;
    if (traceId === undefined || spanId === undefined || !record.name.startsWith(GEN_AI_RECORD)) continue;
    store.hold({ ...record, traceId, spanId, scopeName: '' });
  }
  return spans.map((span) => store.join(span));
}
