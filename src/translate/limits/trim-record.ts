/** Rungs of the ladder, by what they take away. */
export const TRIM_ACTIONS = ['media', 'tool_results', 'oldest_messages', 'content', 'removed'] as const;

export type TrimAction = (typeof TRIM_ACTIONS)[number];

/** What was cut from one property. */
export interface Trim {
  /** Name of the property; `*` sums up the rest when very many properties were cut. */
  readonly property: string;
  readonly action: TrimAction;
  /** Bytes of JSON that this made the event smaller. */
  readonly removedBytes: number;
  /** Media, tool results, messages, texts or properties that were cut. */
  readonly count: number;
}

/** Event property that says what was cut. */
export const TRIM_PROPERTY = '$ai_trimmed';

/** Entries on an event: the content properties by every action, and some custom ones. */
export const MAX_TRIM_ENTRIES = 32;

/** Characters of a property's name in an entry. */
const MAX_NAME_CHARACTERS = 100;

/** Largest entry as JSON: its keys, a name of escaped characters, two numbers. */
export const MAX_TRIM_ENTRY_BYTES = 100 + 6 * MAX_NAME_CHARACTERS;

/** Name of the entry that sums up the rest. */
export const REST = '*';

/** Sums trims up by property and action, in order; only the largest keep their property's name. */
export function summariseTrims(trims: readonly Trim[]): Trim[] {
  const merged = merge(trims.map((trim) => ({ ...trim, property: shortName(trim.property) })));
  if (merged.length <= MAX_TRIM_ENTRIES) return merged;
  const largest = [...merged].sort((a, b) => b.removedBytes - a.removedBytes);
  const named = new Set(largest.slice(0, MAX_TRIM_ENTRIES - TRIM_ACTIONS.length));
  return merge(merged.map((trim) => (named.has(trim) ? trim : { ...trim, property: REST })));
}

/** One entry for each action at most: the smallest record that still says what was done. */
export function outlineTrims(trims: readonly Trim[]): Trim[] {
  return merge(trims.map((trim) => ({ ...trim, property: REST })));
}

function merge(trims: readonly Trim[]): Trim[] {
  const merged = new Map<string, Trim>();
  for (const trim of trims) {
    const key = `${trim.action} ${trim.property}`;
    const { removedBytes, count } = merged.get(key) ?? { removedBytes: 0, count: 0 };
    merged.set(key, { ...trim, removedBytes: removedBytes + trim.removedBytes, count: count + trim.count });
  }
  return [...merged.values()];
}

function shortName(property: string): string {
  if (property.length <= MAX_NAME_CHARACTERS) return property;
  return [...property.slice(0, MAX_NAME_CHARACTERS)].slice(0, -1).join('');
}

/** The record of an event that was trimmed before; anything of another shape is ignored. */
export function readTrims(value: unknown): Trim[] {
  return Array.isArray(value) ? value.filter(isTrim) : [];
}

function isTrim(value: unknown): value is Trim {
  if (typeof value !== 'object' || value === null) return false;
  const { property, action, removedBytes, count } = value as Partial<Record<keyof Trim, unknown>>;
  const isNamed = typeof property === 'string' && TRIM_ACTIONS.some((known) => known === action);
  return isNamed && typeof removedBytes === 'number' && typeof count === 'number';
}
