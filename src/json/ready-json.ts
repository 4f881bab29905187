/**
 * Something whose JSON is there already. To whoever knows nothing of this class, `JSON.stringify` included, it is the
 * plain value.
 */
export abstract class ReadyJson {
  /** What `JSON.stringify` gives for the plain value, in pieces that belong one behind the other. */
  abstract readonly pieces: readonly string[];

  /** Values that the JSON consists of, or more. */
  abstract readonly maxValues: number;

  abstract toJSON(): unknown;
}

/** Stands in place of something ready: half a surrogate pair, which no text that may be sent consists of. */
export const READY = '\ud800';
const READY_JSON = JSON.stringify(READY);

/** How `JSON.stringify` begins every half of a surrogate pair. A path on a disk may look the same: then in doubt. */
const HALF_PAIR = String.raw`\ud`;

/**
 * `JSON.stringify` of a value, in pieces that belong one behind the other. What it buys: the engine writes all that is
 * small in one go, and what is ready is not written again. Throws where `JSON.stringify` does.
 *
 * @param value in place of everything that is ready it holds `READY`
 * @param ready the pieces of each, in the order of the places
 * @returns `undefined` when in doubt whether each stands in its place: a getter may say something else each time
 */
export function stringifyInPieces(
  value: object,
  ready: readonly ReadyJson['pieces'][],
): string[] | undefined {
  const texts = JSON.stringify(value).split(READY_JSON);
  if (texts.length !== ready.length + 1) return undefined;
  const pieces: string[] = [];
  for (const [index, text] of texts.entries()) {
    if (text.includes(HALF_PAIR)) return undefined;
    pieces.push(text, ...(ready[index] ?? []));
  }
  return pieces;
}
