import type { PlainText } from './plain-text.ts';
import { RawJson } from './raw-json.ts';
import type { RecordedObject } from './recorded-object.ts';
import type { RecordedText } from './recorded-text.ts';

/** What a message says or calls with, ready to be written. */
export type ReadyContent = RecordedText | RecordedObject | PlainText;

/**
 * Something in a message that still stands in the JSON it was recorded in, or is a long text.
 *
 * A link of a chain, and not an element of a list that is written as a literal: for the reason that `retained` gives.
 */
export class RecordedMember {
  /** JSON of the message between the member before and this one. */
  readonly before: string;
  /** Name of the member that holds it. */
  readonly key: 'content' | 'arguments';
  readonly value: ReadyContent;
  next: RecordedMember | undefined;

  constructor(before: string, key: RecordedMember['key'], value: RecordedMember['value']) {
    this.before = before;
    this.key = key;
    this.value = value;
  }
}

/**
 * A chat message that is JSON already, since what it says still stands in the JSON it was recorded in.
 *
 * What it buys: most messages are one text, or calls of tools. They are neither built as objects nor walked and
 * serialised member by member.
 */
export class RecordedMessage extends RawJson {
  readonly role: string;
  readonly #first: RecordedMember;
  readonly #end: string;

  /**
   * @param first of the recorded members; the JSON around them holds nothing but words
   * @param end JSON of the message behind the last of them
   */
  constructor(role: string, first: RecordedMember, end: string) {
    super();
    this.role = role;
    this.#first = first;
    this.#end = end;
  }

  /** Whether something is true of every recorded member. */
  every(isTrueOf: (value: RecordedMember['value'], key: RecordedMember['key']) => boolean): boolean {
    let member: RecordedMember | undefined = this.#first;
    for (; member; member = member.next) if (!isTrueOf(member.value, member.key)) return false;
    return true;
  }

  /** The message with its words; for each call five more. */
  get maxValues(): number {
    let values = MAX_WORDS;
    let member: RecordedMember | undefined = this.#first;
    for (; member; member = member.next) values += member.value.maxValues + VALUES_OF_CALL;
    return values;
  }

  addTo(pieces: string[]): void {
    let member: RecordedMember | undefined = this.#first;
    for (; member; member = member.next) pieces.push(member.before, member.value.json);
    pieces.push(this.#end);
  }
}

/** The message, role, name or id, content, calls, finish reason. */
const MAX_WORDS = 6;

/** The call, id, type, function and name. */
const VALUES_OF_CALL = 5;
