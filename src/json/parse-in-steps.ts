import { BACKSLASH, COLON, COMMA, isWhiteSpace, OPEN_LIST, OPEN_OBJECT } from './json-characters.ts';
import { eachHeld, type Holder, isHolder } from './json-holder.ts';
import { STEP_UNITS, type Steps, workOff } from './steps.ts';

/** Shorter texts are left to `JSON.parse`. */
const MIN_LONG_UNITS = STEP_UNITS / 4;

/**
 * Begins a text that stands for another. A text that begins so itself is replaced as well, and there is one way only to
 * write this character in JSON, so none is taken for another.
 */
const PLACE = '\u0001';
const PLACE_LITERAL = String.raw`"\u0001`;

/**
 * `JSON.parse`, with pauses within and between long texts, which are what makes JSON large. Throws as it does. Many
 * small values are parsed in one go.
 * @param maxValues what has more than so many, or a few thousand more, is not parsed
 * @returns `TOO_MANY_VALUES` for that
 */
export function* parseInSteps(json: string, maxValues = Number.POSITIVE_INFINITY): Steps<unknown> {
  if (json.length <= STEP_UNITS && maxValues === Number.POSITIVE_INFINITY) return JSON.parse(json);
  const texts: string[] = [];
  const rest: string[] = [];
  let copied = 0;
  let pausedAt = 0;
  let behind = 0;
  let commasLeft = maxValues;
  // Of values within values there may be many without a comma.
  let holdersLeft = maxValues;
  for (let start = json.indexOf('"'); ; ) {
    const gapEnd = start < 0 ? json.length : start;
    for (let from = behind; from < gapEnd; from += STEP_UNITS) {
      if (from > behind) yield;
      const to = Math.min(gapEnd, from + STEP_UNITS);
      commasLeft -= countBetween(json, from, to, isComma, commasLeft);
      holdersLeft -= countBetween(json, from, to, opensHolder, holdersLeft);
    }
    if (commasLeft < 0 || holdersLeft < 0) return TOO_MANY_VALUES;
    if (start < 0) break;
    let end = literalEnd(json, start + 1, start + 1);
    for (; end.isOpen; end = literalEnd(json, start + 1, end.at)) yield;
    if (end.at < 0) return JSON.parse(json);
    behind = end.at;
    const isReplaced = end.at - start >= MIN_LONG_UNITS || json.startsWith(PLACE_LITERAL, start);
    if (isReplaced && !isKey(json, end.at)) {
      rest.push(json.slice(copied, start), `${PLACE_LITERAL}${texts.length}"`);
      texts.push(yield* decodeInSteps(json, start + 1, end.at - 1));
      copied = end.at;
    }
    if (end.at - pausedAt >= STEP_UNITS) {
      pausedAt = end.at;
      yield;
    }
    start = json.indexOf('"', end.at);
  }
  rest.push(json.slice(copied));
  const value: unknown = JSON.parse(rest.join(''));
  yield;
  return texts.length === 0 ? value : yield* putBack(value, texts);
}

/** Stands for JSON of more values than were asked for. */
export const TOO_MANY_VALUES = Symbol('too many values');

/** Counts no further than it must. */
function countBetween(
  json: string,
  from: number,
  to: number,
  counts: (unit: number) => boolean,
  enough: number,
): number {
  let count = 0;
  for (let at = from; at < to && count <= enough; at++) if (counts(json.charCodeAt(at))) count += 1;
  return count;
}

const isComma = (unit: number): boolean => unit === COMMA;
const opensHolder = (unit: number): boolean => unit === OPEN_LIST || unit === OPEN_OBJECT;

/** Quotes within a literal that are passed between two pauses. */
const STEP_QUOTES = 4_096;

/**
 * Where the closing quote of a literal ends; -1 when there is none. After many quotes that do not close it: from where to
 * go on.
 * @param start of the literal, behind its opening quote
 */
function literalEnd(
  json: string,
  start: number,
  from: number,
): { readonly at: number; readonly isOpen: boolean } {
  let at = json.indexOf('"', from);
  for (let quotes = 0; at >= 0; at = json.indexOf('"', at + 1)) {
    if (backslashesBefore(json, at, start) % 2 === 0) return { at: at + 1, isOpen: false };
    quotes += 1;
    if (quotes === STEP_QUOTES) return { at: at + 1, isOpen: true };
  }
  return { at: -1, isOpen: false };
}

function backslashesBefore(json: string, index: number, from: number): number {
  let first = index;
  while (first > from && json.charCodeAt(first - 1) === BACKSLASH) first -= 1;
  return index - first;
}

function isKey(json: string, end: number): boolean {
  let next = end;
  while (isWhiteSpace(json.charCodeAt(next))) next += 1;
  return json.charCodeAt(next) === COLON;
}

function* decodeInSteps(json: string, start: number, end: number): Steps<string> {
  const parts: string[] = [];
  for (let from = start; from < end; ) {
    const to = Math.min(wholeEscapes(json, from, from + STEP_UNITS), end);
    parts.push(JSON.parse(`"${json.slice(from, to)}"`));
    from = to;
    if (from < end) yield;
  }
  return parts.join('');
}

/** The place, or one shortly before it, that is not within an escape. */
function wholeEscapes(json: string, from: number, to: number): number {
  for (let index = to - 1; index >= to - '\\u000'.length; index--) {
    if (json.charCodeAt(index) !== BACKSLASH) continue;
    // The second of a pair ends an escape.
    if (backslashesBefore(json, index, from) % 2 === 1) return to;
    const isWhole = json[index + 1] !== 'u' && index + 1 < to;
    return isWhole ? to : index;
  }
  return to;
}

function* putBack(value: unknown, texts: readonly string[]): Steps<unknown> {
  const root: Holder = { value };
  const waiting: Holder[] = [root];
  yield* workOff(waiting, (holder) => {
    eachHeld(holder, (key, held) => {
      if (isHolder(held)) waiting.push(held);
      else if (typeof held === 'string' && held.startsWith(PLACE)) holder[key] = texts[Number(held.slice(1))];
    });
  });
  return root['value'];
}
