import { isModelCall, type LlmCall } from '../call/llm-call.ts';
import type { SpanFacts } from '../call/span-facts.ts';
import type { AttributeMap, SpanIds } from '../span/span-view.ts';
import { completeWinners } from './complete-call.ts';
import { type CountFrom, isLeftToOther } from './count-from.ts';
import { findRepeats } from './count-once.ts';
import type { Demotion } from './demotion.ts';
import { factsFromAbove } from './facts-from-above.ts';
import { factsOf, inherit } from './handed-down.ts';
import { statusesBelow, withStatus } from './http-status.ts';
import { namedTraces, place } from './place-calls.ts';
import type { TraceMemory } from './trace-memory.ts';
import { remember, type TraceRecord, type TraceTable } from './trace-table.ts';

/** Whether a call is sent, and for how many it stands. */
export type Selection = { readonly isSent: true; readonly weight?: number } | { readonly isSent: false };

/** A span of no AI kind: its event is not sent, but what it says of its trace holds for the calls below it. */
export interface UnsentSpan extends SpanIds {
  readonly attributes?: AttributeMap | undefined;
  readonly facts?: SpanFacts | undefined;
}

export interface ResolvedBatch {
  /** The calls to send, in their order, and why those that carry no numbers carry none. */
  readonly calls: ReadonlyMap<LlmCall, Demotion | undefined>;
  /** For each trace that has a name and no span that stands for it, the first of its calls, which knows the name. */
  readonly namedTraces: readonly LlmCall[];
}

export interface ResolveOptions {
  /** Decides of each call, once it is known whether it carries numbers and whose it is, if it is sent. */
  readonly select?: ((call: LlmCall) => Selection) | undefined;
  /** Default: `both`. */
  readonly countFrom?: CountFrom | undefined;
  /** Called with each call that is not sent because it would only repeat another, or stand for nothing. */
  readonly onRedundant?: ((call: LlmCall) => void) | undefined;
}

const SENT: Selection = { isSent: true };

/**
 * Looks at one batch as a whole and at what earlier batches left: model calls that repeat another are demoted to spans
 * without numbers, every call has the person, session and name that a span above it states, and every parent id points
 * to an ancestor that is sent.
 *
 * @param calls the batch's AI calls
 * @param unsent the batch's other spans, which the ancestors of calls are found by
 */
export function resolveBatch(
  calls: readonly LlmCall[],
  unsent: readonly UnsentSpan[],
  memory: TraceMemory,
  { select = () => SENT, countFrom = 'both', onRedundant = () => {} }: ResolveOptions = {},
): ResolvedBatch {
  const { table, recent } = memory;
  for (const call of calls) {
    const { traceId, spanId, parentSpanId, isLocalRoot, kind } = call;
    const { scopeParentSpanId } = call.trace;
    const said = { isModelCall: isModelCall(kind), facts: factsOf(call) };
    const known = { spanId, parentSpanId, isLocalRoot, scopeParentSpanId, ...said };
    const record = table.getOrAdd(traceId);
    remember(record, known, true);
    if (call.isProcessRoot) record.rootSeen = true;
  }
  const ended = rememberUnsent(unsent, table);
  const recordedHere = countFrom === 'both' ? calls : calls.filter((call) => !isLeftToOther(call, countFrom));
  const demotions = findRepeats(recordedHere, { traceOf: (traceId) => table.getOrAdd(traceId), recent });
  leaveToOther(calls, countFrom, demotions);
  const completed = completeWinners(demotions);

  const counted = new Map<LlmCall, LlmCall>();
  for (const call of calls) {
    const demotion = demotions.get(call);
    if (demotion) table.getOrAdd(call.traceId).spanOf(call.spanId).isModelCall = false;
    else counted.set(call, completed.get(call) ?? call);
  }
  const failedWith = statusesBelow(counted.values(), unsent);
  const withFacts = factsFromAbove([...counted.values()], calls, (traceId) => table.getOrAdd(traceId));

  const chosen = new Map<LlmCall, Demotion | undefined>();
  for (const original of calls) {
    const demotion = demotions.get(original);
    const record = table.getOrAdd(original.traceId);
    const whole = counted.get(original) ?? demote(original);
    const stated = withStatus(withFacts.get(whole) ?? whole, failedWith);
    const call = inherit(withPersonOf(stated, demotion?.sameAs), record);
    if (standsForNothing(call, demotion, record)) {
      record.spanOf(call.spanId).isSent = false;
      onRedundant(call);
      continue;
    }
    const choice = select(call);
    if (choice.isSent) chosen.set(weighed(call, choice.weight), demotion);
    else record.spanOf(call.spanId).isSent = false;
  }
  // Only now is it known of every ancestor whether it is sent.
  const placed = new Map<LlmCall, Demotion | undefined>();
  for (const [call, demotion] of chosen)
    placed.set(place(call, table.getOrAdd(call.traceId), memory), demotion);
  return { calls: placed, namedTraces: namedTraces(placed.keys(), ended, memory) };
}

/** What one side alone knows of a call (the cost), the record of the other side gets, if they come together. */
function leaveToOther(
  calls: readonly LlmCall[],
  countFrom: CountFrom,
  demotions: Map<LlmCall, Demotion>,
): void {
  if (countFrom === 'both') return;
  const counted = new Map<string, LlmCall>();
  for (const call of calls) {
    if (call.responseId === undefined || demotions.has(call) || isLeftToOther(call, countFrom)) continue;
    counted.set(call.responseId, call);
  }
  const counting = countFrom === 'broadcast' ? 'Broadcast' : 'the application';
  const because = `calls through OpenRouter are counted where ${counting} tells of them`;
  for (const call of calls) {
    if (!isLeftToOther(call, countFrom)) continue;
    const other = call.responseId === undefined ? undefined : counted.get(call.responseId);
    const sameAs = other?.kind === call.kind ? { sameAs: other } : {};
    demotions.set(call, { because, isRecordedElsewhere: true, ...sameAs });
  }
}

/** Only traces with calls are remembered. @returns those whose root is among the spans */
function rememberUnsent(unsent: readonly UnsentSpan[], table: TraceTable): Set<TraceRecord> {
  const ended = new Set<TraceRecord>();
  for (const { traceId, spanId, parentSpanId, parentIsRemote, facts } of unsent) {
    const record = table.get(traceId);
    if (!record) continue;
    const isLocalRoot = parentSpanId === undefined || parentIsRemote;
    remember(record, { spanId, parentSpanId, isLocalRoot, facts }, false);
    if (isLocalRoot) ended.add(record);
  }
  return ended;
}

/** A second record of a call, in a trace of its own, belongs to whom the call belongs. */
function withPersonOf(call: LlmCall, other: LlmCall | undefined): LlmCall {
  if (other === undefined) return call;
  const user = call.trace.user ?? other.trace.user;
  const sessionId = call.trace.sessionId ?? other.trace.sessionId;
  if (user === call.trace.user && sessionId === call.trace.sessionId) return call;
  return { ...call, trace: { ...call.trace, user, sessionId } };
}

/**
 * Alone in its trace, neither the second record of a call nor the making of an agent says anything: each would be a
 * trace of its own beside the real one.
 */
function standsForNothing(call: LlmCall, demotion: Demotion | undefined, record: TraceRecord): boolean {
  const isRepeat = demotion?.countedOn !== undefined || demotion?.isRecordedElsewhere === true;
  if (!isRepeat && !(call.operation === 'create_agent' && call.isTraceRoot)) return false;
  for (const [spanId, { isSent }] of record.spans) if (isSent && spanId !== call.spanId) return false;
  return true;
}

function weighed(call: LlmCall, sampleWeight: number | undefined): LlmCall {
  return sampleWeight === undefined ? call : { ...call, sampleWeight };
}

/** A span in the place of the call: what went in and out stays, the numbers go. */
function demote(call: LlmCall): LlmCall {
  if (!isModelCall(call.kind)) return call;
  const { usage: _usage, cost: _cost, embeddingInput, ...rest } = call;
  return { ...rest, kind: 'span', inputState: call.inputState ?? embeddingInput };
}
