import { RawJson } from './raw-json.ts';

/**
 * A value that many events have in common, with its JSON.
 *
 * What it buys: an application offers the same tools on every call. They are read, mapped, checked and serialised once.
 */
export class CachedJson extends RawJson {
  readonly value: object;
  readonly maxValues: number;
  readonly #json: string;

  /** @param json what `JSON.stringify` gives for the value */
  constructor(value: object, json: string) {
    super();
    this.value = value;
    this.maxValues = json.length;
    this.#json = json;
  }

  addTo(pieces: string[]): void {
    pieces.push(this.#json);
  }

  override toJSON(): object {
    return this.value;
  }
}
