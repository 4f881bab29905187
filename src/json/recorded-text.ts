import { ReadyJson } from './ready-json.ts';

/**
 * A text that still stands in the JSON it was recorded in.
 *
 * What it buys: prompts and answers, nearly all bytes of an event, are neither decoded into new strings nor escaped
 * again; their literal is copied from the attribute into the request. Whoever asks for the text gets it decoded.
 */
export class RecordedText extends ReadyJson {
  readonly #source: string;
  readonly #start: number;
  readonly #end: number;
  readonly #hasEscapes: boolean;

  /**
   * @param source JSON text
   * @param start index of the first character behind the opening quote
   * @param end index of the closing quote; what stands between is a valid literal as `JSON.stringify` would write it
   * @param hasEscapes whether there is a backslash between
   */
  constructor(source: string, start: number, end: number, hasEscapes: boolean) {
    super();
    this.#source = source;
    this.#start = start;
    this.#end = end;
    this.#hasEscapes = hasEscapes;
  }

  /** The literal without its quotes. It has at least as many characters as the text. */
  get literal(): string {
    return this.#source.slice(this.#start, this.#end);
  }

  /** The literal with its quotes. */
  get json(): string {
    return this.#source.slice(this.#start - 1, this.#end + 1);
  }

  get maxValues(): number {
    return 1;
  }

  get pieces(): readonly string[] {
    return [this.json];
  }

  /** The text itself. */
  get text(): string {
    return this.#hasEscapes ? (JSON.parse(this.json) as string) : this.literal;
  }

  toJSON(): string {
    return this.text;
  }
}
