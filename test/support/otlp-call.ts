/** One finished model call in OTLP/JSON; the attributes come behind its own. */
export function otlpCall(
  changes: { readonly traceId?: string; readonly spanId?: string; readonly name?: string } = {},
  attributes: readonly object[] = [],
) {
  return {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    name: 'chat gpt-4o',
    startTimeUnixNano: '1790000000000000000',
    endTimeUnixNano: '1790000001000000000',
    ...changes,
    attributes: [
      { key: 'gen_ai.operation.name', value: { stringValue: 'chat' } },
      { key: 'gen_ai.request.model', value: { stringValue: 'gpt-4o' } },
      ...attributes,
    ],
  };
}

const INPUT_TOKENS = { key: 'gen_ai.usage.input_tokens', value: { intValue: '12' } };

/** A call whose ids are made of a number. */
export function numberedCall(number: number) {
  return otlpCall({ traceId: hexOf(number, 32), spanId: hexOf(number, 16) }, [INPUT_TOKENS]);
}

export function hexOf(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

/** An `ExportTraceServiceRequest`. */
export function otlpRequest(spans: readonly object[], scope?: object) {
  return { resourceSpans: [{ scopeSpans: [{ scope, spans }] }] };
}
