import { usableTimeMs } from './read-sdk-span.ts';
import type { AttributeMap, SpanEventView, SpanKindName, SpanView } from './span-view.ts';

/** By OTLP's enum: 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
const KINDS: readonly SpanKindName[] = ['internal', 'internal', 'server', 'client', 'producer', 'consumer'];
const STATUS_CODES = ['unset', 'ok', 'error'] as const;

/** Bits of `flags`: 8 says that bit 9 is known, 9 that the parent is remote (OTLP `SpanFlags`). */
const HAS_IS_REMOTE = 0x100;
const IS_REMOTE = 0x200;

/** Nested values of a hostile document are cut here. */
const MAX_VALUE_DEPTH = 64;

type Json = Readonly<Record<string, unknown>>;

/**
 * An OTLP/JSON `ExportTraceServiceRequest` as span views, in document order. Parts that are not of the expected shape
 * are passed over.
 */
export function readOtlpJson(document: unknown): SpanView[] {
  const views: SpanView[] = [];
  for (const resourceSpans of list(record(document)?.resourceSpans)) {
    const resource = readAttributes(record(resourceSpans.resource)?.attributes);
    for (const scopeSpans of list(resourceSpans.scopeSpans)) {
      const scopeRecord = record(scopeSpans.scope);
      const scope = { name: text(scopeRecord?.name) ?? '', version: text(scopeRecord?.version) };
      for (const span of list(scopeSpans.spans)) {
        const view = readSpan(span, resource, scope);
        if (view) views.push(view);
      }
    }
  }
  return views;
}

/** A log record with the ids of the span it was emitted in. */
export interface OtlpLogRecord extends SpanEventView {
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
}

/** An OTLP/JSON `ExportLogsServiceRequest` as event views. */
export function readOtlpLogsJson(document: unknown): OtlpLogRecord[] {
  const records: OtlpLogRecord[] = [];
  for (const resourceLogs of list(record(document)?.resourceLogs)) {
    for (const scopeLogs of list(resourceLogs.scopeLogs)) {
      for (const log of list(scopeLogs.logRecords)) {
        const attributes = readAttributes(log.attributes);
        records.push({
          traceId: text(log.traceId)?.toLowerCase(),
          spanId: text(log.spanId)?.toLowerCase(),
          name: text(log.eventName) ?? text(attributes['event.name']) ?? '',
          timeMs: unixNanoToMs(log.timeUnixNano) ?? unixNanoToMs(log.observedTimeUnixNano),
          attributes,
          body: readAnyValue(log.body, 0),
        });
      }
    }
  }
  return records;
}

function readSpan(span: Json, resource: AttributeMap, scope: SpanView['scope']): SpanView | undefined {
  const traceId = text(span.traceId)?.toLowerCase();
  const spanId = text(span.spanId)?.toLowerCase();
  if (!traceId || !spanId) return undefined;
  const status = record(span.status);
  const flags = Number(span.flags ?? 0);
  return {
    traceId,
    spanId,
    parentSpanId: text(span.parentSpanId)?.toLowerCase() || undefined,
    parentIsRemote: (flags & HAS_IS_REMOTE) !== 0 && (flags & IS_REMOTE) !== 0,
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

function readAttributes(value: unknown): AttributeMap {
  // `fromEntries` defines own properties, so a key such as `__proto__` stays harmless.
  return Object.fromEntries(
    list(value).flatMap((pair) => {
      const key = text(pair.key);
      return key === undefined ? [] : [[key, readAnyValue(pair.value, 0)] as const];
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
    return Object.fromEntries(
      list(record(any.kvlistValue)?.values).map((pair) => [
        text(pair.key) ?? '',
        readAnyValue(pair.value, depth + 1),
      ]),
    );
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
  return Array.isArray(value) ? value.filter((item) => record(item) !== undefined) : [];
}

function record(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
