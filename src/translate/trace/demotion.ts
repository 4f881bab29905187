import type { LlmCall } from '../call/llm-call.ts';

/** A model call that turned out to be a second record of another, or the sum of others. */
export interface Demotion {
  readonly because: string;
  /** Span that carries the tokens instead, when it is one span. */
  readonly countedOn?: string;
  /** The call is recorded in a trace that is not looked at here. */
  readonly isRecordedElsewhere?: true;
  /** The record that counts, when it is of the same batch. */
  readonly sameAs?: LlmCall;
}

export const SAME_CALL = 'another span records the same model call';

export function repeats(sameAs: LlmCall): Demotion {
  return { because: SAME_CALL, countedOn: sameAs.spanId, sameAs };
}
