/** JSON that content was recorded in. All content in it points to one of these, so that it is looked through once for all of it. */
export class RecordedSource {
  readonly json: string;
  /** Whether something in it may be a file; `undefined` until somebody has looked. */
  mayHoldFile: boolean | undefined;

  constructor(json: string) {
    this.json = json;
  }
}
