import { isRecord } from '../../json/is-record.ts';
import { usableTimeMs } from './read-sdk-span.ts';
import type { AttributeMap, SpanEventView, SpanKindName, SpanView } from './span-view.ts';

/** By OTLP's enum: 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
export const KINDS: readonly SpanKindName[] = [
  'internal',
  'internal',
  'server',
  'client',
  'producer',
  'consumer',
];
export const STATUS_CODES = ['unset', 'ok', 'error'] as const;

/** Bits of `flags`: 8 says that bit 9 is known, 9 that the parent is remote (OTLP `SpanFlags`). */
const HAS_IS_REMOTE = 0x100;
const IS_REMOTE = 0x200;

/** Whether a span says of its parent that it lives in another process. */
export function isRemoteByFlags(flags: number): boolean {
  return (flags & HAS_IS_REMOTE) !== 0 && (flags & IS_REMOTE) !== 0;
}

/** Nested values of a hostile document are cut here. */
export const MAX_VALUE_DEPTH = 64;

type Json = Readonly<Record<string, unknown>>;

/** The spans of an OTLP request. */
export interface OtlpSpans {
  /** In the order of the request. */
  readonly spans: readonly SpanView[];
  /** Spans that cannot be used, since they have no ids. */
  readonly unreadable: number;
}

/** The spans of an OTLP/JSON `ExportTraceServiceRequest`. Parts that are not of the expected shape are passed over. */
export function readOtlpJson(document: unknown): SpanView[] {
  return [...readOtlpJsonRequest(document).spans];
}

/** Like {@link readOtlpJson}, and counts what cannot be used. */
export function readOtlpJsonRequest(document: unknown): OtlpSpans {
  const spans: SpanView[] = [];
  let unreadable = 0;
  for (const resourceSpans of list(record(document)?.resourceSpans)) {
    const resource = readAttributes(record(resourceSpans.resource)?.attributes);
    for (const scopeSpans of list(resourceSpans.scopeSpans)) {
      const scopeRecord = record(scopeSpans.scope);
      const scope = { name: text(scopeRecord?.name) ?? '', version: text(scopeRecord?.version) || undefined };
      for (const span of list(scopeSpans.spans)) {
        const view = readSpan(span, resource, scope);
        if (view) spans.push(view);
        else unreadable += 1;
      }
    }
  }
  return { spans, unreadable };
}

/** A log record with the ids of the span it was emitted in. */
export interface OtlpLogRecord extends SpanEventView {
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
  readonly scopeName: string;
}

/** A log record as it stands in a request, in either encoding. */
export interface RawLogRecord extends Omit<OtlpLogRecord, 'name'> {
  /** The field of its own that newer records have for their name. */
  readonly eventName: string | undefined;
}

/** Before log records had names of their own, the name stood in an attribute. */
export function toLogRecord({ eventName, ...record }: RawLogRecord): OtlpLogRecord {
  return { ...record, name: eventName || text(record.attributes['event.name']) || '' };
}

/** An OTLP/JSON `ExportLogsServiceRequest` as event views. */
export function readOtlpLogsJson(document: unknown): OtlpLogRecord[] {
  const records: OtlpLogRecord[] = [];
  for (const resourceLogs of list(record(document)?.resourceLogs)) {
    for (const scopeLogs of list(resourceLogs.scopeLogs)) {
      const scopeName = text(record(scopeLogs.scope)?.name) ?? '';
      for (const log of list(scopeLogs.logRecords)) {
        records.push(
          toLogRecord({
            traceId: idOf(log.traceId),
            spanId: idOf(log.spanId),
            scopeName,
            eventName: text(log.eventName),
            timeMs: unixNanoToMs(log.timeUnixNano) ?? unixNanoToMs(log.observedTimeUnixNano),
            attributes: readAttributes(log.attributes),
            body: readAnyValue(log.body, 0),
          }),
        );
      }
    }
  }
  return records;
}

function readSpan(span: Json, resource: AttributeMap, scope: SpanView['scope']): SpanView | undefined {
  const traceId = idOf(span.traceId);
  const spanId = idOf(span.spanId);
  if (!traceId || !spanId) return undefined;
  const status = record(span.status);
  return {
    traceId,
    spanId,
    parentSpanId: idOf(span.parentSpanId),
    parentIsRemote: isRemoteByFlags(Number(span.flags ?? 0)),
    name: text(span.name) ?? '',
    kind:
      KINDS[
        enumNumber(span.kind, 'SPAN_KIND_', [
          'UNSPECIFIED',
          'INTERNAL',
          'SERVER',
          'CLIENT',
          'PRODUCER',
          'CONSUMER',
        ])
      ] ?? 'internal',
    droppedAttributes: countOr0(span.droppedAttributesCount),
    droppedEvents: countOr0(span.droppedEventsCount),
    startTimeMs: unixNanoToMs(span.startTimeUnixNano),
    endTimeMs: unixNanoToMs(span.endTimeUnixNano),
    status: {
      code: STATUS_CODES[enumNumber(status?.code, 'STATUS_CODE_', ['UNSET', 'OK', 'ERROR'])] ?? 'unset',
      message: text(status?.message),
    },
    attributes: readAttributes(span.attributes),
    events: list(span.events).map((event) => ({
      name: text(event.name) ?? '',
      timeMs: unixNanoToMs(event.timeUnixNano),
      attributes: readAttributes(event.attributes),
    })),
    resource,
    scope,
  };
}

/** Enums may be numbers or their proto names. */
function enumNumber(value: unknown, prefix: string, names: readonly string[]): number {
  return typeof value === 'string' ? names.indexOf(value.replace(prefix, '')) : Number(value ?? 0);
}

/** A list of `KeyValue`; what has no name is passed over. */
function readAttributes(value: unknown, depth = 0): AttributeMap {
  // `fromEntries` defines own properties, so a key such as `__proto__` stays harmless.
  return Object.fromEntries(
    list(value).flatMap((pair) => {
      const key = text(pair.key);
      return key ? [[key, readAnyValue(pair.value, depth)] as const] : [];
    }),
  );
}

function readAnyValue(value: unknown, depth: number): unknown {
  const any = record(value);
  if (!any || depth > MAX_VALUE_DEPTH) return undefined;
  if (any.stringValue !== undefined) return any.stringValue;
  if (any.boolValue !== undefined) return any.boolValue;
  if (any.intValue !== undefined) return Number(any.intValue);
  if (any.doubleValue !== undefined) return Number(any.doubleValue);
  if (any.bytesValue !== undefined) return any.bytesValue;
  if (any.arrayValue !== undefined) {
    return list(record(any.arrayValue)?.values).map((item) => readAnyValue(item, depth + 1));
  }
  if (any.kvlistValue !== undefined) {
    return readAttributes(record(any.kvlistValue)?.values, depth + 1);
  }
  return undefined;
}

function unixNanoToMs(value: unknown): number | undefined {
  if (typeof value === 'number') return usableTimeMs(value / 1e6);
  if (typeof value !== 'string' || !/^\d{1,20}$/.test(value)) return undefined;
  const nanos = BigInt(value);
  // Split, since a double cannot hold nanoseconds since 1970.
  return usableTimeMs(Number(nanos / 1_000_000n) + Number(nanos % 1_000_000n) / 1e6);
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function record(value: unknown): Json | undefined {
  return isRecord(value) ? value : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function countOr0(value: unknown): number {
  const count = Number(value ?? 0);
  return count > 0 ? count : 0;
}

/**
 * An id of a trace or span. Hexadecimal digits in lower case, as everywhere else; other ids (OpenRouter hands on the
 * application's own) as they are; zeros alone mean none.
 */
function idOf(value: unknown): string | undefined {
  const id = text(value);
  if (!id || /^0+$/.test(id)) return undefined;
  return /^[0-9a-f]+$/i.test(id) ? id.toLowerCase() : id;
}
