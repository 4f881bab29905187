import type { LlmCall } from '../call/llm-call.ts';

/** Decides for one call whether its content is withheld. An exception counts as `true`. */
export type PrivacyDecision = (call: LlmCall) => boolean;

/**
 * Whether the content of a call is withheld. Four places can ask for it and one is enough: the span's attributes
 * (`posthog.privacy_mode`, `trace.privacy_mode`) and the scope helper, both of which stand in `call.privacyRequested`;
 * the option and the environment, which the configuration merges into `option`.
 *
 * Fails closed: a function that throws, or that answers with anything but `true` or `false` (a promise, for example),
 * withholds the content.
 *
 * @param option `undefined` asks for nothing
 */
export function decidePrivacy(
  call: LlmCall,
  option: boolean | ((call: LlmCall) => unknown) | undefined,
): boolean {
  if (call.privacyRequested !== false) return true;
  if (option === undefined || option === false) return false;
  return typeof option === 'function' ? answerOf(option, call) !== false : true;
}

function answerOf(decide: (call: LlmCall) => unknown, call: LlmCall): unknown {
  try {
    const answer = decide(call);
    ignoreRejection(answer);
    return answer;
  } catch {
    return true;
  }
}

/** A promise that is not awaited must not end the process with an unhandled rejection. */
export function ignoreRejection(answer: unknown): void {
  if (answer instanceof Promise) answer.catch(() => {});
}
