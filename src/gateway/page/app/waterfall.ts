import type { WaterfallSpan } from '../api-answers.ts';

/** A line of the waterfall: where it is indented to, and its bar in percent of the whole time. */
export interface WaterfallLine {
  readonly span: WaterfallSpan;
  readonly depth: number;
  readonly left: number;
  readonly width: number;
  readonly durationMs: number | undefined;
}

/** Bars that would be too small to see. */
const MIN_WIDTH = 0.4;

/** Spans below their parents, brothers by time. A span whose parent is not among them stands at the margin. */
export function waterfallLines(spans: readonly WaterfallSpan[]): readonly WaterfallLine[] {
  const known = new Set(spans.map(({ spanId }) => spanId));
  const children = new Map<string | undefined, WaterfallSpan[]>();
  for (const span of spans) {
    const { parentSpanId } = span;
    const parent = parentSpanId !== undefined && known.has(parentSpanId) ? parentSpanId : undefined;
    children.set(parent, [...(children.get(parent) ?? []), span]);
  }
  const starts = spans.flatMap(({ startMs }) => startMs ?? []);
  const ends = spans.flatMap(({ endMs }) => endMs ?? []);
  const firstMs = Math.min(...starts);
  const wholeMs = Math.max(Math.max(...ends) - firstMs, 0.001);
  const lines: WaterfallLine[] = [];
  const seen = new Set<string>();
  const add = (span: WaterfallSpan, depth: number): void => {
    // A trace may be damaged: the same id twice, or parents in a circle.
    if (seen.has(span.spanId)) return;
    seen.add(span.spanId);
    lines.push(lineOf(span, depth, firstMs, wholeMs));
    for (const child of byStart(children.get(span.spanId) ?? [])) add(child, depth + 1);
  };
  for (const root of byStart(children.get(undefined) ?? [])) add(root, 0);
  for (const span of spans) add(span, 0);
  return lines;
}

function byStart(spans: readonly WaterfallSpan[]): readonly WaterfallSpan[] {
  return spans.toSorted((a, b) => (a.startMs ?? 0) - (b.startMs ?? 0));
}

function lineOf(span: WaterfallSpan, depth: number, firstMs: number, wholeMs: number): WaterfallLine {
  const { startMs, endMs } = span;
  if (startMs === undefined || endMs === undefined) {
    return { span, depth, left: 0, width: 0, durationMs: undefined };
  }
  const durationMs = Math.max(endMs - startMs, 0);
  const width = Math.min(Math.max((100 * durationMs) / wholeMs, MIN_WIDTH), 100);
  const left = Math.min(Math.max((100 * (startMs - firstMs)) / wholeMs, 0), 100 - width);
  return { span, depth, left, width, durationMs };
}
