/**
 * A value that many events have in common, with its JSON.
 *
 * What it buys: an application offers the same tools on every call. They are read, mapped, checked and serialised once.
 * To whoever knows nothing of this class, `JSON.stringify` included, it is the value.
 */
export class SharedJson {
  readonly value: object;
  /** What `JSON.stringify` gives for the value. */
  readonly json: string;

  constructor(value: object, json: string) {
    this.value = value;
    this.json = json;
  }

  toJSON(): unknown {
    return this.value;
  }
}
