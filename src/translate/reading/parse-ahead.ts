import { eachHeld, isHolder } from '../../json/json-holder.ts';
import { parseInSteps, TOO_MANY_VALUES } from '../../json/parse-in-steps.ts';
import type { Steps } from '../../json/steps.ts';
import { type Known, type KnownJson, MIN_KNOWN_UNITS, withKnownJson } from '../messages/known-json.ts';
import { beginsAsJson } from '../messages/recorded-json.ts';
import type { SpanView } from '../span/span-view.ts';
import { attributesOf, MIN_LARGE_UNITS } from './large-spans.ts';

/**
 * Values in the JSON of one large span. Ten thousand messages have as many; each value is looked at several times on
 * its way. JSON that goes beyond is sent as the text that it is.
 */
export const MAX_PARSED_VALUES = 50_000;

/** Reads a span once its long texts are parsed, which is done with pauses. */
export function* withJsonParsedAhead<T>(span: SpanView, read: () => T): Steps<T> {
  return withKnownJson(yield* parseAhead(span), read);
}

/** Parses the long texts of a span. Never throws. */
function* parseAhead(span: SpanView): Steps<KnownJson> {
  const parsed = new Map<string, Known>();
  let valuesLeft = MAX_PARSED_VALUES;
  let looseUnitsLeft = MIN_LARGE_UNITS;
  for (const text of longTextsOf(span)) {
    if (parsed.has(text)) continue;
    yield;
    try {
      const value = yield* parseInSteps(text, valuesLeft);
      parsed.set(text, value === TOO_MANY_VALUES ? 'stays text' : { value });
      if (value !== TOO_MANY_VALUES) valuesLeft -= countValues(value, valuesLeft);
    } catch {
      looseUnitsLeft -= text.length;
      parsed.set(text, looseUnitsLeft < 0 ? 'stays text' : 'no JSON');
    }
  }
  return parsed;
}

function longTextsOf(span: SpanView): string[] {
  try {
    return [...attributesOf(span)].flatMap((attributes) =>
      Object.values(attributes).filter(
        (value): value is string =>
          typeof value === 'string' && value.length >= MIN_KNOWN_UNITS && beginsAsJson(value),
      ),
    );
  } catch {
    return [];
  }
}

/** Counts no further than it must. */
function countValues(value: unknown, enough: number): number {
  let count = 0;
  const waiting: unknown[] = [value];
  for (let next = waiting.pop(); next !== undefined && count < enough; next = waiting.pop()) {
    count += 1;
    if (isHolder(next)) eachHeld(next, (_, held) => void (held === undefined || waiting.push(held)));
  }
  return count;
}
