import { isModelCall, type LlmCall } from '../call/llm-call.ts';
import type { SpanIds } from '../span/span-view.ts';
import { completeWinners } from './complete-call.ts';
import { type Demotion, findRepeats } from './count-once.ts';
import { createRecentCalls, type RecentCalls } from './recent-calls.ts';
import {
  createTraceTable,
  nearestSentAncestor,
  remember,
  type TraceRecord,
  type TraceTable,
} from './trace-table.ts';

/** Keeps between batches what only the whole trace can tell; bounded. */
export interface TraceMemory {
  readonly table: TraceTable;
  readonly recent: RecentCalls;
}

export function createTraceMemory(): TraceMemory {
  return { table: createTraceTable(), recent: createRecentCalls() };
}

/** Whether a call is sent, and for how many it stands. */
export type Selection = { readonly isSent: true; readonly weight?: number } | { readonly isSent: false };

/** The calls to send, in their order, and why those that carry no numbers carry none. */
export type ResolvedCalls = ReadonlyMap<LlmCall, Demotion | undefined>;

/**
 * Looks at one batch as a whole and at what earlier batches left: model calls that repeat another are demoted to spans
 * without numbers, and every parent id points to an ancestor that is sent.
 *
 * @param calls the batch's AI calls
 * @param unsent the batch's other spans, which the ancestors of calls are found by
 * @param choose decides of each call, once it is known whether it carries numbers, if it is sent
 */
export function resolveBatch(
  calls: readonly LlmCall[],
  unsent: readonly SpanIds[],
  memory: TraceMemory,
  choose: (call: LlmCall) => Selection = () => ({ isSent: true }),
): ResolvedCalls {
  const { table, recent } = memory;
  for (const call of calls) {
    const { scopeParentSpanId } = call.trace;
    remember(table.getOrAdd(call.traceId), { ...idsOf(call), scopeParentSpanId }, true);
  }
  for (const { traceId, spanId, parentSpanId, parentIsRemote } of unsent) {
    const record = table.get(traceId);
    if (!record) continue;
    const isLocalRoot = parentSpanId === undefined || parentIsRemote;
    remember(record, { spanId, parentSpanId, isLocalRoot }, false);
  }
  const demotions = findRepeats(calls, { traceOf: (traceId) => table.getOrAdd(traceId), recent });
  const completed = completeWinners(demotions);
  const chosen = new Map<LlmCall, Demotion | undefined>();
  for (const original of calls) {
    const demotion = demotions.get(original);
    const call = demotion ? demote(original) : (completed.get(original) ?? original);
    const choice = choose(call);
    if (!choice.isSent) table.getOrAdd(call.traceId).spanOf(call.spanId).isSent = false;
    else chosen.set(weighed(call, choice.weight), demotion);
  }
  // Only now is it known of every ancestor whether it is sent.
  const placed = new Map<LlmCall, Demotion | undefined>();
  for (const [call, demotion] of chosen) placed.set(place(call, table.getOrAdd(call.traceId)), demotion);
  return placed;
}

function weighed(call: LlmCall, sampleWeight: number | undefined): LlmCall {
  return sampleWeight === undefined ? call : { ...call, sampleWeight };
}

/** Below the nearest ancestor that is sent; a parent named for a stretch of code is for the topmost span there. */
function place(call: LlmCall, record: TraceRecord): LlmCall {
  const parentSpanId = call.isLocalRoot ? undefined : nearestSentAncestor(record, call.spanId);
  const placed = parentSpanId === call.parentSpanId ? call : { ...call, parentSpanId };
  const { scopeParentSpanId } = call.trace;
  if (scopeParentSpanId === undefined || parentSpanId === undefined) return placed;
  if (record.spans.get(parentSpanId)?.scopeParentSpanId !== scopeParentSpanId) return placed;
  return { ...placed, trace: { ...call.trace, parentSpanId: undefined } };
}

function idsOf({ spanId, parentSpanId, isLocalRoot }: LlmCall) {
  return { spanId, parentSpanId, isLocalRoot };
}

/** A span in the place of the call: what went in and out stays, the numbers go. */
function demote(call: LlmCall): LlmCall {
  if (!isModelCall(call.kind)) return call;
  const { usage: _usage, cost: _cost, embeddingInput, ...rest } = call;
  return { ...rest, kind: 'span', inputState: call.inputState ?? embeddingInput };
}
