import type { LlmCall } from '../call/llm-call.ts';
import type { Usage } from '../call/usage.ts';
import type { Demotion } from './demotion.ts';
import { isNativeScope } from './same-call.ts';

/**
 * What only the other record of the same call knows. Tokens are not mixed, since the two may count differently: a record
 * without any takes those of the other, and the provider's own SDK knows best. Nor is content mixed, since whoever
 * withholds it from one record does not expect it on the other.
 */
export function completeCall(call: LlmCall, other: LlmCall): LlmCall {
  return {
    ...call,
    usage: usageOf(call, other),
    responseId: call.responseId ?? other.responseId,
    finishReason: call.finishReason ?? other.finishReason,
    streaming: call.streaming ?? other.streaming,
    timeToFirstTokenSeconds: call.timeToFirstTokenSeconds ?? other.timeToFirstTokenSeconds,
    httpStatus: call.httpStatus ?? other.httpStatus,
    cost: call.cost ?? other.cost,
  };
}

function usageOf({ usage }: LlmCall, other: LlmCall): Usage | undefined {
  if (usage === undefined || other.usage === undefined) return usage ?? other.usage;
  return isCountedByProvider(other) ? withoutNews(other.usage, usage) : usage;
}

/** The counts without zeros that the other record has no count for, which stand for nothing that is billed. */
function withoutNews(usage: Usage, known: Usage): Usage {
  // The two lifetimes of written tokens count together only.
  const isSplit = (usage.cacheWrite5mTokens ?? 0) + (usage.cacheWrite1hTokens ?? 0) > 0;
  const hasCountOf = (name: string) =>
    known[name as keyof Usage] !== undefined || (isSplit && name.startsWith('cacheWrite'));
  const stated = Object.entries(usage).filter(([name, count]) => count !== 0 || hasCountOf(name));
  const kept: Usage = Object.fromEntries(stated);
  const knowsCache = kept.cacheReadTokens !== undefined || kept.cacheWriteTokens !== undefined;
  return knowsCache ? kept : { ...kept, cacheReporting: undefined };
}

/** Of a span around a call, which writes zeros for what it does not know. */
export function withoutZeros(usage: Usage): Usage {
  return withoutNews(usage, {});
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
