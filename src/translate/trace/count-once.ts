import { inputOf, isModelCall, type LlmCall } from '../call/llm-call.ts';
import { createRecentCalls, type RecentCalls } from './recent-calls.ts';
import {
  CallFingerprint,
  compareNested,
  hashOfQuestion,
  haveOtherIds,
  inclusiveInput,
  isApart,
} from './same-call.ts';
import { nearestAncestor, type TraceRecord } from './trace-table.ts';

/** A model call that turned out to be a second record of another, or the sum of others. */
export interface Demotion {
  readonly because: string;
  /** Span that carries the tokens instead, when it is one span. */
  readonly countedOn?: string;
  /** Somebody else tells of the call, in a trace that is not looked at here. */
  readonly isToldElsewhere?: true;
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
 * @returns the calls that must not carry tokens and cost, each with the reason
 */
export function findRepeats(calls: readonly LlmCall[], context: CountingContext): Map<LlmCall, Demotion> {
  const demoted = new Map<LlmCall, Demotion>();
  const models = calls.filter(({ kind }) => isModelCall(kind));
  // Not from pairs, which would be kept (see `retained`).
  const prints = new Map<LlmCall, CallFingerprint>();
  for (const call of models) prints.set(call, new CallFingerprint(call));

  const related = descendantsByCall(models, context);
  for (const [outer, inner] of related) demoteNested(outer, inner, prints, demoted);
  demoteStreamRequests(models, demoted);
  addQuestions(prints, context.recent);
  demoteTwins(prints, demoted);
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

/**
 * A request whose answer came as a stream and is told by a record of its own, even in another trace (Logfire): of the
 * requests of the same instrumentation and model that have no answer, the one that ended last before the record.
 */
function demoteStreamRequests(models: readonly LlmCall[], demoted: Map<LlmCall, Demotion>): void {
  for (const answer of models) {
    if (!answer.isStreamAnswer) continue;
    const request = models
      .filter((call) => isUnanswered(call, answer) && !demoted.has(call))
      .reduce<LlmCall | undefined>(
        (last, call) => ((call.endTimeMs ?? 0) > (last?.endTimeMs ?? Number.NEGATIVE_INFINITY) ? call : last),
        undefined,
      );
    if (request) demoted.set(request, repeats(answer));
  }
}

function isUnanswered(call: LlmCall, answer: LlmCall): boolean {
  return (
    call !== answer &&
    call.scope.name === answer.scope.name &&
    call.requestedModel === answer.requestedModel &&
    call.usage === undefined &&
    call.responseId === undefined &&
    call.output === undefined &&
    call.error === undefined &&
    (call.startTimeMs ?? 0) <= (answer.startTimeMs ?? 0)
  );
}

/** Calls of a young process whose question is looked at although no second instrumentation has shown yet. */
const FIRST_CALLS = 32;

/** Prompts are read here only where there are two instrumentations, of which one could repeat the other. */
function addQuestions(prints: ReadonlyMap<LlmCall, CallFingerprint>, recent: RecentCalls): void {
  const scopes = new Set<string>();
  for (const [{ scope }] of prints) scopes.add(scope.name);
  for (const [call, print] of prints) {
    const isNeeded = scopes.size > 1 || recent.size < FIRST_CALLS || recent.hasOthersThan(print.scopeName);
    if (isNeeded) print.questionHash = hashOfQuestion(call);
  }
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

/**
 * The calls below another that it could stand for. Not those that began when it was over (an instrumentation that leaks
 * its context makes each call the child of the one before), nor a single one with another answer.
 */
function callsWithin(
  outer: CallFingerprint | undefined,
  inner: readonly CallFingerprint[],
): readonly CallFingerprint[] {
  if (!outer) return inner;
  const within = inner.filter((print) => !isApart(outer, print));
  const [only] = within;
  return only !== undefined && within.length === 1 && haveOtherIds(outer, only) ? [] : within;
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
    const likeness = compareNested(outerPrint, onlyPrint);
    const isDirect = only.parentSpanId === outer.spanId;
    if (likeness === 'same' || (likeness === 'unknown' && isDirect)) {
      if (outranks(only, outer)) demoted.set(outer, repeats(only));
      else demoted.set(only, repeats(outer));
      return;
    }
  }
  // Of several calls, only the last may have left its attributes above (LiteLLM writes on the caller's span).
  const twin = inner.find(({ responseId }) => responseId !== undefined && responseId === outer.responseId);
  if (twin) {
    if (outranks(twin, outer)) demoted.set(outer, repeats(twin));
    else demoted.set(twin, repeats(outer));
    return;
  }
  const innerPrints = callsWithin(
    outerPrint,
    inner.flatMap((call) => prints.get(call) ?? []),
  );
  if (innerPrints.length === 0) return;
  if (isSumOf(outer, innerPrints) || outer.usage === undefined || outer.kindIsInferred) {
    demoted.set(outer, { because: 'its numbers repeat those of the model calls below it' });
  }
}

/** Records of different instrumentations that are neither above nor below each other. */
function demoteTwins(prints: ReadonlyMap<LlmCall, CallFingerprint>, demoted: Map<LlmCall, Demotion>): void {
  const seen = createRecentCalls();
  const callOf = new Map<CallFingerprint, LlmCall>();
  for (const [call, print] of prints) {
    if (demoted.has(call)) continue;
    const twin = seen.hasOthersThan(print.scopeName) ? seen.findTwin(print) : undefined;
    const other = twin && callOf.get(twin);
    if (twin && other && outranks(call, other)) {
      demoted.set(other, repeats(call));
      seen.remove(twin);
    } else if (other) {
      demoted.set(call, repeats(other));
      continue;
    }
    callOf.set(print, call);
    seen.add(print);
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
  const below = callsWithin(print, countedBelow(record, call.spanId));
  const [only] = below;
  const repeatsOne = below.length === 1 && only !== undefined && compareNested(print, only) !== 'different';
  if (below.length > 0 && (repeatsOne || isSumOf(call, below) || !call.usage || call.kindIsInferred)) {
    demoted.set(call, { because: 'its numbers repeat those of model calls that were sent before' });
    return;
  }
  const twin = context.recent.findTwin(print);
  if (twin) demoted.set(call, { because: SAME_CALL, countedOn: twin.spanId });
}

/** Counted calls below a span with no other counted call between, as far as they were seen. */
function countedBelow({ spans }: TraceRecord, spanId: string): CallFingerprint[] {
  const below: CallFingerprint[] = [];
  const seen = new Set([spanId]);
  const open = [...(spans.get(spanId)?.children ?? [])];
  for (let child = open.pop(); child !== undefined; child = open.pop()) {
    if (seen.has(child)) continue;
    seen.add(child);
    const span = spans.get(child);
    if (span?.counted) below.push(span.counted);
    else if (span?.children) open.push(...span.children);
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
