import type { LlmCall } from '../call/llm-call.ts';
import type { ContentKind } from './content-row.ts';
import { ignoreRejection } from './decide-privacy.ts';

/** What a mask gets besides a text. */
export interface MaskContext {
  readonly kind: ContentKind;
  /** Role of the message that the text is part of: `user`, `assistant`, `tool`, … */
  readonly role: string | undefined;
  /** The call as it was understood, unmasked; only for reading. */
  readonly call: LlmCall | undefined;
}

/** Sees every text of every content value and returns what is sent in its place. Synchronous. */
export type Mask = (value: string, context: MaskContext) => string;

/** Stands in place of a text whose mask failed. */
export const MASKED = '[masked]';

/** The mask's answer; `[masked]` when it throws or answers with anything but text (a promise, for example). */
export function maskText(mask: Mask, text: string, context: MaskContext): string {
  try {
    const answer: unknown = mask(text, context);
    if (typeof answer === 'string') return answer;
    ignoreRejection(answer);
    return MASKED;
  } catch {
    return MASKED;
  }
}
