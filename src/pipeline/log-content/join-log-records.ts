import { EVALUATION_RECORD } from '../../translate/event/evaluation-event.ts';
import { contentRecordName, joinKeyOf } from '../../translate/span/content-records.ts';
import type { LogRecordView } from '../../translate/span/read-log-record.ts';
import type { OtlpLogRecord } from '../../translate/span/read-otlp-json.ts';
import type { SpanView } from '../../translate/span/span-view.ts';
import { createLogContentStore } from './log-content-store.ts';

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
    const content = toContentRecord(record);
    if (content) store.hold(content);
  }
  return store.join(spans);
}

/** A received log record as one that says something about a model call; `undefined` for records of other kinds. */
export function toContentRecord(record: OtlpLogRecord): LogRecordView | undefined {
  const { traceId = '', spanId = '', attributes } = record;
  const name = contentRecordName([record.name, attributes['event.name']], record.scopeName, record.body);
  const requestId = name === undefined ? undefined : joinKeyOf(name, attributes);
  if (name === undefined || ((traceId === '' || spanId === '') && requestId === undefined)) return undefined;
  return { ...record, name, traceId, spanId, requestId };
}

/** Whether a record is the outcome of a check, which is an event of its own, and no content of a call. */
export function isEvaluationRecord({ name }: LogRecordView): boolean {
  return name === EVALUATION_RECORD;
}
