import { RawJson } from './raw-json.ts';
import type { RecordedSource } from './recorded-source.ts';

/**
 * A text that still stands in the JSON it was recorded in.
 *
 * What it buys: prompts and answers, nearly all bytes of an event, are neither decoded into new strings nor escaped
 * again; their literal is copied from the attribute into the request. Reading the text decodes it.
 */
export class RecordedText extends RawJson {
  /** The JSON around it. */
  readonly source: RecordedSource;
  readonly #start: number;
  readonly #end: number;
  readonly #escapes: number;

  /**
   * @param start index of the first character behind the opening quote
   * @param end index of the closing quote; what stands between is a valid literal as `JSON.stringify` would write it
   * @param escapes how many escaped characters, of two signs each, stand between
   */
  constructor(source: RecordedSource, start: number, end: number, escapes: number) {
    super();
    this.source = source;
    this.#start = start;
    this.#end = end;
    this.#escapes = escapes;
  }

  /** The literal without its quotes. It has at least as many characters as the text. */
  get literal(): string {
    return this.source.json.slice(this.#start, this.#end);
  }

  /** The literal with its quotes. */
  get json(): string {
    return this.source.json.slice(this.#start - 1, this.#end + 1);
  }

  /** The first UTF-16 unit of the literal: that of the text, if the text does not begin with an escaped one. */
  get firstUnit(): number {
    return this.source.json.charCodeAt(this.#start);
  }

  get maxValues(): number {
    return 1;
  }

  addTo(pieces: string[]): void {
    pieces.push(this.json);
  }

  /** The text itself. */
  get text(): string {
    return this.#escapes > 0 ? (JSON.parse(this.json) as string) : this.literal;
  }

  /** Characters of the text. */
  get length(): number {
    return this.#end - this.#start - this.#escapes;
  }

  override toJSON(): string {
    return this.text;
  }
}
