import { isModelCall, type LlmCall } from '../call/llm-call.ts';
import { lacksRootEvent, traceKeyOf } from './trace-events.ts';
import type { TraceMemory } from './trace-memory.ts';
import { nearestSentAncestor, type TraceRecord } from './trace-table.ts';

/**
 * Below the nearest ancestor that is sent, or the parent in another process; a parent named for a stretch of code is for
 * the topmost span there. One span stands for the trace.
 */
export function place(call: LlmCall, record: TraceRecord, { traceEvents }: TraceMemory): LlmCall {
  const parentSpanId = call.isLocalRoot ? call.parentSpanId : nearestSentAncestor(record, call.spanId);
  const isTraceRoot = standsForTrace(call, record) && traceEvents.claim(traceKeyOf(call), call.spanId);
  const isSame = parentSpanId === call.parentSpanId && isTraceRoot === call.isTraceRoot;
  const placed = isSame ? call : { ...call, parentSpanId, isTraceRoot };
  const { scopeParentSpanId } = call.trace;
  if (scopeParentSpanId === undefined || parentSpanId === undefined) return placed;
  if (record.spans.get(parentSpanId)?.scopeParentSpanId !== scopeParentSpanId) return placed;
  return { ...placed, trace: { ...call.trace, parentSpanId: undefined } };
}

/** The making of an agent is no run, and names none unless the run is below it (Koog). */
function standsForTrace(
  { kind, isTraceRoot, operation, spanId, trace }: LlmCall,
  record: TraceRecord,
): boolean {
  if (!isTraceRoot || isModelCall(kind) || trace.parentSpanId !== undefined) return false;
  return operation !== 'create_agent' || record.spans.get(spanId)?.children !== undefined;
}

/** Named traces of which it is known by now that no span will stand for them. */
export function namedTraces(
  calls: Iterable<LlmCall>,
  ended: ReadonlySet<TraceRecord>,
  { table, traceEvents }: TraceMemory,
): LlmCall[] {
  const found: LlmCall[] = [];
  const check = (call: LlmCall, record: TraceRecord): void => {
    const key = traceKeyOf(call);
    if (traceEvents.has(key)) return;
    const lacks = lacksRootEvent(record, call.spanId);
    if (lacks === 'unknown') record.named ??= withoutContent(call);
    else if (lacks && traceEvents.claim(key, NAME_ONLY)) found.push(call);
  };
  for (const call of calls) {
    if (call.trace.traceName !== undefined) check(call, table.getOrAdd(call.traceId));
  }
  for (const record of ended) if (record.named) check(record.named, record);
  return found;
}

/** Claims a trace for an event that is of no span. */
const NAME_ONLY = 'name';

/** What is remembered until the root has ended. */
function withoutContent(call: LlmCall): LlmCall {
  const {
    input: _input,
    readInput: _readInput,
    output: _output,
    embeddingInput: _embeddingInput,
    inputState: _inputState,
    outputState: _outputState,
    tools: _tools,
    parameters: _parameters,
    extraAttributes: _extraAttributes,
    ...rest
  } = call;
  return rest;
}
