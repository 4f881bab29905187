/** What a span takes besides its texts: objects, times, ids. */
const BARE_SPAN_BYTES = 1024;

/** About the bytes that spans of any SDK hold, from the length of their texts. Never throws. */
export function estimateSpanBytes(spans: readonly unknown[]): number {
  return spans.reduce<number>((sum, span) => sum + BARE_SPAN_BYTES + textLength(span), 0);
}

function textLength(span: unknown): number {
  try {
    const { attributes, events } = span as {
      attributes?: object;
      events?: readonly { attributes?: object }[];
    };
    return [attributes, ...(events ?? []).map((event) => event.attributes)].reduce<number>(
      (sum, each) => sum + lengthOfValues(each ?? {}),
      0,
    );
  } catch {
    return 0;
  }
}

function lengthOfValues(attributes: object): number {
  let length = 0;
  for (const value of Object.values(attributes)) {
    if (typeof value === 'string') length += value.length;
    else if (Array.isArray(value)) for (const item of value) length += String(item).length;
  }
  return length;
}
