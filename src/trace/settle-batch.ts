import { isModelCall, type LlmCall } from '../call/llm-call.ts';
import type { SpanView } from '../span/span-view.ts';
import { type Demotion, findRepeats, type RecentCalls } from './count-once.ts';
import { createTraceTable, nearestSentAncestor, remember, type TraceTable } from './trace-table.ts';

/** Keeps between batches what only the whole trace can tell; bounded. */
export interface TraceMemory {
  readonly table: TraceTable;
  readonly recent: RecentCalls;
}

export function createTraceMemory(): TraceMemory {
  return { table: createTraceTable(), recent: { prints: [] } };
}

export interface SettledCall {
  readonly call: LlmCall;
  readonly demotion?: Demotion;
}

/** The ids of a span that will not be sent, for finding the ancestors of those that are. */
export type UnsentSpan = Pick<SpanView, 'traceId' | 'spanId' | 'parentSpanId' | 'parentIsRemote'>;

/**
 * Looks at one batch as a whole and at what earlier batches left: model calls that repeat another are demoted to spans
 * without numbers, and every parent id points to an ancestor that is sent.
 *
 * @param calls the batch's AI calls
 * @param unsent the batch's other spans
 */
export function settleBatch(
  calls: readonly LlmCall[],
  unsent: readonly UnsentSpan[],
  memory: TraceMemory,
): SettledCall[] {
  const { table, recent } = memory;
  for (const call of calls) remember(table.getOrAdd(call.traceId), call, true);
  for (const span of unsent) {
    const record = table.get(span.traceId);
    const isLocalRoot = span.parentSpanId === undefined || span.parentIsRemote;
    if (record) remember(record, { ...span, isLocalRoot }, false);
  }
  const demotions = findRepeats(calls, { traceOf: (traceId) => table.getOrAdd(traceId), recent });
  return calls.map((call) => {
    const demotion = demotions.get(call);
    const parentSpanId = call.isLocalRoot
      ? undefined
      : nearestSentAncestor(table.getOrAdd(call.traceId), call.spanId);
    const placed = parentSpanId === call.parentSpanId ? call : { ...call, parentSpanId };
    return demotion ? { call: demote(placed), demotion } : { call: placed };
  });
}

/** A span in the place of the call: what went in and out stays, the numbers go. */
function demote(call: LlmCall): LlmCall {
  if (!isModelCall(call.kind)) return call;
  const { usage: _usage, cost: _cost, embeddingInput, ...rest } = call;
  return { ...rest, kind: 'span', inputState: call.inputState ?? embeddingInput };
}
