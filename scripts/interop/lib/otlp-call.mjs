/** One finished model call in OTLP/JSON, with these attributes beside its own; their values are texts. */
export function otlpCall(traceId, spanId, attributes = {}) {
  const all = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o', ...attributes };
  return {
    traceId,
    spanId,
    name: 'chat gpt-4o',
    kind: 3,
    startTimeUnixNano: '1790000000000000000',
    endTimeUnixNano: '1790000001000000000',
    attributes: Object.entries(all).map(([key, stringValue]) => ({ key, value: { stringValue } })),
  };
}

/** A log record that was written within a span; its body has these members, which are texts. */
export function otlpRecord(traceId, spanId, eventName, body) {
  return {
    traceId,
    spanId,
    eventName,
    timeUnixNano: '1790000000500000000',
    attributes: [{ key: 'event.name', value: { stringValue: eventName } }],
    body: {
      kvlistValue: {
        values: Object.entries(body).map(([key, stringValue]) => ({ key, value: { stringValue } })),
      },
    },
  };
}

/** An `ExportTraceServiceRequest`, as it is sent over HTTP. */
export function otlpRequest(spans, from = {}) {
  return JSON.stringify({ resourceSpans: [sourceOf(from, 'scopeSpans', { spans })] });
}

/** An `ExportLogsServiceRequest`, as it is sent over HTTP. */
export function otlpLogsRequest(logRecords, from = {}) {
  return JSON.stringify({ resourceLogs: [sourceOf(from, 'scopeLogs', { logRecords })] });
}

/** Who has recorded the items. */
function sourceOf({ scope = 'interop', service = 'interop' }, scopes, items) {
  return {
    resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
    [scopes]: [{ scope: { name: scope }, ...items }],
  };
}
