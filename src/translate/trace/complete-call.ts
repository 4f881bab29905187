import type { LlmCall } from '../call/llm-call.ts';
import type { Demotion } from './count-once.ts';
import { isNativeScope } from './same-call.ts';

/**
 * What only the other record of the same call knows. Tokens are not mixed, since the two may count differently: a record
 * without any takes those of the other, and the provider's own SDK knows best. Nor is content mixed, since whoever
 * withholds it from one record does not expect it on the other.
 */
export function completeCall(call: LlmCall, other: LlmCall): LlmCall {
  return {
    ...call,
    usage: isCountedByProvider(other) ? other.usage : (call.usage ?? other.usage),
    responseId: call.responseId ?? other.responseId,
    finishReason: call.finishReason ?? other.finishReason,
    streaming: call.streaming ?? other.streaming,
    timeToFirstTokenSeconds: call.timeToFirstTokenSeconds ?? other.timeToFirstTokenSeconds,
    httpStatus: call.httpStatus ?? other.httpStatus,
    cost: call.cost ?? other.cost,
  };
}

function isCountedByProvider({ usage, scope }: LlmCall): boolean {
  return usage?.inputTokens !== undefined && usage.outputTokens !== undefined && isNativeScope(scope.name);
}

/** The calls that count, completed by the records of the same batch that do not. */
export function completeWinners(demotions: ReadonlyMap<LlmCall, Demotion>): Map<LlmCall, LlmCall> {
  const completed = new Map<LlmCall, LlmCall>();
  for (const [other, { sameAs }] of demotions) {
    if (sameAs) completed.set(sameAs, completeCall(completed.get(sameAs) ?? sameAs, other));
  }
  return completed;
}
