import { inputOf, isModelCall, type LlmCall } from '../call/llm-call.ts';
import type { RecentCalls } from './recent-calls.ts';
import { CallFingerprint, compareCalls, inclusiveInput } from './same-call.ts';
import { nearestAncestor, type TraceRecord } from './trace-table.ts';

/** A model call that turned out to be a second record of another, or the sum of others. */
export interface Demotion {
  readonly because: string;
  /** Span that carries the tokens instead, when it is one span. */
  readonly countedOn?: string;
  /** The record that counts, when it is of the same batch. */
  readonly sameAs?: LlmCall;
}

const SAME_CALL = 'another span records the same model call';

export interface CountingContext {
  traceOf(traceId: string): TraceRecord;
  readonly recent: RecentCalls;
}

/**
 * Sees to it that each model call is counted once. Calls of one batch are compared with each other, the richer record
 * of a pair counts; against calls of earlier batches, which are sent already, the newcomer gives way.
 *
 * @param calls calls of one batch; their traces know all spans of the batch
 * @returns by span id, the calls that must not carry tokens and cost
 */
export function findRepeats(calls: readonly LlmCall[], context: CountingContext): Map<LlmCall, Demotion> {
  const demoted = new Map<LlmCall, Demotion>();
  const models = calls.filter(({ kind }) => isModelCall(kind));
  // Not from pairs, which would be kept (see `retained`).
  const prints = new Map<LlmCall, CallFingerprint>();
  for (const call of models) prints.set(call, new CallFingerprint(call));

  const related = descendantsByCall(models, context);
  for (const [outer, inner] of related) demoteNested(outer, inner, prints, demoted);
  demoteSiblings(models, prints, related, demoted);
  for (const call of models) {
    if (!demoted.has(call)) demoteAgainstPast(call, prints, context, demoted);
  }

  for (const [call, print] of prints) {
    if (demoted.has(call)) continue;
    context.traceOf(call.traceId).spanOf(call.spanId).counted = print;
    context.recent.add(print);
  }
  return demoted;
}

/** For every model call, the model calls below it with no other model call between. */
function descendantsByCall(
  models: readonly LlmCall[],
  { traceOf }: CountingContext,
): Map<LlmCall, LlmCall[]> {
  const byTrace = new Map<string, Map<string, LlmCall>>();
  // Alone in its trace, as many are, a call has none.
  const inCompany = models.filter(({ traceId }) => traceOf(traceId).spans.size > 1);
  for (const call of inCompany) {
    const ofTrace = byTrace.get(call.traceId);
    if (ofTrace) ofTrace.set(call.spanId, call);
    else byTrace.set(call.traceId, new Map([[call.spanId, call]]));
  }
  const related = new Map<LlmCall, LlmCall[]>();
  for (const call of inCompany) {
    const ofTrace = byTrace.get(call.traceId);
    const isModel = (spanId: string) => ofTrace?.has(spanId) === true;
    const outer = ofTrace?.get(nearestAncestor(traceOf(call.traceId), call.spanId, isModel) ?? '');
    if (!outer) continue;
    const list = related.get(outer);
    if (list) list.push(call);
    else related.set(outer, [call]);
  }
  return related;
}

function repeats(sameAs: LlmCall): Demotion {
  return { because: SAME_CALL, countedOn: sameAs.spanId, sameAs };
}

function demoteNested(
  outer: LlmCall,
  inner: readonly LlmCall[],
  prints: ReadonlyMap<LlmCall, CallFingerprint>,
  demoted: Map<LlmCall, Demotion>,
): void {
  const outerPrint = prints.get(outer);
  const only = inner.length === 1 ? inner[0] : undefined;
  const onlyPrint = only && prints.get(only);
  if (only && outerPrint && onlyPrint) {
    const likeness = compareCalls(outerPrint, onlyPrint);
    const isDirect = only.parentSpanId === outer.spanId;
    if (likeness === 'same' || (likeness === 'unknown' && isDirect)) {
      if (outranks(only, outer)) demoted.set(outer, repeats(only));
      else demoted.set(only, repeats(outer));
      return;
    }
  }
  const innerPrints = inner.flatMap((call) => prints.get(call) ?? []);
  if (isSumOf(outer, innerPrints) || outer.usage === undefined || outer.kindIsInferred) {
    demoted.set(outer, { because: 'its numbers repeat those of the model calls below it' });
  }
}

/** Pairs of different instrumentations that are neither above nor below each other. */
function demoteSiblings(
  models: readonly LlmCall[],
  prints: ReadonlyMap<LlmCall, CallFingerprint>,
  related: ReadonlyMap<LlmCall, readonly LlmCall[]>,
  demoted: Map<LlmCall, Demotion>,
): void {
  if (new Set(models.map(({ scope }) => scope.name)).size < 2) return;
  for (let i = 0; i < models.length; i++) {
    const a = models[i];
    const aPrint = a && prints.get(a);
    if (!a || !aPrint || demoted.has(a)) continue;
    for (let j = i + 1; j < models.length; j++) {
      const b = models[j];
      const bPrint = b && prints.get(b);
      if (!b || !bPrint || demoted.has(b) || a.scope.name === b.scope.name) continue;
      if (related.get(a)?.includes(b) || related.get(b)?.includes(a)) continue;
      if (compareCalls(aPrint, bPrint) !== 'same') continue;
      if (outranks(b, a)) {
        demoted.set(a, repeats(b));
        break;
      }
      demoted.set(b, repeats(a));
    }
  }
}

function demoteAgainstPast(
  call: LlmCall,
  prints: ReadonlyMap<LlmCall, CallFingerprint>,
  context: CountingContext,
  demoted: Map<LlmCall, Demotion>,
): void {
  const print = prints.get(call);
  if (!print) return;
  const record = context.traceOf(call.traceId);
  const below = record.spans.get(call.spanId)?.hasChildren ? countedBelow(record, call.spanId) : [];
  const [only] = below;
  const repeatsOne = below.length === 1 && only !== undefined && compareCalls(print, only) !== 'different';
  if (below.length > 0 && (repeatsOne || isSumOf(call, below) || !call.usage || call.kindIsInferred)) {
    demoted.set(call, { because: 'its numbers repeat those of model calls that were sent before' });
    return;
  }
  const twin = context.recent.findTwin(print);
  if (twin) demoted.set(call, { because: SAME_CALL, countedOn: twin.spanId });
}

function countedBelow(record: TraceRecord, spanId: string): CallFingerprint[] {
  const isTheirs = (ancestor: string) => ancestor === spanId;
  const below: CallFingerprint[] = [];
  for (const { counted } of record.spans.values()) {
    if (counted && nearestAncestor(record, counted.spanId, isTheirs) !== undefined) below.push(counted);
  }
  return below;
}

/** The richer record counts: one with usage before one without, then the one with more of the content and facts. */
function outranks(a: LlmCall, b: LlmCall): boolean {
  return richness(a) > richness(b);
}

function richness(call: LlmCall): number {
  const { usage } = call;
  let points = 0;
  if (usage?.inputTokens !== undefined && usage.outputTokens !== undefined) points += 100;
  else if (usage) points += 50;
  if (call.output?.some(({ parts }) => parts.length > 0)) points += 40;
  if (inputOf(call)?.some(({ parts }) => parts.length > 0) || call.embeddingInput !== undefined) points += 40;
  if (usage?.cacheReadTokens !== undefined || usage?.cacheWriteTokens !== undefined) points += 5;
  if (usage?.reasoningTokens !== undefined) points += 3;
  if (call.cost) points += 10;
  if (call.finishReason !== undefined) points += 3;
  if (call.responseId !== undefined) points += 2;
  if (call.tools) points += 2;
  if (call.timeToFirstTokenSeconds !== undefined) points += 1;
  // Of two equal records the caller's has the timing that the user felt.
  if (call.spanKind === 'server') points -= 10;
  return points;
}

function isSumOf(outer: LlmCall, inner: readonly CallFingerprint[]): boolean {
  if (!outer.usage || inner.length === 0) return false;
  const input = inner.reduce((sum, print) => sum + (print.inputTokens ?? 0), 0);
  const output = inner.reduce((sum, print) => sum + (print.outputTokens ?? 0), 0);
  if (input + output === 0) return false;
  return inclusiveInput(outer.usage) === input && outer.usage.outputTokens === output;
}
