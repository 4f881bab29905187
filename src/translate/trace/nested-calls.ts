import type { LlmCall } from '../call/llm-call.ts';
import { type Demotion, repeats } from './demotion.ts';
import { outranks } from './richer-record.ts';
import { type CallFingerprint, compareNested, haveOtherIds, inclusiveInput, isApart } from './same-call.ts';
import { nearestAncestor, type TraceRecord } from './trace-table.ts';

/** For every model call, the model calls below it with no other model call between. */
export function descendantsByCall(
  models: readonly LlmCall[],
  traceOf: (traceId: string) => TraceRecord,
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

/**
 * Takes out the calls that an instrumentation opens within the call before, when that asked for tools (streams of Spring
 * AI): the inner one began when a tool below the outer one had ended, and both bear the last answer. Of calls with
 * tokens that is not believed, since one of them may be the sum.
 */
export function removeFollowUps(related: Map<LlmCall, LlmCall[]>, calls: readonly LlmCall[]): void {
  if (related.size === 0) return;
  const toolEndedMs = new Map<string, number>();
  for (const { kind, traceId, parentSpanId, endTimeMs } of calls) {
    if (kind !== 'tool' || endTimeMs === undefined) continue;
    const above = `${traceId} ${parentSpanId}`;
    toolEndedMs.set(above, Math.min(endTimeMs, toolEndedMs.get(above) ?? endTimeMs));
  }
  for (const [outer, [only, ...others]] of related) {
    const endedMs = toolEndedMs.get(`${outer.traceId} ${outer.spanId}`);
    const isFollowUp =
      only !== undefined &&
      others.length === 0 &&
      only.scope.name === outer.scope.name &&
      only.usage === undefined &&
      outer.usage === undefined &&
      endedMs !== undefined &&
      (only.startTimeMs ?? 0) >= endedMs;
    if (isFollowUp) related.delete(outer);
  }
}

/** Of the wrappers of one call, the inner ones come first. */
export function fromInside(
  related: ReadonlyMap<LlmCall, readonly LlmCall[]>,
): (readonly [outer: LlmCall, below: readonly LlmCall[]])[] {
  return [...related].sort(([a], [b]) => (b.startTimeMs ?? 0) - (a.startTimeMs ?? 0));
}

export function demoteNested(
  outer: LlmCall,
  below: readonly LlmCall[],
  prints: ReadonlyMap<LlmCall, CallFingerprint>,
  demoted: Map<LlmCall, Demotion>,
): void {
  const outerPrint = prints.get(outer);
  // Of a call that is recorded more than once, the record that counts.
  const inner = [...new Set(below.map((call) => demoted.get(call)?.sameAs ?? call))];
  const only = inner.length === 1 ? inner[0] : undefined;
  const onlyPrint = only && prints.get(only);
  if (only && outerPrint && onlyPrint) {
    const likeness = compareNested(outerPrint, onlyPrint);
    const isDirect = below.some(({ parentSpanId }) => parentSpanId === outer.spanId);
    if (likeness === 'same' || (likeness === 'unknown' && isDirect)) {
      if (outranks(only, outer)) demoted.set(outer, repeats(only));
      else demoted.set(only, repeats(outer));
      return;
    }
  }
  // Of several calls, only the last may have left its attributes above (LiteLLM writes on the caller's span).
  const duplicate = inner.find(
    ({ responseId }) => responseId !== undefined && responseId === outer.responseId,
  );
  if (duplicate) {
    if (outranks(duplicate, outer)) demoted.set(outer, repeats(duplicate));
    else demoted.set(duplicate, repeats(outer));
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

/** Whether the numbers of a call are those of calls below it that were counted with earlier batches. */
export function repeatsCounted(call: LlmCall, print: CallFingerprint, record: TraceRecord): boolean {
  const below = callsWithin(print, countedBelow(record, call.spanId));
  const [only] = below;
  const repeatsOne = below.length === 1 && only !== undefined && compareNested(print, only) !== 'different';
  return (
    below.length > 0 && (repeatsOne || isSumOf(call, below) || !call.usage || call.kindIsInferred === true)
  );
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

function isSumOf(outer: LlmCall, inner: readonly CallFingerprint[]): boolean {
  if (!outer.usage || inner.length === 0) return false;
  const input = inner.reduce((sum, print) => sum + (print.inputTokens ?? 0), 0);
  const output = inner.reduce((sum, print) => sum + (print.outputTokens ?? 0), 0);
  if (input + output === 0) return false;
  return inclusiveInput(outer.usage) === input && outer.usage.outputTokens === output;
}
