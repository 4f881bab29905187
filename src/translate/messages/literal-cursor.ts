const SPACE = /\s*/y;
const NUMBER = /[-+]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/y;
const NAME = /[A-Za-z_][\w.]*/y;

/** A text, and how far it is read: the words that structured texts are made of. */
export class LiteralCursor {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The character after white space, not yet taken; `undefined` at the end. */
  next(): string | undefined {
    SPACE.lastIndex = this.#at;
    SPACE.exec(this.#text);
    this.#at = SPACE.lastIndex;
    return this.character();
  }

  /** The character that stands here, be it white space. */
  character(): string | undefined {
    return this.#text[this.#at];
  }

  /** The next characters, not taken. */
  ahead(count: number): string {
    return this.#text.slice(this.#at, this.#at + count);
  }

  /** What stands before the next of a character, not taken; `undefined` when none follows. */
  before(character: string): string | undefined {
    const end = this.#text.indexOf(character, this.#at);
    return end < 0 ? undefined : this.#text.slice(this.#at, end);
  }

  take(count = 1): void {
    this.#at += count;
  }

  takeRest(): void {
    this.#at = this.#text.length;
  }

  takeNumber(): string | undefined {
    return this.#take(NUMBER);
  }

  takeName(): string | undefined {
    return this.#take(NAME);
  }

  /** The name of `name=`, taken; `undefined` when no such name stands here. */
  takeKeyword(): string | undefined {
    const start = this.#at;
    const name = this.takeName();
    if (name !== undefined && this.character() === '=') {
      this.#at += 1;
      return name;
    }
    this.#at = start;
    return undefined;
  }

  /** What stands in quotes, with its escapes read. Where the text ends before the quotes do, not all of it is taken. */
  takeQuoted(quote: string): { readonly text: string; readonly isWhole: boolean } {
    const source = this.#text;
    let text = '';
    let start = this.#at + 1;
    let at = start;
    for (; at < source.length; at++) {
      const character = source[at];
      if (character === quote) {
        this.#at = at + 1;
        return { text: text + source.slice(start, at), isWhole: true };
      }
      if (character !== '\\') continue;
      const escaped = readEscape(source, at);
      text += source.slice(start, at);
      if (escaped === undefined) return { text, isWhole: false };
      text += escaped.text;
      at += escaped.length - 1;
      start = at + 1;
    }
    return { text: text + source.slice(start), isWhole: false };
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at = pattern.lastIndex;
    return found;
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\x07',
  '0': '\0',
};

/** Digits after the letter of an escape. */
const CODE_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** `undefined` when the text ends within the escape. */
function readEscape(
  source: string,
  at: number,
): { readonly text: string; readonly length: number } | undefined {
  const letter = source[at + 1];
  if (letter === undefined) return undefined;
  const digits = CODE_DIGITS[letter];
  if (digits === undefined) return { text: ESCAPES[letter] ?? letter, length: 2 };
  const code = source.slice(at + 2, at + 2 + digits);
  if (code.length < digits) return undefined;
  const point = Number.parseInt(code, 16);
  if (!/^[\da-fA-F]+$/.test(code) || point > 0x10ffff) return { text: letter, length: 2 };
  return { text: String.fromCodePoint(point), length: 2 + digits };
}
