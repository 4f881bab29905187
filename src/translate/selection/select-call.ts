import type { LlmCall } from '../call/llm-call.ts';
import type { Selection } from '../trace/resolve-batch.ts';
import type { RuleTest } from './compile-rule.ts';
import { type Sampling, sampleCall } from './sample.ts';

/** Decides of one call whether it is sent. Anything that counts as true keeps the call. */
export type CallFilter = (call: LlmCall) => boolean;

export interface SelectionOptions {
  readonly rules: RuleTest | undefined;
  readonly filter: CallFilter | undefined;
  readonly sampling: Sampling;
}

/** Why calls are not sent. */
export type SelectionFate = 'filtered' | 'sampled-out';

/**
 * Rules, then the filter function, then the sample.
 *
 * A filter that throws, or answers with a promise, keeps nothing: it may be there to hold something back.
 *
 * @param onLeftOut called with each call that is not sent
 * @param onFilterError called when the filter function failed
 */
export function createSelector(
  { rules, filter, sampling }: SelectionOptions,
  onLeftOut: (call: LlmCall, fate: SelectionFate) => void,
  onFilterError: () => void,
): (call: LlmCall) => Selection {
  const leaveOut = (call: LlmCall, fate: SelectionFate): Selection => {
    onLeftOut(call, fate);
    return { isSent: false };
  };
  return (call) => {
    if (rules && !rules(call)) return leaveOut(call, 'filtered');
    if (filter && !passes(filter, call, onFilterError)) return leaveOut(call, 'filtered');
    const sample = sampleCall(call, sampling);
    if (!sample.isSent) return leaveOut(call, 'sampled-out');
    return sample.weight === undefined ? { isSent: true } : { isSent: true, weight: sample.weight };
  };
}

function passes(filter: CallFilter, call: LlmCall, onFilterError: () => void): boolean {
  try {
    const answer: unknown = filter(call);
    if (!(answer instanceof Promise)) return Boolean(answer);
    answer.catch(() => {});
  } catch {
    // Reported below, as every failure.
  }
  onFilterError();
  return false;
}
