import { RawJson } from './raw-json.ts';

/**
 * A long text that is written as JSON of its own. What it buys: the JSON of its event is not searched along it for what
 * is ready, and the message around it need not be built, walked and serialised member by member.
 */
export class PlainText extends RawJson {
  readonly text: string;

  /** @param text without half surrogate pairs */
  constructor(text: string) {
    super();
    this.text = text;
  }

  /** Made when it is written, and not kept. */
  get json(): string {
    return JSON.stringify(this.text);
  }

  get maxValues(): number {
    return 1;
  }

  addTo(pieces: string[]): void {
    pieces.push(this.json);
  }

  override toJSON(): string {
    return this.text;
  }
}
