import type { LlmCall } from '../call/llm-call.ts';
import type { Demotion } from './demotion.ts';
import { nearestAncestor, type TraceRecord } from './trace-table.ts';

/**
 * The request of a call without its answer, or the answer alone (LiteLLM's raw requests), gives way to the call above
 * it, also to one that may still come. Where every span above is known and none is a call, it is the only record of the call.
 */
export function demoteHalves(
  models: readonly LlmCall[],
  traceOf: (traceId: string) => TraceRecord,
  demoted: Map<LlmCall, Demotion>,
): void {
  for (const call of models) {
    if (!call.isHalfOfCall) continue;
    const record = traceOf(call.traceId);
    const isCall = (spanId: string) => record.spans.get(spanId)?.isModelCall === true;
    const above = nearestAncestor(record, call.spanId, isCall);
    if (above === undefined && record.rootSeen) continue;
    const because = 'it is one half of the model call above it';
    demoted.set(call, above === undefined ? { because } : { because, countedOn: above });
  }
}
