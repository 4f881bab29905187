import { emptyRetained } from './memory/retained.ts';

/**
 * Something whose JSON is there already. To code that does not know this class, `JSON.stringify` included, it is the
 * plain value.
 */
export abstract class RawJson {
  /** Adds what `JSON.stringify` gives for the plain value, in pieces that belong one behind the other. */
  abstract addTo(pieces: string[]): void;

  /** Values that the JSON consists of, or more. */
  abstract readonly maxValues: number;

  toJSON(): unknown {
    const pieces: string[] = [];
    this.addTo(pieces);
    return JSON.parse(pieces.join(''));
  }
}

/**
 * Stands in place of something ready: a character that no text consists of. It is escaped where it is part of one, so
 * its literal is found nowhere else; and unlike half a surrogate pair it leaves the JSON in the engine's narrow form.
 */
export const READY = '\u0001';
const READY_LITERAL = JSON.stringify(READY);

/** How `JSON.stringify` begins every half of a surrogate pair. A path on a disk may look the same: then in doubt. */
const HALF_PAIR = String.raw`\ud`;

/** Something ready, or a list of nothing else. */
export type ReadyValue = RawJson | readonly RawJson[];

/**
 * `JSON.stringify` of a value, in pieces that belong one behind the other. What it buys: the engine writes all that is
 * small in one go, and what is ready is not written again. Throws where `JSON.stringify` does.
 *
 * @param value in place of everything that is ready it holds `READY`
 * @param ready what belongs there, in the order of the places
 * @returns `undefined` when in doubt whether each stands in its place: a getter may say something else each time
 */
export function stringifyInPieces(value: object, ready: readonly ReadyValue[]): string[] | undefined {
  const json = JSON.stringify(value);
  if (json.includes(HALF_PAIR)) return undefined;
  const pieces = emptyRetained<string>();
  let start = 0;
  for (const place of ready) {
    const end = json.indexOf(READY_LITERAL, start);
    if (end < 0) return undefined;
    pieces.push(json.slice(start, end));
    if (place instanceof RawJson) place.addTo(pieces);
    else addList(place, pieces);
    start = end + READY_LITERAL.length;
  }
  if (json.includes(READY_LITERAL, start)) return undefined;
  pieces.push(json.slice(start));
  return pieces;
}

function addList(list: readonly RawJson[], pieces: string[]): void {
  pieces.push('[');
  for (let index = 0; index < list.length; index++) {
    if (index > 0) pieces.push(',');
    list[index]?.addTo(pieces);
  }
  pieces.push(']');
}
