import { ReadyJson } from './ready-json.ts';
import type { RecordedText } from './recorded-text.ts';

/**
 * A chat message whose content still stands in the JSON it was recorded in.
 *
 * What it buys: most messages are one text. They are neither built as objects nor walked and serialised member by
 * member.
 */
export class RecordedMessage extends ReadyJson {
  readonly role: string;
  readonly content: RecordedText;
  readonly #head: string;

  /** @param head JSON of the message up to its content; the content and a brace complete it */
  constructor(role: string, head: string, content: RecordedText) {
    super();
    this.role = role;
    this.#head = head;
    this.content = content;
  }

  /** The message, its role, the call it answers, and the content. */
  get maxValues(): number {
    return 4;
  }

  get pieces(): readonly string[] {
    return [this.#head, this.content.json, '}'];
  }

  toJSON(): unknown {
    return JSON.parse(this.pieces.join(''));
  }
}
