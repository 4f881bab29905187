/** What is known of a text already: its value as JSON, that it stays a text, or that it is none but may be read loosely. */
export type Known = { readonly value: unknown } | 'stays text' | 'no JSON';

/** By text. */
export type KnownJson = ReadonlyMap<string, Known>;

/** Shorter texts are parsed when they are read. */
export const MIN_KNOWN_UNITS = 64 * 1024;

let ahead: KnownJson | undefined;

/** Does synchronous work for which these texts need not be parsed again. */
export function withKnownJson<T>(known: KnownJson, work: () => T): T {
  ahead = known;
  try {
    return work();
  } finally {
    ahead = undefined;
  }
}

/** What is known of a text while the span that has it is read. */
export function knownJson(text: string): Known | undefined {
  return text.length < MIN_KNOWN_UNITS ? undefined : ahead?.get(text);
}
