import { eachHeld, type Holder, isHolder } from './json-holder.ts';
import { eachPart, partsOf, STEP_UNITS, type Steps, workOff } from './steps.ts';

/** Shorter texts are left to `JSON.stringify`. */
const MIN_LONG_UNITS = STEP_UNITS / 4;

/** Begins a text that stands for another, which is written apart; a text that begins so itself is written apart too. */
const PLACE = '\u0001';
const PLACE_LITERAL = String.raw`"\u0001`;

interface Apart {
  readonly holder: Holder;
  readonly key: string | number;
  readonly text: string;
}

/**
 * `JSON.stringify` of parsed JSON, in pieces that belong one behind the other, with pauses within and between long
 * texts. The value is changed meanwhile and as it was in the end. Many small values are written in one go.
 */
export function* stringifyInSteps(value: Holder): Steps<readonly string[]> {
  const apart = yield* takeLongTexts(value);
  const json = JSON.stringify(value);
  for (const { holder, key, text } of apart) holder[key] = text;
  yield;
  const pieces: string[] = [];
  let copied = 0;
  for (let at = json.indexOf(PLACE_LITERAL); at >= 0; at = json.indexOf(PLACE_LITERAL, at + 1)) {
    const end = json.indexOf('"', at + 1) + 1;
    const text = apart[Number(json.slice(at + PLACE_LITERAL.length, end - 1))]?.text;
    // Within a text the quote is escaped; a name may begin so.
    if (text === undefined || json[at - 1] === '\\' || json[end] === ':') continue;
    pieces.push(json.slice(copied, at + 1));
    for (const part of partsOf(text)) {
      pieces.push(JSON.stringify(part).slice(1, -1));
      if (part.length === STEP_UNITS) yield;
    }
    copied = end - 1;
  }
  pieces.push(json.slice(copied));
  return pieces;
}

function* takeLongTexts(value: Holder): Steps<readonly Apart[]> {
  const apart: Apart[] = [];
  const waiting: Holder[] = [value];
  yield* workOff(waiting, (holder) => {
    eachHeld(holder, (key, held) => {
      if (isHolder(held)) waiting.push(held);
      else if (typeof held === 'string' && (held.length >= MIN_LONG_UNITS || held.startsWith(PLACE))) {
        apart.push({ holder, key, text: held });
        holder[key] = `${PLACE}${apart.length - 1}`;
      }
    });
  });
  return apart;
}

/** UTF-8 in memory of its own. */
export function* encodeInSteps(pieces: readonly string[]): Steps<Buffer> {
  const memory = Buffer.allocUnsafeSlow(yield* byteLengthInSteps(pieces));
  let bytes = 0;
  yield* eachPart(pieces, (part) => {
    bytes += memory.write(part, bytes);
  });
  return memory;
}

/** Bytes that the pieces take as UTF-8. */
export function* byteLengthInSteps(pieces: readonly string[]): Steps<number> {
  let bytes = 0;
  yield* eachPart(pieces, (part) => {
    bytes += Buffer.byteLength(part);
  });
  return bytes;
}
