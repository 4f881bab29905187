import { RawJson } from './raw-json.ts';
import type { RecordedSource } from './recorded-source.ts';

/**
 * An object of texts, numbers and words that still stands in the JSON it was recorded in. Like `RecordedText`, for the
 * arguments of tool calls.
 */
export class RecordedObject extends RawJson {
  /** Names of the members. */
  readonly names: readonly string[];
  /** The JSON around it. */
  readonly source: RecordedSource;
  readonly #start: number;
  readonly #end: number;

  /**
   * @param start index of the opening brace
   * @param end index behind the closing brace; what stands between is as `JSON.stringify` would write it
   */
  constructor(source: RecordedSource, start: number, end: number, names: readonly string[]) {
    super();
    this.source = source;
    this.#start = start;
    this.#end = end;
    this.names = names;
  }

  get json(): string {
    return this.source.json.slice(this.#start, this.#end);
  }

  get maxValues(): number {
    return this.names.length + 1;
  }

  addTo(pieces: string[]): void {
    pieces.push(this.json);
  }
}
