import { BACKSLASH, COLON, isWhiteSpace } from './json-characters.ts';
import { eachHeld, type Holder, isHolder } from './json-holder.ts';
import { STEP_UNITS, type Steps } from './steps.ts';

/** Shorter texts are left to `JSON.parse`. */
const MIN_LONG_UNITS = STEP_UNITS / 4;

/** Objects and lists that are looked through between two pauses. */
const STEP_HOLDERS = 10_000;

/**
 * Begins a text that stands for another. A text that begins so itself is replaced as well, and there is one way only to
 * write this character in JSON, so none is taken for another.
 */
const PLACE = '\u0001';
const PLACE_LITERAL = String.raw`"\u0001`;

/**
 * `JSON.parse`, with pauses within and between long texts, which are what makes JSON large. Throws as it does. Many
 * small values are parsed in one go.
 */
export function* parseInSteps(json: string): Steps<unknown> {
  if (json.length <= STEP_UNITS) return JSON.parse(json);
  const texts: string[] = [];
  const rest: string[] = [];
  let copied = 0;
  let pausedAt = 0;
  for (let start = json.indexOf('"'); start >= 0; ) {
    const end = literalEnd(json, start);
    if (end < 0) return JSON.parse(json);
    const isReplaced = end - start >= MIN_LONG_UNITS || json.startsWith(PLACE_LITERAL, start);
    if (isReplaced && !isKey(json, end)) {
      rest.push(json.slice(copied, start), `${PLACE_LITERAL}${texts.length}"`);
      texts.push(yield* decodeInSteps(json, start + 1, end - 1));
      copied = end;
    }
    if (end - pausedAt >= STEP_UNITS) {
      pausedAt = end;
      yield;
    }
    start = json.indexOf('"', end);
  }
  rest.push(json.slice(copied));
  const value: unknown = JSON.parse(rest.join(''));
  yield;
  return texts.length === 0 ? value : yield* putBack(value, texts);
}

/** Behind the closing quote of a literal; -1 when there is none. */
function literalEnd(json: string, start: number): number {
  for (let end = json.indexOf('"', start + 1); end >= 0; end = json.indexOf('"', end + 1)) {
    if (backslashesBefore(json, end, start + 1) % 2 === 0) return end + 1;
  }
  return -1;
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
  let looked = 0;
  for (let holder = waiting.pop(); holder !== undefined; holder = waiting.pop()) {
    const within = holder;
    eachHeld(within, (key, held) => {
      if (isHolder(held)) waiting.push(held);
      else if (typeof held === 'string' && held.startsWith(PLACE)) within[key] = texts[Number(held.slice(1))];
    });
    looked += 1;
    if (looked % STEP_HOLDERS === 0) yield;
  }
  return root['value'];
}
