import { STEP_UNITS, type Steps } from '../../json/steps.ts';
import type { LlmCall } from '../call/llm-call.ts';
import type { PostHogEvent } from '../posthog-event.ts';
import { applyPrivacy, type ContentPolicy } from './apply-privacy.ts';
import type { Redactor } from './redactors.ts';

/** Texts together, which all redactors look through in some milliseconds. */
const PART_UNITS = STEP_UNITS / 4;

/** What a text costs besides its length, in units. */
const UNITS_PER_TEXT = 32;

/**
 * Redacts the texts of a large event ahead, with pauses, so that `applyPrivacy` finds them done.
 * @returns stands in place of the redactors, for this event and once
 */
export function* redactAhead(
  event: PostHogEvent,
  call: LlmCall | undefined,
  policy: ContentPolicy,
  redactors: readonly Redactor[],
): Steps<Pick<Redactor, 'redact'>> {
  // In the order in which they are asked for. Functions of the application are called once, when it counts.
  const texts: string[] = [];
  const redact = (text: string) => {
    texts.push(text);
    return text;
  };
  applyPrivacy(event, call, { ...policy, mask: undefined, redact: [{ redact }] });
  yield;
  const redacted = yield* redactAllInSteps(texts, redactors);
  let next = 0;
  return {
    redact: (text) => {
      if (text !== texts[next]) return redactAtOnce(text, redactors);
      next += 1;
      return redacted[next - 1] ?? redactAtOnce(text, redactors);
    },
  };
}

/** Each text as all redactors in their order leave it. */
export function* redactAllInSteps(texts: readonly string[], redactors: readonly Redactor[]): Steps<string[]> {
  const redacted: string[] = [];
  let units = 0;
  for (const text of texts) {
    units += text.length + UNITS_PER_TEXT;
    if (units > PART_UNITS) {
      units = 0;
      yield;
    }
    const isShort = text.length <= PART_UNITS;
    redacted.push(isShort ? redactAtOnce(text, redactors) : yield* redactInSteps(text, redactors));
  }
  return redacted;
}

/** As all redactors in their order. */
function* redactInSteps(text: string, redactors: readonly Redactor[]): Steps<string> {
  let rest = text;
  for (const redactor of redactors) {
    rest = yield* redactor.redactInSteps(rest);
    yield;
  }
  return rest;
}

function redactAtOnce(text: string, redactors: readonly Redactor[]): string {
  return redactors.reduce((rest, redactor) => redactor.redact(rest), text);
}
