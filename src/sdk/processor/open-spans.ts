import type { SpanIds } from '../../translate/span/span-view.ts';

/** A span that was started, with the chain of its local ancestors. Outlives its end as long as a child is open. */
export interface OpenSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  /** No parent, or a parent in another process. */
  readonly isLocalRoot: boolean;
  readonly parent: OpenSpan | undefined;
  readonly depth: number;
  /** Parent that `withTrace` named for the topmost spans of its scope. */
  readonly scopeParentSpanId: string | undefined;
  /** The span itself while it is open, to be judged by the attributes it has so far. */
  span: object | undefined;
  /** Known to be of AI; `undefined` while it is open and nothing shows it yet. */
  isAi: boolean | undefined;
}

/** Spans that have started and not ended; bounded. */
export interface OpenSpans {
  /** @param scopeParentSpanId parent that `withTrace` named for the topmost spans of its scope */
  start(span: object, ids: SpanIds, scopeParentSpanId?: string): OpenSpan;
  /** Lets go of a span that ended; `undefined` when it was not seen to start, or forgotten. */
  end(ids: Pick<SpanIds, 'traceId' | 'spanId'>): OpenSpan | undefined;
  readonly size: number;
}

/** Spans that are never ended would pile up; far more than any process has open at once. */
const MAX_OPEN_SPANS = 50_000;

/** Ancestors held by one span. A loop whose every span is the child of the one before would hold all of them. */
const MAX_DEPTH = 1_000;

export function createOpenSpans(maxOpenSpans: number = MAX_OPEN_SPANS): OpenSpans {
  const open = new Map<string, OpenSpan>();
  return {
    start(span, { traceId, spanId, parentSpanId, parentIsRemote }, scopeParentSpanId) {
      const isLocalRoot = parentSpanId === undefined || parentIsRemote;
      const parent = isLocalRoot ? undefined : open.get(keyOf(traceId, parentSpanId));
      const depth = parent && parent.depth < MAX_DEPTH ? parent.depth + 1 : 0;
      const started: OpenSpan = {
        ...{ traceId, spanId, parentSpanId, isLocalRoot, depth, scopeParentSpanId, span },
        parent: depth > 0 ? parent : undefined,
        isAi: undefined,
      };
      open.set(keyOf(traceId, spanId), started);
      if (open.size > maxOpenSpans) open.delete(open.keys().next().value ?? '');
      return started;
    },
    end({ traceId, spanId }) {
      const key = keyOf(traceId, spanId);
      const ended = open.get(key);
      if (ended === undefined) return undefined;
      open.delete(key);
      ended.span = undefined;
      return ended;
    },
    get size() {
      return open.size;
    },
  };
}

function keyOf(traceId: string, spanId: string): string {
  return traceId + spanId;
}
