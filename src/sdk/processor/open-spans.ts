import type { SpanIds } from '../../translate/span/span-view.ts';
import type { AncestorNote } from '../../translate/trace/trace-table.ts';

/** A span that was started, with the chain of its local ancestors. Outlives its end as long as a child is open. */
export interface OpenSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  /** No parent, or a parent in another process. */
  readonly isLocalRoot: boolean;
  readonly parent: OpenSpan | undefined;
  readonly depth: number;
  /** By the monotonic clock. */
  readonly startedAtMs: number;
  /** Parent that `withTrace` named for the topmost spans of its scope. */
  readonly scopeParentSpanId: string | undefined;
  /**
   * The span itself while it is open, to be classified by the attributes it has so far. Weak: a span that is never ended, as of
   * a stream that was cut off, is kept alive by nothing, and neither are its attributes.
   */
  span: WeakRef<object> | undefined;
  /** Known to be of AI; `undefined` while it is open and nothing shows it yet. */
  isAi: boolean | undefined;
  /** Some span was started below it. */
  hasChildren: boolean;
  /** What it said when it ended, if it is not sent and spans below it are still open. */
  facts: AncestorNote['facts'];
}

/** Spans that have started and not ended; bounded. */
export interface OpenSpans {
  /** @param scopeParentSpanId parent that `withTrace` named for the topmost spans of its scope */
  start(span: object, ids: SpanIds, scopeParentSpanId?: string): OpenSpan;
  /** A span that has started and not ended. */
  find(ids: Pick<SpanIds, 'traceId' | 'spanId'>): OpenSpan | undefined;
  /** Lets go of a span that ended; `undefined` when it was not seen to start, or forgotten. */
  end(ids: Pick<SpanIds, 'traceId' | 'spanId'>): OpenSpan | undefined;
  /** Those whose object still is in memory. */
  live(): readonly object[];
  readonly size: number;
}

/** Ids of spans that are never ended would pile up; far more than any process has open at once. */
export const MAX_OPEN_SPANS = 50_000;

/** A span that is open for longer is taken for one that is never ended. No model call and few agents run so long. */
export const MAX_OPEN_MS = 60 * 60 * 1000;

/** Spans from one look for old ones to the next; a look may cost as much as a hundred starts. */
const FORGET_EVERY = 1_024;

/** Ancestors held by one span. A loop whose every span is the child of the one before would hold all of them. */
const MAX_DEPTH = 1_000;

/** @param nowMs monotonic */
export function createOpenSpans(
  maxOpenSpans: number = MAX_OPEN_SPANS,
  nowMs: () => number = () => performance.now(),
): OpenSpans {
  const open = new Map<string, OpenSpan>();
  let started = 0;
  const forget = (): void => {
    const startedBeforeMs = nowMs() - MAX_OPEN_MS;
    // Insertion order is age order.
    for (const [key, { startedAtMs }] of open) {
      if (open.size <= maxOpenSpans && startedAtMs >= startedBeforeMs) return;
      open.delete(key);
    }
  };
  return {
    start(span, { traceId, spanId, parentSpanId, parentIsRemote }, scopeParentSpanId) {
      const isLocalRoot = parentSpanId === undefined || parentIsRemote;
      const parent = isLocalRoot ? undefined : open.get(keyOf(traceId, parentSpanId));
      const depth = parent && parent.depth < MAX_DEPTH ? parent.depth + 1 : 0;
      const opened: OpenSpan = {
        ...{ traceId, spanId, parentSpanId, isLocalRoot, depth, scopeParentSpanId },
        span: new WeakRef(span),
        startedAtMs: nowMs(),
        parent: depth > 0 ? parent : undefined,
        isAi: undefined,
        hasChildren: false,
        facts: undefined,
      };
      if (opened.parent) opened.parent.hasChildren = true;
      open.set(keyOf(traceId, spanId), opened);
      started += 1;
      if (open.size > maxOpenSpans || started % FORGET_EVERY === 0) forget();
      return opened;
    },
    find: ({ traceId, spanId }) => open.get(keyOf(traceId, spanId)),
    end({ traceId, spanId }) {
      const key = keyOf(traceId, spanId);
      const ended = open.get(key);
      if (ended === undefined) return undefined;
      open.delete(key);
      ended.span = undefined;
      return ended;
    },
    live: () => [...open.values()].flatMap(({ span }) => span?.deref() ?? []),
    get size() {
      return open.size;
    },
  };
}

function keyOf(traceId: string, spanId: string): string {
  return traceId + spanId;
}
