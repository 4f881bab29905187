import { LiteralCursor } from './literal-cursor.ts';

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
 * name something else (see `NAMING_KEY`); a cut number is left out, since it would be another number.
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

/** Thrown where the text stops being a literal; made once, since its stack is not read. */
const NOT_A_LITERAL = new Error('the text is no literal');

/** A value that the cut left nothing of. */
const NOTHING = Symbol('nothing');

/** Members whose words name something (`model_name`, `toolCallId`): half of a name is the name of something else. */
const NAMING_KEY =
  /(?:^|[^A-Za-z])(?:type|role|name|id|model|reason|version|tier|provider|user|session|status)$|(?:Type|Role|Name|Id|ID|Model|Reason|Version|Tier|Provider|User|Session|Status)$/;

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

class LiteralReader {
  isCut = false;
  /** Texts, numbers and constants read as values; a cut that left none of them left nothing. */
  scalars = 0;
  readonly #cursor: LiteralCursor;

  constructor(text: string) {
    this.#cursor = new LiteralCursor(text);
  }

  isAtEnd(): boolean {
    return this.#cursor.next() === undefined;
  }

  value(depth: number, key?: string): unknown {
    if (depth > MAX_DEPTH) throw NOT_A_LITERAL;
    const character = this.#cursor.next();
    if (character === undefined) return this.#cut();
    if (character === '{') return this.#object(depth);
    if (character === '[') return this.#list(depth, ']');
    if (character === '(') return this.#list(depth, ')');
    if (character === '"' || character === "'") return this.#string(character, key);
    if (character === '<') return this.#angle(depth);
    return this.#number() ?? this.#word(depth, key);
  }

  #cut(): typeof NOTHING {
    this.isCut = true;
    this.#cursor.takeRest();
    return NOTHING;
  }

  #fail(): never | typeof NOTHING {
    if (CUT_MARK.test(this.#cursor.ahead(16))) return this.#cut();
    throw NOT_A_LITERAL;
  }

  #add(member: unknown, keep: (member: unknown) => void): void {
    if (member === NOTHING) return;
    if (typeof member !== 'object' || member === null) this.scalars += 1;
    keep(member);
  }

  #object(depth: number): unknown {
    this.#cursor.take();
    const entries: [string, unknown][] = [];
    for (;;) {
      const character = this.#cursor.next();
      if (character === '}') break;
      if (character === undefined) this.#cut();
      if (this.isCut) return Object.fromEntries(entries);
      const key = this.value(depth + 1, 'name');
      if (this.isCut) return Object.fromEntries(entries);
      if (typeof key !== 'string' && typeof key !== 'number') throw NOT_A_LITERAL;
      if (this.#cursor.next() !== ':') {
        if (this.#cursor.next() === undefined) this.#cut();
        else this.#fail();
        return Object.fromEntries(entries);
      }
      this.#cursor.take();
      this.#add(this.value(depth + 1, String(key)), (member) => entries.push([String(key), member]));
      if (this.isCut || !this.#takeSeparator('}')) break;
    }
    if (!this.isCut) this.#cursor.take();
    return Object.fromEntries(entries);
  }

  #list(depth: number, end: ']' | ')'): unknown {
    this.#cursor.take();
    const items: unknown[] = [];
    for (;;) {
      const character = this.#cursor.next();
      if (character === end) break;
      if (character === undefined) this.#cut();
      else this.#add(this.value(depth + 1), (item) => items.push(item));
      if (this.isCut || !this.#takeSeparator(end)) break;
    }
    if (!this.isCut) this.#cursor.take();
    return items;
  }

  /** Whether another member follows; the end character is left for the caller. */
  #takeSeparator(end: string): boolean {
    const character = this.#cursor.next();
    if (character === ',') {
      this.#cursor.take();
      return true;
    }
    if (character === undefined) this.#cut();
    else if (character !== end) this.#fail();
    return false;
  }

  #string(quote: string, key?: string): unknown {
    const { text, isWhole } = this.#cursor.takeQuoted(quote);
    if (isWhole) return text;
    this.#cut();
    return text === '' || (key !== undefined && NAMING_KEY.test(key)) ? NOTHING : text;
  }

  #number(): unknown {
    const found = this.#cursor.takeNumber();
    if (found === undefined) return undefined;
    if (this.#cursor.character() === undefined) return this.#cut();
    return Number(found.replaceAll('_', ''));
  }

  /** A constant, text with a prefix (`b'…'`), or an object by its class. */
  #word(depth: number, key?: string): unknown {
    const found = this.#cursor.takeName();
    if (found === undefined) return this.#fail();
    const character = this.#cursor.character();
    if (character === undefined) return this.#cut();
    if ((character === "'" || character === '"') && /^[bBuUrRf]{1,2}$/.test(found))
      return this.#string(character, key);
    if (character === '(') return this.#constructed(depth);
    if (WORDS.has(found)) return WORDS.get(found);
    throw NOT_A_LITERAL;
  }

  /** `Name(key=value, …)` becomes an object of its keys, `Name(value)` that value. */
  #constructed(depth: number): unknown {
    if (depth > MAX_DEPTH) throw NOT_A_LITERAL;
    this.#cursor.take();
    const entries: [string, unknown][] = [];
    const items: unknown[] = [];
    for (;;) {
      const character = this.#cursor.next();
      if (character === ')') break;
      if (character === undefined) this.#cut();
      if (this.isCut) break;
      const key = this.#cursor.takeKeyword();
      this.#add(this.value(depth + 1, key), (member) =>
        key === undefined ? items.push(member) : entries.push([key, member]),
      );
      if (this.isCut || !this.#takeSeparator(')')) break;
    }
    if (!this.isCut) this.#cursor.take();
    if (entries.length > 0) return Object.fromEntries(entries);
    return items.length > 1 ? items : items[0];
  }

  /** `<Enum.MEMBER: 'value'>` is its value; `<Class object at 0x…>` is nothing that can be shown. */
  #angle(depth: number): unknown {
    const shown = this.#cursor.before('>');
    if (shown === undefined) return this.#cut();
    const colon = /^<[\w.]+: /.exec(shown);
    if (colon === null) {
      this.#cursor.take(shown.length + 1);
      return null;
    }
    this.#cursor.take(colon[0].length);
    const value = this.value(depth + 1);
    if (this.isCut) return value;
    if (this.#cursor.next() !== '>') throw NOT_A_LITERAL;
    this.#cursor.take();
    return value;
  }
}
