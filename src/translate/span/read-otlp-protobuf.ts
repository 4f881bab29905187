import { type Attributes, readAnyValue, readAttribute } from './protobuf/read-any-value.ts';
import { createSpanReader } from './protobuf/read-span.ts';
import { type Bookmark, WireReader } from './protobuf/wire-reader.ts';
import { type OtlpLogRecord, type OtlpSpans, toLogRecord } from './read-otlp-json.ts';
import { usableTimeMs } from './read-sdk-span.ts';
import type { AttributeMap, SpanView } from './span-view.ts';

interface Scope {
  name: string;
  version: string | undefined;
}

/**
 * The spans of an OTLP `ExportTraceServiceRequest` in protobuf, in its order. The views are the same, value by value, as
 * those of the same request in JSON. Field numbers: opentelemetry-proto, `trace/v1/trace.proto` and `common/v1/common.proto`.
 *
 * @throws ProtobufError for bytes that are no protobuf message
 */
export function readOtlpProtobuf(bytes: Uint8Array): OtlpSpans {
  const spans: SpanView[] = [];
  let unreadable = 0;
  for (const view of eachOtlpSpan(bytes)) {
    if (view) spans.push(view);
    else unreadable += 1;
  }
  return { spans, unreadable };
}

/**
 * Like {@link readOtlpProtobuf}, one after the other, so that the caller can give way to the event loop meanwhile.
 * Yields `undefined` for a span that cannot be used, since it has no ids.
 */
export function eachOtlpSpan(bytes: Uint8Array): Iterable<SpanView | undefined> {
  return eachScopeItem(bytes, createSpanReader());
}

/**
 * The log records of an OTLP `ExportLogsServiceRequest` in protobuf, in its order. Field numbers: `logs/v1/logs.proto`.
 *
 * @throws ProtobufError for bytes that are no protobuf message
 */
export function readOtlpLogsProtobuf(bytes: Uint8Array): OtlpLogRecord[] {
  return [...eachScopeItem(bytes, (reader, _resource, scope) => readLogRecord(reader, scope.name))];
}

/**
 * Requests for spans and for log records are built alike: resources (1) with a resource (1) and scopes (2), these with a
 * scope (1) and items (2). What an item needs may stand behind it, so items are passed over at first.
 */
function* eachScopeItem<T>(
  bytes: Uint8Array,
  read: (reader: WireReader, resource: AttributeMap, scope: Scope) => T,
): Generator<T> {
  const reader = new WireReader(bytes);
  while (reader.next()) {
    if (reader.bytesField !== 1) {
      reader.skip();
      continue;
    }
    const requestEnd = reader.enter();
    const resource: Attributes = {};
    for (const scopeItems of bookmarks(reader, () => readResource(reader, resource))) {
      const afterResource = reader.enterAt(scopeItems);
      const scope: Scope = { name: '', version: undefined };
      for (const item of bookmarks(reader, () => readScope(reader, scope))) {
        const afterScope = reader.enterAt(item);
        yield read(reader, resource, scope);
        reader.leaveFor(afterScope);
      }
      reader.leaveFor(afterResource);
    }
    reader.leave(requestEnd);
  }
}

/** Where the items (2) of a message stand, after its head (1) was read. */
function bookmarks(reader: WireReader, readHead: () => void): Bookmark[] {
  const found: Bookmark[] = [];
  while (reader.next()) {
    if (reader.bytesField === 2) {
      found.push(reader.bookmark());
    } else if (reader.bytesField === 1) {
      const end = reader.enter();
      readHead();
      reader.leave(end);
    } else {
      reader.skip();
    }
  }
  return found;
}

function readResource(reader: WireReader, attributes: Attributes): void {
  while (reader.next()) {
    if (reader.bytesField === 1) readAttribute(reader, attributes, 0);
    else reader.skip();
  }
}

function readScope(reader: WireReader, scope: Scope): void {
  while (reader.next()) {
    if (reader.bytesField === 1) scope.name = reader.name();
    else if (reader.bytesField === 2) scope.version = reader.name() || undefined;
    else reader.skip();
  }
}

/** Field numbers of `LogRecord`. */
function readLogRecord(reader: WireReader, scopeName: string): OtlpLogRecord {
  let traceId: string | undefined;
  let spanId: string | undefined;
  let eventName: string | undefined;
  let timeMs: number | undefined;
  let observedTimeMs: number | undefined;
  let body: unknown;
  const attributes: Attributes = {};
  while (reader.next()) {
    if (reader.bytesField === 6) readAttribute(reader, attributes, 0);
    else if (reader.bytesField === 5) body = readAnyValue(reader, 0);
    else if (reader.bytesField === 9) traceId = reader.id();
    else if (reader.bytesField === 10) spanId = reader.id();
    else if (reader.bytesField === 12) eventName = reader.name();
    else if (reader.fixed64Field === 1) timeMs = usableTimeMs(reader.nanosAsMs());
    else if (reader.fixed64Field === 11) observedTimeMs = usableTimeMs(reader.nanosAsMs());
    else reader.skip();
  }
  return toLogRecord({
    traceId,
    spanId,
    scopeName,
    eventName,
    timeMs: timeMs ?? observedTimeMs,
    attributes,
    body,
  });
}
