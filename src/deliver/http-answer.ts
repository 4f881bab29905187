export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The body is in a coding that was not asked for and cannot be read. */
  readonly isUndecoded: boolean;
  /** False when the body is longer than what is read, or broke off. */
  readonly complete: boolean;
  /** Why the body broke off; `undefined` when it did not. */
  readonly cutOffBy: unknown;
  /** A proxy refused to connect; the endpoint was not asked. */
  readonly isOfProxy?: boolean;
}
