import { type Bookmark, WireReader } from './protobuf/wire-reader.ts';
import {
  isRemoteByFlags,
  KINDS,
  MAX_VALUE_DEPTH,
  type OtlpLogRecord,
  type OtlpSpans,
  STATUS_CODES,
  toLogRecord,
} from './read-otlp-json.ts';
import { usableTimeMs } from './read-sdk-span.ts';
import type { AttributeMap, SpanEventView, SpanView } from './span-view.ts';

type Attributes = Record<string, unknown>;

interface Scope {
  name: string;
  version: string | undefined;
}

const OWN = { configurable: true, enumerable: true, writable: true } as const;

const NO_EVENTS: readonly SpanEventView[] = Object.freeze([]);

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
  return eachScopeItem(bytes, readSpan);
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

/** Field numbers of `Span`. */
function readSpan(
  reader: WireReader,
  resource: AttributeMap,
  scope: SpanView['scope'],
): SpanView | undefined {
  let traceId = '';
  let spanId = '';
  let parentSpanId = '';
  let name = '';
  let kind = 0;
  let startTimeMs: number | undefined;
  let endTimeMs: number | undefined;
  let flags = 0;
  let droppedAttributes = 0;
  let droppedEvents = 0;
  let status: SpanView['status'] | undefined;
  const attributes: Attributes = {};
  let events: SpanEventView[] | undefined;
  while (reader.next()) {
    if (reader.bytesField === 9) {
      readAttribute(reader, attributes, 0);
      continue;
    }
    switch (reader.bytesField) {
      case 1:
        traceId = reader.hex();
        continue;
      case 2:
        spanId = reader.hex();
        continue;
      case 4:
        parentSpanId = reader.hex();
        continue;
      case 5:
        name = reader.name();
        continue;
      case 11:
        events ??= [];
        events.push(readEvent(reader));
        continue;
      case 15:
        status = readStatus(reader);
        continue;
    }
    if (reader.fixed64Field === 7) startTimeMs = usableTimeMs(reader.nanosAsMs());
    else if (reader.fixed64Field === 8) endTimeMs = usableTimeMs(reader.nanosAsMs());
    else if (reader.varintField === 6) kind = reader.int32();
    else if (reader.varintField === 10) droppedAttributes = Math.max(reader.int32(), 0);
    else if (reader.varintField === 12) droppedEvents = Math.max(reader.int32(), 0);
    else if (reader.fixed32Field === 16) flags = reader.fixed32();
    else reader.skip();
  }
  if (traceId === '' || spanId === '') return undefined;
  return {
    traceId,
    spanId,
    // Zeros alone mean none, as in JSON.
    parentSpanId: /^0*$/.test(parentSpanId) ? undefined : parentSpanId,
    parentIsRemote: isRemoteByFlags(flags),
    name,
    kind: KINDS[kind] ?? 'internal',
    droppedAttributes,
    droppedEvents,
    startTimeMs,
    endTimeMs,
    status: status ?? { code: 'unset', message: undefined },
    attributes,
    events: events ?? NO_EVENTS,
    resource,
    scope,
  };
}

function readEvent(reader: WireReader): SpanEventView {
  const outerEnd = reader.enter();
  let name = '';
  let timeMs: number | undefined;
  const attributes: Attributes = {};
  while (reader.next()) {
    if (reader.bytesField === 3) readAttribute(reader, attributes, 0);
    else if (reader.bytesField === 2) name = reader.name();
    else if (reader.fixed64Field === 1) timeMs = usableTimeMs(reader.nanosAsMs());
    else reader.skip();
  }
  reader.leave(outerEnd);
  return { name, timeMs, attributes };
}

function readStatus(reader: WireReader): SpanView['status'] {
  const outerEnd = reader.enter();
  let code = 0;
  let message: string | undefined;
  while (reader.next()) {
    if (reader.bytesField === 2) message = reader.text();
    else if (reader.varintField === 3) code = reader.int32();
    else reader.skip();
  }
  reader.leave(outerEnd);
  return { code: STATUS_CODES[code] ?? 'unset', message };
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
    else if (reader.bytesField === 9) traceId = reader.hex();
    else if (reader.bytesField === 10) spanId = reader.hex();
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

/** A `KeyValue`, which is the value of the field. */
function readAttribute(reader: WireReader, attributes: Attributes, depth: number): void {
  const outerEnd = reader.enter();
  let key = '';
  let value: unknown;
  while (reader.next()) {
    if (reader.bytesField === 1) key = reader.name();
    else if (reader.bytesField === 2) value = readAnyValue(reader, depth);
    else reader.skip();
  }
  reader.leave(outerEnd);
  // Assigned, such a name would change the prototype.
  if (key === '__proto__') Object.defineProperty(attributes, key, { ...OWN, value });
  else if (key !== '') attributes[key] = value;
}

/** An `AnyValue`, which is the value of the field. Levels below the limit are passed over. */
function readAnyValue(reader: WireReader, depth: number): unknown {
  if (depth > MAX_VALUE_DEPTH) {
    reader.skip();
    return undefined;
  }
  const outerEnd = reader.enter();
  let value: unknown;
  while (reader.next()) {
    switch (reader.bytesField) {
      case 1:
        value = reader.text();
        continue;
      case 5:
        value = readArray(reader, depth);
        continue;
      case 6:
        value = readKeyValues(reader, depth);
        continue;
      case 7:
        value = reader.base64();
        continue;
    }
    if (reader.varintField === 2) value = reader.bool();
    else if (reader.varintField === 3) value = reader.int64();
    else if (reader.fixed64Field === 4) value = reader.double();
    else reader.skip();
  }
  reader.leave(outerEnd);
  return value;
}

function readArray(reader: WireReader, depth: number): unknown[] {
  const outerEnd = reader.enter();
  const values: unknown[] = [];
  while (reader.next()) {
    if (reader.bytesField === 1) values.push(readAnyValue(reader, depth + 1));
    else reader.skip();
  }
  reader.leave(outerEnd);
  return values;
}

function readKeyValues(reader: WireReader, depth: number): Attributes {
  const outerEnd = reader.enter();
  const members: Attributes = {};
  while (reader.next()) {
    if (reader.bytesField === 1) readAttribute(reader, members, depth + 1);
    else reader.skip();
  }
  reader.leave(outerEnd);
  return members;
}
