import { ReadyJson } from './ready-json.ts';
import type { RecordedObject } from './recorded-object.ts';
import type { RecordedText } from './recorded-text.ts';

/** Something in a message that still stands in the JSON it was recorded in. */
export interface RecordedMember {
  /** Name of the member that holds it. */
  readonly key: 'content' | 'arguments';
  readonly value: RecordedText | RecordedObject;
}

/**
 * A chat message that is JSON already, since what it says still stands in the JSON it was recorded in.
 *
 * What it buys: most messages are one text, or calls of tools. They are neither built as objects nor walked and
 * serialised member by member.
 */
export class RecordedMessage extends ReadyJson {
  readonly role: string;
  readonly recorded: readonly RecordedMember[];
  readonly pieces: readonly string[];

  /** @param pieces JSON of the message; besides what is recorded it holds nothing but words */
  constructor(role: string, recorded: readonly RecordedMember[], pieces: readonly string[]) {
    super();
    this.role = role;
    this.recorded = recorded;
    this.pieces = pieces;
  }

  /** The message with its words; for each call five more. */
  get maxValues(): number {
    let values = MAX_WORDS;
    for (const { value } of this.recorded) values += value.maxValues + VALUES_OF_CALL;
    return values;
  }

  toJSON(): unknown {
    return JSON.parse(this.pieces.join(''));
  }
}

/** The message, role, name or id, content, calls, finish reason. */
const MAX_WORDS = 6;

/** The call, id, type, function and name. */
const VALUES_OF_CALL = 5;
