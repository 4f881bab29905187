import protobuf from 'protobufjs';

/**
 * The messages of OTLP with the fields that are read, and one that is not, for a maintained library of Protocol Buffers.
 * Numbers and types: opentelemetry-proto 1.x. It is the oracle of our own reader, and encodes the requests of tests.
 */
const OTLP = protobuf.parse(
  `syntax = "proto3";
message ExportTraceServiceRequest { repeated ResourceSpans resource_spans = 1; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; string schema_url = 3; }
message ExportLogsServiceRequest { repeated ResourceLogs resource_logs = 1; }
message ResourceLogs { Resource resource = 1; repeated ScopeLogs scope_logs = 2; string schema_url = 3; }
message Resource { repeated KeyValue attributes = 1; uint32 dropped_attributes_count = 2; }
message ScopeSpans { InstrumentationScope scope = 1; repeated Span spans = 2; string schema_url = 3; }
message ScopeLogs { InstrumentationScope scope = 1; repeated LogRecord log_records = 2; string schema_url = 3; }
message InstrumentationScope {
  string name = 1; string version = 2; repeated KeyValue attributes = 3; uint32 dropped_attributes_count = 4;
}
message Span {
  bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; bytes parent_span_id = 4; fixed32 flags = 16;
  string name = 5; int32 kind = 6; fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8;
  repeated KeyValue attributes = 9; uint32 dropped_attributes_count = 10;
  repeated Event events = 11; uint32 dropped_events_count = 12; repeated Link links = 13;
  uint32 dropped_links_count = 14; Status status = 15;
}
message Event {
  fixed64 time_unix_nano = 1; string name = 2; repeated KeyValue attributes = 3; uint32 dropped_attributes_count = 4;
}
message Link {
  bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; repeated KeyValue attributes = 4; fixed32 flags = 6;
}
message Status { string message = 2; int32 code = 3; }
message LogRecord {
  fixed64 time_unix_nano = 1; int32 severity_number = 2; string severity_text = 3; AnyValue body = 5;
  repeated KeyValue attributes = 6; uint32 dropped_attributes_count = 7; fixed32 flags = 8; bytes trace_id = 9;
  bytes span_id = 10; fixed64 observed_time_unix_nano = 11; string event_name = 12;
}
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue {
  oneof value {
    string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4;
    ArrayValue array_value = 5; KeyValueList kvlist_value = 6; bytes bytes_value = 7;
  }
}
message ArrayValue { repeated AnyValue values = 1; }
message KeyValueList { repeated KeyValue values = 1; }`,
).root;

const REQUESTS = {
  traces: OTLP.lookupType('ExportTraceServiceRequest'),
  logs: OTLP.lookupType('ExportLogsServiceRequest'),
} as const;

const ID_FIELDS = new Set(['traceId', 'spanId', 'parentSpanId']);

/** An OTLP/JSON request in protobuf. */
export function encodeOtlp(kind: keyof typeof REQUESTS, document: unknown): Uint8Array {
  const type = REQUESTS[kind];
  return type.encode(type.fromObject(withBytes(document) as Record<string, unknown>)).finish();
}

/**
 * A protobuf request as OTLP/JSON, by the library.
 * @throws when the bytes are no such message
 */
export function decodeOtlp(kind: keyof typeof REQUESTS, bytes: Uint8Array): unknown {
  const type = REQUESTS[kind];
  return withHex(type.toObject(type.decode(bytes), { longs: String, bytes: Array, json: false }));
}

/** Ids are hex digits in OTLP/JSON; other bytes are base64, which the library takes. */
function withBytes(value: unknown, key?: string): unknown {
  if (Array.isArray(value)) return value.map((item) => withBytes(item, key));
  if (typeof value === 'string') return key && ID_FIELDS.has(key) ? Buffer.from(value, 'hex') : value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withBytes(member, name)]));
}

function withHex(value: unknown, key?: string): unknown {
  if (Array.isArray(value)) {
    if (key === 'bytesValue') return Buffer.from(value as number[]).toString('base64');
    if (key && ID_FIELDS.has(key)) return Buffer.from(value as number[]).toString('hex');
    return value.map((item) => withHex(item));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withHex(member, name)]));
}
