import {
  BACKSLASH,
  CLOSE_LIST,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  isWhiteSpace,
  OPEN_LIST,
  OPEN_OBJECT,
  QUOTE,
} from './json-characters.ts';
import { intern, internedName } from './memory/interned-names.ts';
import { retained } from './memory/retained.ts';
import { RecordedObject } from './recorded-object.ts';
import { RecordedSource } from './recorded-source.ts';
import { RecordedText } from './recorded-text.ts';
import { FIRST_PRINTABLE, loadUnits, nextSpecial, units } from './source-units.ts';

/** Shorter texts are cheaper as strings than as an object that points to them. */
const MIN_RECORDED_LENGTH = 128;

/** Objects of more members are rare, and looking for a name that stands there twice would take long. */
const MAX_NAMES = 32;

/** Numbers come first in an object, wherever they were written; `__proto__` is no name like others. */
const IS_MOVED_NAME = /^(?:\d|__proto__$)/;

const WORDS: ReadonlySet<string> = new Set(['true', 'false', 'null']);
const IS_NUMBER = /^-?\d/;

/** A number as JSON has it (RFC 8259, section 6). */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** What may follow a backslash; `JSON.stringify` writes these as they stand here, other escapes perhaps not. */
const IS_KEPT_ESCAPE = new Uint8Array(128);
for (const letter of '"\\bfnrt') IS_KEPT_ESCAPE[letter.charCodeAt(0)] = 1;

/** A string that is looked for, with the units of its literal. */
export interface ExpectedWord<W extends string> {
  readonly word: W;
  readonly literal: Uint8Array;
}

export function expectedWords<W extends string>(...words: readonly W[]): readonly ExpectedWord<W>[] {
  return words.map((word) => ({
    word,
    literal: Uint8Array.from(`"${word}"`, (character) => character.charCodeAt(0)),
  }));
}

/**
 * Goes over JSON text of an expected shape. At the first thing that is not expected the caller gives up and reads the
 * text by `JSON.parse` instead.
 */
export class LiteralScanner {
  readonly source: string;
  /** Where the next token is looked for. */
  position = 0;
  /** In the literal that was stepped over last; -1 when one of them might be written otherwise. */
  #escapes = 0;
  #recordedSource: RecordedSource | undefined;

  /** Takes the scratch memory: no scanner made before can be used any more. */
  constructor(source: string) {
    this.source = source;
    loadUnits(source);
  }

  /** Steps into a list. Like the steps below: false when something else comes next, and nothing is stepped over then. */
  enterList(): boolean {
    return this.#take(OPEN_LIST);
  }

  leaveList(): boolean {
    return this.#take(CLOSE_LIST);
  }

  enterObject(): boolean {
    return this.#take(OPEN_OBJECT);
  }

  leaveObject(): boolean {
    return this.#take(CLOSE_OBJECT);
  }

  /** Steps over the comma before another item or member. */
  goOn(): boolean {
    return this.#take(COMMA);
  }

  /** Steps over the name of a member, if it is one of these, and its colon. */
  key<W extends string>(words: readonly ExpectedWord<W>[]): W | undefined {
    const key = this.oneOf(words);
    return key !== undefined && this.#take(COLON) ? key : undefined;
  }

  isAtObject(): boolean {
    return this.peek() === OPEN_OBJECT;
  }

  #take(character: number): boolean {
    if (this.peek() !== character) return false;
    this.position += 1;
    return true;
  }

  /** The next character behind white space; 0 at the end. */
  peek(): number {
    let unit = units[this.position] ?? 0;
    while (isWhiteSpace(unit)) {
      this.position += 1;
      unit = units[this.position] ?? 0;
    }
    return unit;
  }

  isAtEnd(): boolean {
    return this.peek() === 0 && this.position >= this.source.length;
  }

  /** Steps over one of these strings. What it buys: words that are expected need not be cut out to be known. */
  oneOf<W extends string>(words: readonly ExpectedWord<W>[]): W | undefined {
    if (this.peek() !== QUOTE) return undefined;
    for (const { word, literal } of words) {
      let index = 1;
      while (index < literal.length && units[this.position + index] === literal[index]) index += 1;
      if (index < literal.length) continue;
      this.position += literal.length;
      return word;
    }
    return undefined;
  }

  /** A short string without escapes (a key, a role); `undefined` for anything else. */
  word(): string | undefined {
    if (this.peek() !== QUOTE) return undefined;
    const start = this.position + 1;
    const end = this.#literalEnd();
    return end < 0 || this.#escapes !== 0 ? undefined : this.source.slice(start, end);
  }

  /** A string of any length; `undefined` where none stands, or one that would have to be escaped anew. */
  text(): string | RecordedText | undefined {
    if (this.peek() !== QUOTE) return undefined;
    const start = this.position + 1;
    const end = this.#keptLiteralEnd();
    if (end < 0) return undefined;
    return end - start < MIN_RECORDED_LENGTH
      ? this.#decoded(start, end)
      : new RecordedText(this.#recordedIn(), start, end, this.#escapes);
  }

  /** A string of any length and with any escapes, where it stands if that is worth it. `undefined` where none stands. */
  anyText(): string | RecordedText | undefined {
    const start = this.position + 1;
    const end = this.#literalEnd();
    if (end < 0) return undefined;
    return end - start < MIN_RECORDED_LENGTH || this.#escapes < 0
      ? this.#decoded(start, end)
      : new RecordedText(this.#recordedIn(), start, end, this.#escapes);
  }

  /** The same, decoded. Throws at an escape that there is not. */
  decodedText(): string | undefined {
    const start = this.position + 1;
    const end = this.#literalEnd();
    return end < 0 ? undefined : this.#decoded(start, end);
  }

  #recordedIn(): RecordedSource {
    this.#recordedSource ??= new RecordedSource(this.source);
    return this.#recordedSource;
  }

  #decoded(start: number, end: number): string {
    return this.#escapes === 0
      ? this.source.slice(start, end)
      : (JSON.parse(this.source.slice(start - 1, end + 1)) as string);
  }

  /** The name of a member and its colon; `undefined` where none stands. */
  anyKey(): string | undefined {
    if (this.peek() !== QUOTE) return undefined;
    const start = this.position + 1;
    const end = this.#literalEnd();
    if (end < 0 || !this.#take(COLON)) return undefined;
    return this.#escapes === 0 && isAscii(start, end)
      ? (internedName(units, start, end) ?? intern(units, start, end, copied(this.source, start, end)))
      : this.#decoded(start, end);
  }

  /** A number, `true`, `false` or `null`; `undefined` where none stands. */
  plainValue(): number | boolean | null | undefined {
    const start = this.position;
    let unit = units[start] ?? 0;
    while (unit > FIRST_PRINTABLE && unit !== COMMA && unit !== CLOSE_OBJECT && unit !== CLOSE_LIST) {
      this.position += 1;
      unit = units[this.position] ?? 0;
    }
    const word = this.source.slice(start, this.position);
    if (word === 'null') return null;
    if (word === 'true' || word === 'false') return word === 'true';
    return NUMBER.test(word) ? Number(word) : undefined;
  }

  /**
   * An object of texts, numbers, `true`, `false` and `null`, if it is written as `JSON.stringify` would write it again;
   * `undefined` for any other, with the position somewhere in it.
   */
  flatObject(): RecordedObject | undefined {
    if (this.peek() !== OPEN_OBJECT) return undefined;
    const start = this.position;
    const names: string[] = [];
    if (units[start + 1] === CLOSE_OBJECT) this.position += 1;
    else {
      do {
        this.position += 1;
        const name = units[this.position] === QUOTE ? this.word() : undefined;
        if (name === undefined || names.length === MAX_NAMES || names.includes(name)) return undefined;
        if (IS_MOVED_NAME.test(name) || units[this.position] !== COLON) return undefined;
        names.push(name);
        this.position += 1;
        if (!this.#isPlainValue()) return undefined;
      } while (units[this.position] === COMMA);
    }
    if (units[this.position] !== CLOSE_OBJECT) return undefined;
    this.position += 1;
    return new RecordedObject(this.#recordedIn(), start, this.position, retained(names));
  }

  /** Steps over a text, number or word as `JSON.stringify` writes it. */
  #isPlainValue(): boolean {
    if (units[this.position] === QUOTE) return this.#keptLiteralEnd() >= 0;
    const start = this.position;
    let unit = units[start] ?? 0;
    while (unit !== COMMA && unit !== CLOSE_OBJECT && unit >= FIRST_PRINTABLE && unit !== QUOTE) {
      this.position += 1;
      unit = units[this.position] ?? 0;
    }
    const word = this.source.slice(start, this.position);
    return WORDS.has(word) || (IS_NUMBER.test(word) && String(Number(word)) === word);
  }

  /** Steps over an object, not looking what is in it. `undefined` when it has no end. */
  skipObject(): string | undefined {
    if (this.peek() !== OPEN_OBJECT) return undefined;
    const start = this.position;
    let depth = 0;
    do {
      const unit = units[this.position] ?? 0;
      if (unit === 0) return undefined;
      if (unit === QUOTE) {
        if (this.#literalEnd() < 0) return undefined;
        continue;
      }
      if (unit === OPEN_OBJECT || unit === OPEN_LIST) depth += 1;
      else if (unit === CLOSE_OBJECT || unit === CLOSE_LIST) depth -= 1;
      this.position += 1;
    } while (depth > 0);
    return this.source.slice(start, this.position);
  }

  /** Index of the closing quote of the literal that begins here, -1 when it is not one as `JSON.stringify` writes it. */
  #keptLiteralEnd(): number {
    const end = this.#literalEnd();
    return this.#escapes < 0 ? -1 : end;
  }

  /** Index of the closing quote of the literal that begins here, -1 when it has none. */
  #literalEnd(): number {
    let escapes = 0;
    let isKept = true;
    let index = this.position + 1;
    for (;;) {
      index = nextSpecial(index);
      const unit = units[index];
      if (unit === QUOTE) {
        this.position = index + 1;
        this.#escapes = isKept ? escapes : -1;
        return index;
      }
      const escaped = units[index + 1] ?? 0;
      if (unit !== BACKSLASH || escaped === 0) return -1;
      isKept &&= IS_KEPT_ESCAPE[escaped] === 1;
      escapes += 1;
      index += 2;
    }
  }
}

/** Other units stand for themselves in part only. */
function isAscii(start: number, end: number): boolean {
  let all = 0;
  for (let index = start; index < end; index += 1) all |= units[index] ?? 0;
  return all < 0x80;
}

/** The engine's own copy of a name. A slice of the source would keep that alive. */
function copied(source: string, start: number, end: number): string {
  return Object.keys({ [source.slice(start, end)]: true })[0] ?? '';
}
