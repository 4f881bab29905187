import { type InnerCallFacts, isModelCall, type LlmCall } from '../call/llm-call.ts';
import { withoutZeros } from './complete-call.ts';
import type { TraceRecord } from './trace-table.ts';

/**
 * Model calls with what only a span above them has, where that made no other call that could be meant: tokens and cost of
 * any instrumentation; content, tools and error text of the same one. The nearest span above comes first.
 *
 * @param counted the calls of one batch that count, as they are
 * @param all the calls of the batch
 * @returns the calls that got something, by the call as it was
 */
export function factsFromAbove(
  counted: readonly LlmCall[],
  all: readonly LlmCall[],
  recordOf: (traceId: string) => TraceRecord,
): Map<LlmCall, LlmCall> {
  const completedCalls = new Map<LlmCall, LlmCall>();
  const incomplete = counted.filter((call) => isModelCall(call.kind) && lacksSomething(call));
  if (incomplete.length === 0) return completedCalls;
  const outer = outerByTrace(all);
  const below = new Map<TraceRecord, ReadonlyMap<string, number>>();
  for (const call of incomplete) {
    const ofTrace = outer.get(call.traceId);
    if (!ofTrace) continue;
    const record = recordOf(call.traceId);
    let calls = below.get(record);
    if (!calls) {
      calls = callsBelow(record);
      below.set(record, calls);
    }
    const richer = completed(call, record, ofTrace, calls);
    if (richer !== call) completedCalls.set(call, richer);
  }
  return completedCalls;
}

/** A prompt that is read later is asked for later. */
function lacksSomething(call: LlmCall): boolean {
  return lacksMoreThanPrompt(call) || (call.kind === 'generation' && call.input === undefined);
}

function lacksMoreThanPrompt({ kind, usage, output, error }: LlmCall): boolean {
  const isSilent = kind === 'generation' && output === undefined;
  return usage === undefined || isSilent || (error !== undefined && error.message === undefined);
}

function outerByTrace(calls: readonly LlmCall[]): Map<string, Map<string, LlmCall>> {
  const byTrace = new Map<string, Map<string, LlmCall>>();
  for (const call of calls) {
    if (!call.readInnerCall) continue;
    const ofTrace = byTrace.get(call.traceId) ?? new Map<string, LlmCall>();
    ofTrace.set(call.spanId, call);
    byTrace.set(call.traceId, ofTrace);
  }
  return byTrace;
}

/** More than one are too many. */
const SEVERAL = 2;

/** Of each span, how many model calls are known below it. From the bottom up, each span is passed twice at most. */
function callsBelow({ spans }: TraceRecord): ReadonlyMap<string, number> {
  const below = new Map<string, number>();
  for (const { isModelCall: isCall, parentSpanId } of spans.values()) {
    let above = isCall ? parentSpanId : undefined;
    while (above !== undefined) {
      const known = below.get(above) ?? 0;
      if (known >= SEVERAL) break;
      below.set(above, known + 1);
      above = spans.get(above)?.parentSpanId;
    }
  }
  return below;
}

function completed(
  call: LlmCall,
  { spans }: TraceRecord,
  outer: ReadonlyMap<string, LlmCall>,
  below: ReadonlyMap<string, number>,
): LlmCall {
  let richer = call;
  let spanId = spans.get(call.spanId)?.parentSpanId;
  while (spanId !== undefined && below.get(spanId) === 1) {
    const above = outer.get(spanId);
    if (above) richer = takeFrom(richer, above);
    spanId = lacksSomething(richer) ? spans.get(spanId)?.parentSpanId : undefined;
  }
  return richer;
}

function takeFrom(call: LlmCall, above: LlmCall): LlmCall {
  const { readInput } = call;
  const isAlike = call.scope.name === above.scope.name;
  if (readInput && !lacksMoreThanPrompt(call)) {
    return isAlike ? { ...call, readInput: () => readInput() ?? above.readInnerCall?.().input } : call;
  }
  const offer = above.readInnerCall?.() ?? {};
  const isCounted = (offer.usage?.inputTokens ?? 0) + (offer.usage?.outputTokens ?? 0) > 0;
  const numbers =
    call.usage === undefined && offer.usage && isCounted
      ? { usage: withoutZeros(offer.usage), cost: call.cost ?? offer.cost }
      : undefined;
  if (!isAlike) return numbers ? { ...call, ...numbers, hasFactsFromAbove: true } : call;
  const isGeneration = call.kind === 'generation';
  const hasFailed = call.error !== undefined;
  return {
    ...call,
    hasFactsFromAbove: true,
    ...numbers,
    ...(call.model === undefined && offer.model !== undefined ? { model: offer.model } : {}),
    ...(isGeneration && call.input === undefined ? promptOf(call, offer) : {}),
    ...(isGeneration && !hasFailed && call.output === undefined && offer.output
      ? { output: offer.output }
      : {}),
    tools: call.tools ?? offer.tools,
    error: call.error && {
      type: call.error.type ?? above.error?.type,
      message: call.error.message ?? above.error?.message,
    },
  };
}

/** Of the call itself, when the time has come to read it; else of the span above. */
function promptOf({ readInput }: LlmCall, { input }: InnerCallFacts): Pick<LlmCall, 'input' | 'readInput'> {
  if (readInput === undefined) return input ? { input } : {};
  return { readInput: () => readInput() ?? input };
}
