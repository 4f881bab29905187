import { estimateBytes } from '../../json/estimate-bytes.ts';

/** What a span takes besides attributes and events: objects, times, ids. */
const BARE_SPAN_BYTES = 960;

/** A span with more counts as one with this much. */
const MAX_COUNTED_BYTES = 256 * 1024 * 1024;

/** About the bytes that spans of any SDK hold, events and the bodies of log records included. Never throws. */
export function estimateSpanBytes(spans: readonly unknown[]): number {
  return spans.reduce<number>((sum, span) => sum + BARE_SPAN_BYTES + contentBytes(span), 0);
}

function contentBytes(span: unknown): number {
  try {
    const { wireBytes } = span as { readonly wireBytes?: number };
    if (wireBytes !== undefined) return wireBytes;
    const { attributes, events } = span as { readonly attributes?: unknown; readonly events?: unknown };
    return estimateBytes([attributes, events], MAX_COUNTED_BYTES);
  } catch {
    return 0;
  }
}
