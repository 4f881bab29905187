/** What stood in a text that is no valid JSON. */
export interface LooseLiteral {
  readonly value: unknown;
  /** The text ended before its value did. */
  readonly isCut: boolean;
}

/**
 * Reads the two forms of structured text that `JSON.parse` refuses and that recordings are full of:
 * JSON cut by an attribute length limit, and what Python's `repr` writes (`'`, `None`, `True`, tuples, `Name(key=…)`,
 * `<Enum.MEMBER: 'value'>`). A cut text gives what is complete in it, and the words of a cut string unless they would
 * name something else (see `NAMING_KEYS`); a cut number is left out, since it would be another number.
 *
 * @returns `undefined` for a text that is neither
 */
export function readLooseLiteral(text: string): LooseLiteral | undefined {
  const reader = new LiteralReader(text);
  try {
    const value = reader.value(0);
    if (!reader.isCut && !reader.isAtEnd()) return undefined;
    return value === NOTHING || (reader.isCut && reader.scalars === 0)
      ? undefined
      : { value, isCut: reader.isCut };
  } catch (error) {
    if (error === NOT_A_LITERAL) return undefined;
    throw error;
  }
}

/** Deeper values are no recording; the limit keeps the stack. */
const MAX_DEPTH = 64;

/** Thrown where the text stops being a literal; made once, since nobody reads its stack. */
const NOT_A_LITERAL = new Error('the text is no literal');

/** A value that the cut left nothing of. */
const NOTHING = Symbol('nothing');

/** Members whose words name something: half of a name is the name of something else. */
const NAMING_KEYS: ReadonlySet<string> = new Set(
  'type role name id call_id tool_call_id toolCallId tool_use_id toolUseId finish_reason finishReason model'.split(
    ' ',
  ),
);

const WORDS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['null', null],
  ['True', true],
  ['False', false],
  ['None', null],
  ['NaN', null],
  ['nan', null],
  ['Infinity', null],
  ['inf', null],
  ['undefined', null],
]);

/** What libraries put behind a text that they cut themselves. */
const CUT_MARK = /^\s*(?:\.{3}|…|\[?<?\(?truncated)/i;

const NUMBER = /[-+]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/y;
const NAME = /[A-Za-z_][\w.]*/y;
const SPACE = /\s*/y;

class LiteralReader {
  isCut = false;
  /** Texts, numbers and constants read as values; a cut that left none of them left nothing. */
  scalars = 0;
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  isAtEnd(): boolean {
    this.#skipSpace();
    return this.#at >= this.#text.length;
  }

  value(depth: number, key?: string): unknown {
    if (depth > MAX_DEPTH) throw NOT_A_LITERAL;
    const sign = this.#next();
    if (sign === undefined) return this.#cut();
    if (sign === '{') return this.#object(depth);
    if (sign === '[') return this.#list(depth, ']');
    if (sign === '(') return this.#list(depth, ')');
    if (sign === '"' || sign === "'") return this.#string(sign, key);
    if (sign === '<') return this.#angle(depth);
    return this.#number() ?? this.#word(depth, key);
  }

  /** The sign after white space, not yet taken; `undefined` at the end, or where a mark says that the rest is gone. */
  #next(): string | undefined {
    this.#skipSpace();
    return this.#at < this.#text.length ? this.#text[this.#at] : undefined;
  }

  #skipSpace(): void {
    SPACE.lastIndex = this.#at;
    SPACE.exec(this.#text);
    this.#at = SPACE.lastIndex;
  }

  #cut(): typeof NOTHING {
    this.isCut = true;
    this.#at = this.#text.length;
    return NOTHING;
  }

  #fail(): never | typeof NOTHING {
    if (CUT_MARK.test(this.#text.slice(this.#at, this.#at + 16))) return this.#cut();
    throw NOT_A_LITERAL;
  }

  #add(member: unknown, keep: (member: unknown) => void): void {
    if (member === NOTHING) return;
    if (typeof member !== 'object' || member === null) this.scalars += 1;
    keep(member);
  }

  #object(depth: number): unknown {
    this.#at += 1;
    const entries: [string, unknown][] = [];
    for (;;) {
      const sign = this.#next();
      if (sign === '}') break;
      if (sign === undefined) this.#cut();
      if (this.isCut) return Object.fromEntries(entries);
      const key = this.value(depth + 1, 'name');
      if (this.isCut) return Object.fromEntries(entries);
      if (typeof key !== 'string' && typeof key !== 'number') throw NOT_A_LITERAL;
      if (this.#next() !== ':') {
        if (this.#next() === undefined) this.#cut();
        else this.#fail();
        return Object.fromEntries(entries);
      }
      this.#at += 1;
      this.#add(this.value(depth + 1, String(key)), (member) => entries.push([String(key), member]));
      if (this.isCut || !this.#takeSeparator('}')) break;
    }
    if (!this.isCut) this.#at += 1;
    return Object.fromEntries(entries);
  }

  #list(depth: number, end: ']' | ')'): unknown {
    this.#at += 1;
    const items: unknown[] = [];
    for (;;) {
      const sign = this.#next();
      if (sign === end) break;
      if (sign === undefined) this.#cut();
      else this.#add(this.value(depth + 1), (item) => items.push(item));
      if (this.isCut || !this.#takeSeparator(end)) break;
    }
    if (!this.isCut) this.#at += 1;
    return items;
  }

  /** Whether another member follows; the end sign is left for the caller. */
  #takeSeparator(end: string): boolean {
    const sign = this.#next();
    if (sign === ',') {
      this.#at += 1;
      return true;
    }
    if (sign === undefined) this.#cut();
    else if (sign !== end) this.#fail();
    return false;
  }

  #string(quote: string, key?: string): unknown {
    const { text, isWhole } = this.#quoted(quote);
    if (isWhole) return text;
    this.#cut();
    return text === '' || (key !== undefined && NAMING_KEYS.has(key)) ? NOTHING : text;
  }

  #quoted(quote: string): { readonly text: string; readonly isWhole: boolean } {
    const source = this.#text;
    let text = '';
    let start = this.#at + 1;
    let at = start;
    for (; at < source.length; at++) {
      const sign = source[at];
      if (sign === quote) {
        this.#at = at + 1;
        return { text: text + source.slice(start, at), isWhole: true };
      }
      if (sign !== '\\') continue;
      const escaped = readEscape(source, at);
      text += source.slice(start, at);
      if (escaped === undefined) return { text, isWhole: false };
      text += escaped.text;
      at += escaped.length - 1;
      start = at + 1;
    }
    return { text: text + source.slice(start), isWhole: false };
  }

  #number(): unknown {
    NUMBER.lastIndex = this.#at;
    const found = NUMBER.exec(this.#text)?.[0];
    if (found === undefined) return undefined;
    this.#at = NUMBER.lastIndex;
    if (this.#at >= this.#text.length) return this.#cut();
    return Number(found.replaceAll('_', ''));
  }

  /** A constant, text with a prefix (`b'…'`), or an object by its class. */
  #word(depth: number, key?: string): unknown {
    NAME.lastIndex = this.#at;
    const found = NAME.exec(this.#text)?.[0];
    if (found === undefined) return this.#fail();
    this.#at = NAME.lastIndex;
    const sign = this.#text[this.#at];
    if (sign === undefined) return this.#cut();
    if ((sign === "'" || sign === '"') && /^[bBuUrRf]{1,2}$/.test(found)) return this.#string(sign, key);
    if (sign === '(') return this.#constructed(depth);
    if (WORDS.has(found)) return WORDS.get(found);
    throw NOT_A_LITERAL;
  }

  /** `Name(key=value, …)` becomes an object of its keys, `Name(value)` that value. */
  #constructed(depth: number): unknown {
    if (depth > MAX_DEPTH) throw NOT_A_LITERAL;
    this.#at += 1;
    const entries: [string, unknown][] = [];
    const items: unknown[] = [];
    for (;;) {
      const sign = this.#next();
      if (sign === ')') break;
      if (sign === undefined) this.#cut();
      if (this.isCut) break;
      const key = this.#keyword();
      this.#add(this.value(depth + 1, key), (member) =>
        key === undefined ? items.push(member) : entries.push([key, member]),
      );
      if (this.isCut || !this.#takeSeparator(')')) break;
    }
    if (!this.isCut) this.#at += 1;
    if (entries.length > 0) return Object.fromEntries(entries);
    return items.length > 1 ? items : items[0];
  }

  /** The name of `name=`, taken; `undefined` when no such name stands here. */
  #keyword(): string | undefined {
    NAME.lastIndex = this.#at;
    const found = NAME.exec(this.#text)?.[0];
    if (found === undefined || this.#text[NAME.lastIndex] !== '=') return undefined;
    this.#at = NAME.lastIndex + 1;
    return found;
  }

  /** `<Enum.MEMBER: 'value'>` is its value; `<Class object at 0x…>` is nothing that can be shown. */
  #angle(depth: number): unknown {
    const end = this.#text.indexOf('>', this.#at);
    if (end < 0) return this.#cut();
    const colon = /^<[\w.]+: /.exec(this.#text.slice(this.#at, end));
    if (colon === null) {
      this.#at = end + 1;
      return null;
    }
    this.#at += colon[0].length;
    const value = this.value(depth + 1);
    if (this.isCut) return value;
    if (this.#next() !== '>') throw NOT_A_LITERAL;
    this.#at += 1;
    return value;
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
