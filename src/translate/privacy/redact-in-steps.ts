import type { Steps } from '../../json/steps.ts';
import type { LlmCall } from '../call/llm-call.ts';
import type { PostHogEvent } from '../posthog-event.ts';
import { applyPrivacy, type ContentPolicy } from './apply-privacy.ts';
import { PART_UNITS, partsToRedact } from './patterns/parts.ts';
import type { Redactor } from './redactors.ts';

/** What a text costs besides its length, in units. */
const UNITS_PER_TEXT = 32;

/**
 * Redacts the texts of a large event ahead, with pauses, so that `applyPrivacy` finds them done.
 * @returns stands in place of the redactors, for this event and once
 */
export function* redactAhead(
  event: PostHogEvent,
  call: LlmCall,
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

function* redactAllInSteps(texts: readonly string[], redactors: readonly Redactor[]): Steps<string[]> {
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

/** As all redactors in their order, with a pause after each part. */
export function* redactInSteps(
  text: string,
  redactors: readonly Redactor[],
  partUnits = PART_UNITS,
): Steps<string> {
  let rest = text;
  let due: Redactor[] = [];
  for (const redactor of redactors) {
    if (redactor.blocks?.mayBeIn(rest)) {
      rest = redactor.blocks.redact(yield* redactParts(rest, due, partUnits));
      due = [];
      yield;
    }
    due.push(redactor);
  }
  return yield* redactParts(rest, due, partUnits);
}

function* redactParts(text: string, redactors: readonly Redactor[], partUnits: number): Steps<string> {
  const parts: string[] = [];
  for (const part of partsToRedact(text, partUnits)) {
    if (parts.length > 0) yield;
    let rest = part;
    for (const redactor of redactors) {
      // One word, or nothing but numbers.
      if (rest.length > 4 * partUnits) yield;
      rest = redactor.redactPart(rest);
    }
    parts.push(rest);
  }
  return parts.length === 1 ? (parts[0] ?? '') : parts.join('');
}

function redactAtOnce(text: string, redactors: readonly Redactor[]): string {
  return redactors.reduce((rest, redactor) => redactor.redact(rest), text);
}
