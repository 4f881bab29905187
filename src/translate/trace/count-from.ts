import { isModelCall, type LlmCall } from '../call/llm-call.ts';

/** Which side records calls that go through OpenRouter, when Broadcast and the application both do. */
export type CountFrom = 'both' | 'broadcast' | 'application';

/**
 * Whether a call is left to the other side, by what stands on it alone: a call that Broadcast records, or one that an
 * application made through OpenRouter.
 */
export function isLeftToOther(call: LlmCall, countFrom: CountFrom): boolean {
  if (countFrom === 'both' || !isModelCall(call.kind)) return false;
  if (isFromBroadcast(call)) return countFrom === 'application';
  return countFrom === 'broadcast' && isThroughOpenRouter(call);
}

/** Whether OpenRouter itself recorded the call. */
export function isFromBroadcast({ scope, service }: LlmCall): boolean {
  return scope.name === 'openrouter' || service['service.name'] === 'openrouter';
}

function isThroughOpenRouter({ provider, baseUrl }: LlmCall): boolean {
  return provider === 'openrouter' || /(?:^|[/.@])openrouter\.ai(?:[:/]|$)/.test(baseUrl ?? '');
}
