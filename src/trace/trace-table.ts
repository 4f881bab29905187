import type { CallPrint } from './same-call.ts';

/** Traces remembered at once; the least recently touched is forgotten first. */
const MAX_TRACES = 2_000;

/** Spans remembered of one trace; a longer trace forgets its oldest. */
const MAX_SPANS_PER_TRACE = 5_000;

/** What is known of one trace from the spans seen so far. */
export interface TraceRecord {
  /** Parent by span id, for every span seen that could be an ancestor. `undefined`: the span is a local root. */
  readonly parents: Map<string, string | undefined>;
  /** Spans that some seen span names as its parent. */
  readonly hasChildren: Set<string>;
  /** Spans that were or will be sent. */
  readonly sent: Set<string>;
  /** By span id, the parent that `withTrace` named for the topmost spans of the scope that the span is in. */
  readonly scopeParents: Map<string, string>;
  /** Model calls that were counted, by span id. */
  readonly counted: Map<string, CallPrint>;
  /** The span without local parent has ended, so no unseen ancestor can follow. */
  rootSeen: boolean;
}

/** Bounded memory of traces. */
export interface TraceTable {
  get(traceId: string): TraceRecord | undefined;
  getOrAdd(traceId: string): TraceRecord;
  readonly size: number;
}

export function createTraceTable(maxTraces: number = MAX_TRACES): TraceTable {
  const traces = new Map<string, TraceRecord>();
  let youngest: string | undefined;
  const touch = (traceId: string): TraceRecord | undefined => {
    const record = traces.get(traceId);
    // Spans of one trace mostly come together.
    if (record && traceId !== youngest) {
      // A Map keeps insertion order: putting it back makes it the youngest.
      traces.delete(traceId);
      traces.set(traceId, record);
      youngest = traceId;
    }
    return record;
  };
  return {
    get: touch,
    getOrAdd(traceId) {
      const known = touch(traceId);
      if (known) return known;
      const record: TraceRecord = {
        parents: new Map(),
        hasChildren: new Set(),
        sent: new Set(),
        scopeParents: new Map(),
        counted: new Map(),
        rootSeen: false,
      };
      traces.set(traceId, record);
      youngest = traceId;
      if (traces.size > maxTraces) traces.delete(traces.keys().next().value ?? traceId);
      return record;
    },
    get size() {
      return traces.size;
    },
  };
}

/** Adds a span to its trace's record. */
export function remember(
  record: TraceRecord,
  span: {
    readonly spanId: string;
    readonly parentSpanId?: string | undefined;
    readonly isLocalRoot: boolean;
    readonly scopeParentSpanId?: string | undefined;
  },
  isSent: boolean,
): void {
  const parentSpanId = span.isLocalRoot ? undefined : span.parentSpanId;
  record.parents.set(span.spanId, parentSpanId);
  if (parentSpanId !== undefined) record.hasChildren.add(parentSpanId);
  if (isSent) record.sent.add(span.spanId);
  else record.sent.delete(span.spanId);
  if (span.scopeParentSpanId !== undefined) record.scopeParents.set(span.spanId, span.scopeParentSpanId);
  if (span.isLocalRoot) record.rootSeen = true;
  if (record.parents.size > MAX_SPANS_PER_TRACE) {
    const oldest = record.parents.keys().next().value;
    if (oldest !== undefined) {
      record.parents.delete(oldest);
      record.hasChildren.delete(oldest);
      record.sent.delete(oldest);
      record.scopeParents.delete(oldest);
      record.counted.delete(oldest);
    }
  }
}

/** The nearest ancestor, among those that are known, for which the answer is yes. */
export function nearestAncestor(
  record: TraceRecord,
  spanId: string,
  isWanted: (spanId: string) => boolean,
): string | undefined {
  let ancestor = record.parents.get(spanId);
  // Spans that name each other as parents would go round for ever; and nobody is an ancestor of his own.
  for (let steps = 0; ancestor !== undefined && steps < record.parents.size; steps++) {
    if (ancestor === spanId) return undefined;
    if (isWanted(ancestor)) return ancestor;
    ancestor = record.parents.get(ancestor);
  }
  return undefined;
}

/**
 * The nearest ancestor that is sent.
 * @returns `undefined` when there is none, so that the event hangs below the trace. A parent that has not ended yet is
 * taken for one that will be sent, unless the trace's root has ended already.
 */
export function nearestSentAncestor(record: TraceRecord, spanId: string): string | undefined {
  const { sent, parents, rootSeen } = record;
  const nearest = nearestAncestor(record, spanId, (ancestor) => sent.has(ancestor) || !parents.has(ancestor));
  return nearest !== undefined && !sent.has(nearest) && rootSeen ? undefined : nearest;
}
