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

/** An `ExportTraceServiceRequest`, as it is sent over HTTP. */
export function otlpRequest(spans) {
  return JSON.stringify({ resourceSpans: [{ scopeSpans: [{ scope: { name: 'interop' }, spans }] }] });
}
