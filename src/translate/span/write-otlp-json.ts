import { KINDS, MAX_VALUE_DEPTH, STATUS_CODES } from './read-otlp-json.ts';
import type { AttributeMap, SpanEventView, SpanView } from './span-view.ts';

/** An OTLP/JSON document with spans, and the log records that were emitted within them; a request of each kind in one. */
export interface OtlpDocument {
  readonly resourceSpans: readonly object[];
  /** Absent when there are none. */
  readonly resourceLogs?: readonly object[];
}

/**
 * Writes span views as OTLP/JSON, so that {@link readOtlpJson} and `readOtlpLogsJson` read the same again: for bug reports,
 * tests and `send`. What no attribute can be (a function, a symbol, what is nested too deeply) becomes empty.
 */
export function writeOtlpJson(spans: readonly SpanView[]): OtlpDocument {
  const groups = groupByOrigin(spans);
  const resourceSpans = groups.map(({ resource, scope, spans: ofScope }) => ({
    resource: { attributes: writeAttributes(resource) },
    scopeSpans: [{ scope, spans: ofScope.map(writeSpan) }],
  }));
  const resourceLogs = groups.flatMap(({ resource, scope, spans: ofScope }) => {
    const logRecords = ofScope.flatMap((span) => span.events.filter(isLogRecord).map(writeLogRecord(span)));
    if (logRecords.length === 0) return [];
    return [{ resource: { attributes: writeAttributes(resource) }, scopeLogs: [{ scope, logRecords }] }];
  });
  return { resourceSpans, ...(resourceLogs.length > 0 ? { resourceLogs } : {}) };
}

interface Group extends Pick<SpanView, 'resource' | 'scope'> {
  readonly spans: SpanView[];
}

/** Views of one request share their resource and scope. */
function groupByOrigin(spans: readonly SpanView[]): readonly Group[] {
  const groups = new Map<AttributeMap, Map<SpanView['scope'], Group>>();
  for (const span of spans) {
    const { resource, scope } = span;
    const ofResource = groups.get(resource) ?? new Map<SpanView['scope'], Group>();
    const group = ofResource.get(scope) ?? { resource, scope, spans: [] };
    group.spans.push(span);
    groups.set(resource, ofResource.set(scope, group));
  }
  return [...groups.values()].flatMap((ofResource) => [...ofResource.values()]);
}

/** Bits of `flags`, see {@link isRemoteByFlags}. */
const LOCAL_PARENT = 0x100;
const REMOTE_PARENT = 0x300;

function writeSpan(span: SpanView): object {
  const { traceId, spanId, parentSpanId, name, status, droppedAttributes, droppedEvents } = span;
  return {
    traceId,
    spanId,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    flags: span.parentIsRemote ? REMOTE_PARENT : LOCAL_PARENT,
    name,
    kind: KINDS.lastIndexOf(span.kind),
    startTimeUnixNano: unixNanoOf(span.startTimeMs),
    endTimeUnixNano: unixNanoOf(span.endTimeMs),
    attributes: writeAttributes(span.attributes),
    ...(droppedAttributes ? { droppedAttributesCount: droppedAttributes } : {}),
    events: span.events
      .filter((event) => !isLogRecord(event))
      .map((event) => ({
        name: event.name,
        timeUnixNano: unixNanoOf(event.timeMs),
        attributes: writeAttributes(event.attributes),
      })),
    ...(droppedEvents ? { droppedEventsCount: droppedEvents } : {}),
    status: { code: STATUS_CODES.indexOf(status.code), message: status.message },
  };
}

/** Events of spans have no body. */
function isLogRecord(event: SpanEventView): boolean {
  return event.body !== undefined;
}

function writeLogRecord({ traceId, spanId }: SpanView) {
  return ({ name, timeMs, attributes, body }: SpanEventView): object => ({
    traceId,
    spanId,
    eventName: name,
    timeUnixNano: unixNanoOf(timeMs),
    attributes: writeAttributes(attributes),
    body: writeAnyValue(body, 0),
  });
}

function writeAttributes(attributes: AttributeMap, depth = 0): object[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: writeAnyValue(value, depth) }));
}

/** An OTLP `AnyValue`; `{}` is its empty value. */
function writeAnyValue(value: unknown, depth: number): object {
  switch (typeof value) {
    case 'string':
      return { stringValue: value };
    case 'boolean':
      return { boolValue: value };
    case 'bigint':
      return { intValue: String(value) };
    case 'number':
      return writeNumber(value);
    case 'object':
      return value === null || depth > MAX_VALUE_DEPTH ? {} : writeObject(value, depth + 1);
    default:
      return {};
  }
}

/** Whole numbers stay whole; JSON has no NaN and no infinity, which OTLP/JSON writes as text. */
function writeNumber(value: number): object {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return { intValue: String(value) };
  return { doubleValue: Number.isFinite(value) ? value : String(value) };
}

function writeObject(value: object, depth: number): object {
  if (value instanceof Uint8Array) return { bytesValue: Buffer.from(value).toString('base64') };
  if (Array.isArray(value))
    return { arrayValue: { values: value.map((item) => writeAnyValue(item, depth)) } };
  return { kvlistValue: { values: writeAttributes(value as AttributeMap, depth) } };
}

function unixNanoOf(timeMs: number | undefined): string | undefined {
  if (timeMs === undefined) return undefined;
  const wholeMs = Math.floor(timeMs);
  // Split, since a double cannot hold nanoseconds since 1970.
  return String(BigInt(wholeMs) * 1_000_000n + BigInt(Math.round((timeMs - wholeMs) * 1e6)));
}
