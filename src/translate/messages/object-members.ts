import { RecordedText } from '../../json/recorded-text.ts';
import type { JsonObject } from './recogniser.ts';

/** The first of the keys that holds text; empty text does not count. */
export function firstText(source: JsonObject, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = source[key];
    if (typeof value === 'string' && value !== '') return value;
    if (value instanceof RecordedText) return value.text;
  }
  return undefined;
}

/** The first of the keys that holds anything but `null`. */
export function firstValue(source: JsonObject, keys: readonly string[]): unknown {
  for (const key of keys) {
    const value = source[key];
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

/** The array under a key, `undefined` when there is none or it is empty. */
export function filledArray(source: JsonObject, key: string): readonly unknown[] | undefined {
  const value = source[key];
  return Array.isArray(value) && value.length > 0 ? value : undefined;
}

/**
 * Whether an object has no other keys than these. Shapes that are recognised only by a common word (`text`, `output`) need
 * it: an answer in the application's own JSON must not lose what stands beside that word.
 */
export function hasOnlyKeys(source: JsonObject, keys: ReadonlySet<string>): boolean {
  for (const key of Object.keys(source)) {
    if (!keys.has(key)) return false;
  }
  return true;
}

/** A set of keys, written as words. */
export function keySet(words: string): ReadonlySet<string> {
  return new Set(words.trim().split(/\s+/));
}

/** JSON text of a structured value, `undefined` for what JSON cannot hold (cycles, extreme depth). */
export function jsonText(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
