/** Stands in the JSON for what was left out. Any text will do: should it stand in an event, the number of pieces tells. */
const PLACEHOLDER = '\u0001left out\u0001';
const PLACEHOLDER_JSON = JSON.stringify(PLACEHOLDER);

/** What the `stringifyInPieces` under way, which is synchronous, has left out so far. */
let leftOut: string[] | undefined;

/**
 * For `toJSON` of values that have their JSON already.
 * @returns what `toJSON` answers; `undefined` when the value itself is asked for
 */
export function leaveOut(json: string): string | undefined {
  leftOut?.push(json);
  return leftOut && PLACEHOLDER;
}

/**
 * The JSON of a value in pieces to be written one after the other. What it buys: the engine serialises only what is
 * short; what is JSON already is neither serialised again nor joined to the rest.
 *
 * @returns `undefined` for what JSON has no form for
 * @throws whatever `JSON.stringify` throws
 */
export function stringifyInPieces(value: object): readonly string[] | undefined {
  const ready: string[] = [];
  leftOut = ready;
  let json: string | undefined;
  try {
    json = JSON.stringify(value);
  } finally {
    leftOut = undefined;
  }
  if (json === undefined) return undefined;
  if (ready.length === 0) return [json];
  const between = json.split(PLACEHOLDER_JSON);
  if (between.length !== ready.length + 1) return [JSON.stringify(value)];
  const pieces: string[] = [];
  for (let index = 0; index < ready.length; index++) pieces.push(between[index] ?? '', ready[index] ?? '');
  pieces.push(between[ready.length] ?? '');
  return pieces;
}
