import type { OtlpLogRecord } from '../../../src/translate/span/read-otlp-json.ts';
import type { SpanView } from '../../../src/translate/span/span-view.ts';

const KINDS = ['internal', 'server', 'client', 'producer', 'consumer'] as const;
const STATUS_CODES = ['unset', 'ok', 'error'] as const;

/** A span as the SDK (2.x) hands it to an exporter, frozen so that nobody can write to it. */
export function toSdkSpan(view: SpanView, links: readonly object[] = []): object {
  const { traceId, spanId, parentSpanId } = view;
  return Object.freeze({
    name: view.name,
    kind: KINDS.indexOf(view.kind),
    spanContext: () => ({ traceId, spanId, traceFlags: 1 }),
    parentSpanContext:
      parentSpanId === undefined
        ? undefined
        : { traceId, spanId: parentSpanId, traceFlags: 1, isRemote: view.parentIsRemote },
    startTime: toHrTime(view.startTimeMs),
    endTime: toHrTime(view.endTimeMs),
    duration: [0, 0],
    ended: true,
    status: { code: STATUS_CODES.indexOf(view.status.code), message: view.status.message },
    attributes: Object.freeze(view.attributes),
    events: view.events.map((event) => Object.freeze({ ...event, time: toHrTime(event.timeMs) })),
    links,
    resource: { attributes: view.resource },
    instrumentationScope: view.scope,
  });
}

/** A log record as the logs SDK hands it to a processor. */
export function toSdkLogRecord(record: OtlpLogRecord): object {
  return {
    eventName: record.name,
    attributes: record.attributes,
    body: record.body,
    hrTime: toHrTime(record.timeMs),
    spanContext: { traceId: record.traceId, spanId: record.spanId, traceFlags: 1 },
    instrumentationScope: { name: 'test' },
  };
}

function toHrTime(timeMs: number | undefined): [number, number] {
  const ms = timeMs ?? 0;
  return [Math.floor(ms / 1000), Math.round((ms % 1000) * 1e6)];
}
