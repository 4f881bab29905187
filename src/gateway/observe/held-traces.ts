import { estimateSpanBytes } from '../../translate/span/span-bytes.ts';
import type { SpanView } from '../../translate/span/span-view.ts';

/** Spans by their trace, the trace that last got one at the end. */
export interface HeldTraces {
  hold(spans: readonly SpanView[], sender: string): void;
  /** Lets the oldest traces go while there is too much. */
  dropWhile(isTooMuch: () => boolean): void;
  /** The newest trace that has the span. */
  ofSpan(spanId: string): { readonly traceId: string; readonly sender: string } | undefined;
  spansOf(traceId: string): readonly SpanView[];
  readonly bytes: number;
}

interface HeldTrace {
  readonly spans: SpanView[];
  readonly sender: string;
  bytes: number;
}

export function createHeldTraces(): HeldTraces {
  const traces = new Map<string, HeldTrace>();
  let bytes = 0;
  return {
    hold(spans, sender) {
      for (const span of spans) {
        const trace = traces.get(span.traceId) ?? { spans: [], sender, bytes: 0 };
        traces.delete(span.traceId);
        traces.set(span.traceId, trace);
        const size = estimateSpanBytes([span]);
        trace.spans.push(span);
        trace.bytes += size;
        bytes += size;
      }
    },
    dropWhile(isTooMuch) {
      for (const [traceId, trace] of traces) {
        if (!isTooMuch()) return;
        traces.delete(traceId);
        bytes -= trace.bytes;
      }
    },
    ofSpan(spanId) {
      const held = [...traces].findLast(([, { spans }]) => spans.some((span) => span.spanId === spanId));
      return held && { traceId: held[0], sender: held[1].sender };
    },
    spansOf: (traceId) => traces.get(traceId)?.spans ?? [],
    get bytes() {
      return bytes;
    },
  };
}
