/** ES2024, in every Node that is supported. */
interface WellFormedText {
  isWellFormed(): boolean;
  toWellFormed(): string;
}

/**
 * Whether a text has no half surrogate pairs. `JSON.stringify` writes those as escapes, which is valid JSON, but
 * serde_json, with which PostHog's capture reads, refuses the whole body for one.
 */
export function isWellFormed(text: string): boolean {
  return (text as unknown as WellFormedText).isWellFormed();
}

/** The text with U+FFFD for every half of a surrogate pair. */
export function toWellFormed(text: string): string {
  return (text as unknown as WellFormedText).toWellFormed();
}
