const MIB = 1024 * 1024;

/**
 * Levels of objects and arrays in a property. PostHog's capture reads with serde_json, which refuses a whole body
 * nested deeper than 127 levels; four of those are around every property.
 */
export const MAX_NESTING = 100;

/** The event and its `properties`, around every property. */
export const ENVELOPE_LEVELS = 2;

/** Values in one event: at two bytes each these fill the largest event that PostHog takes (8 MiB). */
export const MAX_VALUES = 4 * MIB;

/**
 * UTF-16 units of text in one event. JSON may need six for one, and a JavaScript string ends at about 512 Mi units.
 * Bounds what objects that refer to each other many times expand to.
 */
export const MAX_CHARACTERS = 64 * MIB;

/** What has been met of an event so far. */
export interface Met {
  values: number;
  characters: number;
}

export function isBeyondLimits({ values, characters }: Met): boolean {
  return values > MAX_VALUES || characters > MAX_CHARACTERS;
}
