import type { Cost } from '../call/cost.ts';
import type { LlmCall } from '../call/llm-call.ts';
import type { Usage } from '../call/usage.ts';

/** Models whose reasoning tokens PostHog adds to the output tokens when it prices a call. */
const REASONING_ADDED_BY_POSTHOG = /gemini-(?:2\.5|3)/i;

/**
 * PostHog takes reasoning as part of the output, except for the Gemini models above. Where the instrumentation counts it
 * apart for another model, it is added.
 */
export function outputTokens(usage: Usage, { model }: LlmCall): number | undefined {
  const { outputTokens: output, reasoningTokens } = usage;
  const isApart = usage.reasoningReporting === 'exclusive' && !REASONING_ADDED_BY_POSTHOG.test(model ?? '');
  return isApart && output !== undefined ? output + (reasoningTokens ?? 0) : output;
}

/** For those Gemini models, an output that includes reasoning must be named apart, or reasoning is billed twice. */
export function textOutputTokens(usage: Usage, { model }: LlmCall): number | undefined {
  const { outputTokens: output, reasoningTokens, textOutputTokens: text } = usage;
  if (text !== undefined || output === undefined || reasoningTokens === undefined) return text;
  const isIncluded = usage.reasoningReporting === 'inclusive' && REASONING_ADDED_BY_POSTHOG.test(model ?? '');
  return isIncluded ? Math.max(0, output - reasoningTokens) : undefined;
}

/**
 * A total is kept by PostHog only with the passthrough flag. Without one, both sides are kept when neither is zero; a
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
