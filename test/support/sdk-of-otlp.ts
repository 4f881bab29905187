/**
 * OTLP/JSON as the objects that OpenTelemetry's SDK 2.x would hand to an exporter, for tests that compare what came over a
 * wire with what was there before.
 */

type Json = Readonly<Record<string, unknown>>;

const objects = (value: unknown): readonly Json[] => (Array.isArray(value) ? (value as Json[]) : []);
const object = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});

/** `ReadableSpan`s of an `ExportTraceServiceRequest`. */
export function sdkSpansOfOtlp(document: object): object[] {
  return objects(object(document).resourceSpans).flatMap((group) => {
    const resource = { attributes: attributesOf(object(group.resource).attributes) };
    return objects(group.scopeSpans).flatMap(({ scope, spans }) => {
      const instrumentationScope = object(scope);
      return objects(spans).map((span) => ({ ...sdkSpan(span), resource, instrumentationScope }));
    });
  });
}

/** `ReadableLogRecord`s of an `ExportLogsServiceRequest`. */
export function sdkLogRecordsOfOtlp(document: object): object[] {
  return objects(object(document).resourceLogs).flatMap((group) =>
    objects(group.scopeLogs).flatMap(({ scope, logRecords }) =>
      objects(logRecords).map((record) => ({
        eventName: record.eventName,
        attributes: attributesOf(record.attributes),
        body: anyValueOf(record.body),
        hrTime: hrTime(record.timeUnixNano ?? record.observedTimeUnixNano),
        spanContext: { traceId: record.traceId, spanId: record.spanId },
        instrumentationScope: object(scope),
      })),
    ),
  );
}

/** The flags say that it is known whether the parent is remote, and that it is (opentelemetry-proto, `SpanFlags`). */
const REMOTE_FLAGS = 0x300;

function sdkSpan(span: Json): Json {
  const { traceId, spanId, parentSpanId, flags, kind } = span;
  const isRemote = (Number(flags ?? 0) & REMOTE_FLAGS) === REMOTE_FLAGS;
  const isRoot = typeof parentSpanId !== 'string' || /^0*$/.test(parentSpanId);
  return {
    name: span.name,
    // The API counts from 0, OTLP from 1.
    kind: Math.max(Number(kind ?? 1) - 1, 0),
    spanContext: () => ({ traceId, spanId }),
    ...(isRoot ? {} : { parentSpanContext: { traceId, spanId: parentSpanId, isRemote } }),
    startTime: hrTime(span.startTimeUnixNano),
    endTime: hrTime(span.endTimeUnixNano),
    status: { code: 0, ...object(span.status) },
    attributes: attributesOf(span.attributes),
    events: objects(span.events).map(({ name, timeUnixNano, attributes }) => ({
      name,
      time: hrTime(timeUnixNano),
      attributes: attributesOf(attributes),
    })),
    droppedAttributesCount: span.droppedAttributesCount ?? 0,
    droppedEventsCount: span.droppedEventsCount ?? 0,
  };
}

function hrTime(nanoseconds: unknown): [number, number] {
  const whole = BigInt(String(nanoseconds ?? 0));
  return [Number(whole / 1_000_000_000n), Number(whole % 1_000_000_000n)];
}

function attributesOf(list: unknown): Json {
  return Object.fromEntries(objects(list).map(({ key, value }) => [String(key), anyValueOf(value)]));
}

function anyValueOf(any: unknown): unknown {
  const value = object(any);
  if ('intValue' in value) return Number(value.intValue);
  if ('arrayValue' in value) return objects(object(value.arrayValue).values).map(anyValueOf);
  if ('kvlistValue' in value) return attributesOf(object(value.kvlistValue).values);
  if ('bytesValue' in value) return Uint8Array.from(Buffer.from(String(value.bytesValue), 'base64'));
  return value.stringValue ?? value.boolValue ?? value.doubleValue;
}
