import type { Cost } from '../call/cost.ts';
import type { LlmCall } from '../call/llm-call.ts';
import type { Usage } from '../call/usage.ts';

/**
 * Models whose reasoning tokens PostHog adds to the output tokens when it prices a call, by the name after the last
 * slash (`output-costs.ts` of its cost pipeline).
 */
const REASONING_ADDED_BY_POSTHOG = /^gemini-(?:2\.5|3(?:\.\d+)?)-/;

function isReasoningAdded({ model }: LlmCall): boolean {
  if (model === undefined) return false;
  return REASONING_ADDED_BY_POSTHOG.test(model.slice(model.lastIndexOf('/') + 1).toLowerCase());
}

/**
 * PostHog takes reasoning as part of the output, except for the Gemini models above. Where the instrumentation counts it
 * apart for another model, it is added.
 */
export function outputTokens(usage: Usage, call: LlmCall): number | undefined {
  const { outputTokens: output, reasoningTokens } = usage;
  const isApart = usage.reasoningReporting === 'exclusive' && !isReasoningAdded(call);
  return isApart && output !== undefined ? output + (reasoningTokens ?? 0) : output;
}

/**
 * PostHog bills this figure in place of the output tokens, for every model. So it is sent only where PostHog would bill
 * something twice without it: a Gemini model whose output includes the reasoning that PostHog adds. Images and audio
 * are billed on top of it as well.
 */
export function textOutputTokens(usage: Usage, call: LlmCall): number | undefined {
  const { outputTokens: output, reasoningTokens, audioOutputTokens, imageOutputTokens } = usage;
  if (output === undefined || !reasoningTokens || usage.reasoningReporting !== 'inclusive') return undefined;
  if (!isReasoningAdded(call)) return undefined;
  return Math.max(0, output - reasoningTokens - (audioOutputTokens ?? 0) - (imageOutputTokens ?? 0));
}

/**
 * PostHog takes a total only with the passthrough flag. Without one, both sides are sent when neither is zero; a
 * zero side would make PostHog estimate, so then the sum is passed through.
 */
export function costProperty(
  cost: Cost,
  figure: 'input' | 'output' | 'total' | 'passthrough',
): number | boolean | undefined {
  const { inputUsd, outputUsd } = cost;
  const hasFreeSide =
    inputUsd !== undefined && outputUsd !== undefined && (inputUsd === 0 || outputUsd === 0);
  const totalUsd = cost.totalUsd ?? (hasFreeSide ? inputUsd + outputUsd : undefined);
  switch (figure) {
    case 'input':
      return inputUsd;
    case 'output':
      return outputUsd;
    case 'total':
      return totalUsd;
    case 'passthrough':
      return totalUsd === undefined ? undefined : true;
  }
}

/** A clock that ran backwards measured nothing. */
export function latencySeconds({ startTimeMs, endTimeMs }: LlmCall): number | undefined {
  if (startTimeMs === undefined || endTimeMs === undefined || endTimeMs < startTimeMs) return undefined;
  return Math.round((endTimeMs - startTimeMs) * 1000) / 1e6;
}
