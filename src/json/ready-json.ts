/**
 * Something whose JSON is there already. To whoever knows nothing of this class, `JSON.stringify` included, it is the
 * plain value.
 */
export abstract class ReadyJson {
  /** What `JSON.stringify` gives for the plain value, in pieces that belong one behind the other. */
  abstract readonly pieces: readonly string[];

  abstract toJSON(): unknown;
}

/** Stands in place of something ready: half a surrogate pair, which no text that may be sent consists of. */
export const READY = '\ud800';
const READY_JSON = JSON.stringify(READY);

/**
 * `JSON.stringify` of a value, in pieces that belong one behind the other. What it buys: the engine writes all that is
 * small in one go, and what is ready is not written again. Throws where `JSON.stringify` does.
 *
 * @param value in place of everything that is ready it holds `READY`
 * @param ready the pieces of each, in the order of the places
 */
export function stringifyInPieces(value: object, ready: readonly ReadyJson['pieces'][]): string[] {
  const pieces: string[] = [];
  const json = JSON.stringify(value);
  let end = 0;
  for (const own of ready) {
    const place = json.indexOf(READY_JSON, end);
    pieces.push(json.slice(end, place), ...own);
    end = place + READY_JSON.length;
  }
  pieces.push(json.slice(end));
  return pieces;
}
