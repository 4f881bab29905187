import type { LlmCall } from '../call/llm-call.ts';
import type { SpanFacts } from '../call/span-facts.ts';
import { type AgreedIdentity, agree } from './agreed-identity.ts';
import { createGenerations, type Generations } from './generations.ts';
import type { CallFingerprint } from './same-call.ts';

/**
 * Traces remembered at most, and at least the half of them that was asked for last: more than the spans that are looked
 * at together (see `pipeline/export-batch.ts`), so that none is forgotten meanwhile.
 */
export const MAX_TRACES = 2_500;

/** Spans remembered of one trace; a longer trace forgets its oldest. */
export const MAX_SPANS_PER_TRACE = 5_000;

/** What is known of one span of a trace. */
export class SpanRecord {
  /** Else it is only known as the parent of another. */
  isSeen = false;
  /** `undefined`: the span is a local root, or was not seen. */
  parentSpanId: string | undefined;
  /** Ids of the seen spans that name it as their parent. */
  children: string[] | undefined;
  /** Its parent lives in another process. */
  isBelowRemote = false;
  /** A generation or embedding, which stands for no trace. */
  isModelCall = false;
  /** It was or will be sent. */
  isSent = false;
  /** The parent that `withTrace` named for the topmost spans of the scope that the span is in. */
  scopeParentSpanId: string | undefined;
  /** Of a model call that was counted. */
  counted: CallFingerprint | undefined;
  /** What it says that holds for the spans below it. */
  facts: SpanFacts | undefined;
  /** Those together with what its ancestors say, as of a version of the trace. */
  handedDown: { readonly version: number; readonly facts: SpanFacts } | undefined;
}

/** What is known of one trace from the spans seen so far. */
export class TraceRecord {
  /** By span id, every span that was seen or could be an ancestor. */
  readonly spans = new Map<string, SpanRecord>();
  /** The span without local parent has ended, so no unseen ancestor can follow. */
  rootSeen = false;
  /** Grows with each span. */
  version = 0;
  /** Some span says something that others inherit. */
  hasFacts = false;
  /** What the spans say of the person, the session and the name, where they agree. */
  readonly agreed: AgreedIdentity = {};
  /** The first call with a name for the trace, while it is unknown whether the root will stand for it. */
  named: LlmCall | undefined;

  /** The record of a span, empty when nothing was known of it. */
  spanOf(spanId: string): SpanRecord {
    const known = this.spans.get(spanId);
    if (known) return known;
    const span = new SpanRecord();
    this.spans.set(spanId, span);
    return span;
  }
}

/** Bounded memory of traces. */
export type TraceTable = Generations<TraceRecord>;

/**
 * In two generations: what is asked for moves to the younger one, and when that is full, the older one is forgotten. What
 * it buys: one map, from which the oldest were taken out one by one, would often be written anew, and the engine makes
 * the new table among its old objects.
 */
export function createTraceTable(maxTraces: number = MAX_TRACES): TraceTable {
  return createGenerations(maxTraces, () => new TraceRecord());
}

/** Adds a span to its trace's record. */
export function remember(
  record: TraceRecord,
  span: {
    readonly spanId: string;
    readonly parentSpanId?: string | undefined;
    readonly isLocalRoot: boolean;
    readonly scopeParentSpanId?: string | undefined;
    readonly isModelCall?: boolean;
    readonly facts?: SpanFacts | undefined;
  },
  isSent: boolean,
): void {
  record.version += 1;
  const known = record.spanOf(span.spanId);
  known.isSeen = true;
  known.parentSpanId = span.isLocalRoot ? undefined : span.parentSpanId;
  known.isBelowRemote = span.isLocalRoot && span.parentSpanId !== undefined;
  known.isModelCall = span.isModelCall === true;
  known.isSent = isSent;
  if (span.facts) {
    known.facts = span.facts;
    record.hasFacts = true;
    agree(record.agreed, span.facts);
  }
  if (span.scopeParentSpanId !== undefined) known.scopeParentSpanId = span.scopeParentSpanId;
  if (known.parentSpanId !== undefined) addChild(record.spanOf(known.parentSpanId), span.spanId);
  if (span.isLocalRoot) record.rootSeen = true;
  while (record.spans.size > MAX_SPANS_PER_TRACE) {
    record.spans.delete(record.spans.keys().next().value ?? span.spanId);
  }
}

function addChild(parent: SpanRecord, spanId: string): void {
  if (parent.children === undefined) parent.children = [spanId];
  else if (parent.children.at(-1) !== spanId) parent.children.push(spanId);
}

/** The topmost ancestor that is known, or the span itself. */
export function topmost(record: TraceRecord, spanId: string): string {
  let top = spanId;
  nearestAncestor(record, spanId, (ancestor) => {
    top = ancestor;
    return false;
  });
  return top;
}

/** The nearest ancestor, among those that are known, for which the answer is yes. */
export function nearestAncestor(
  record: TraceRecord,
  spanId: string,
  isWanted: (spanId: string) => boolean,
): string | undefined {
  const { spans } = record;
  let ancestor = spans.get(spanId)?.parentSpanId;
  // Spans that name each other as parents would go round for ever; and no span is its own ancestor.
  for (let steps = 0; ancestor !== undefined && steps < spans.size; steps++) {
    if (ancestor === spanId) return undefined;
    if (isWanted(ancestor)) return ancestor;
    ancestor = spans.get(ancestor)?.parentSpanId;
  }
  return undefined;
}

/**
 * The nearest ancestor that is sent.
 * @returns `undefined` when there is none, so that the event hangs below the trace. A parent that has not ended yet is
 * taken for one that will be sent, unless the trace's root has ended already.
 */
export function nearestSentAncestor(record: TraceRecord, spanId: string): string | undefined {
  const isSent = (id: string) => record.spans.get(id)?.isSent === true;
  const isSeen = (id: string) => record.spans.get(id)?.isSeen === true;
  const nearest = nearestAncestor(record, spanId, (ancestor) => isSent(ancestor) || !isSeen(ancestor));
  return nearest !== undefined && !isSent(nearest) && record.rootSeen ? undefined : nearest;
}

/** What is known of a span that has not been handed over, or not yet: an ancestor of spans that are. */
export interface AncestorNote {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly isLocalRoot: boolean;
  readonly scopeParentSpanId: string | undefined;
  /** Will be sent when it ends, as far as its attributes show by now. */
  readonly isSent: boolean;
  readonly isOpen: boolean;
  /** What it says by now that holds for the spans below it. */
  readonly facts?: SpanFacts | undefined;
}

/** Adds what is known of ancestors. Of a span that was handed over, the table knows better. */
export function rememberAncestors(table: TraceTable, notes: readonly AncestorNote[]): void {
  for (const note of notes) {
    const record = table.getOrAdd(note.traceId);
    if (note.isOpen || !record.spans.get(note.spanId)?.isSeen) remember(record, note, note.isSent);
  }
}
