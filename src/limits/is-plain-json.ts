import { RecordedText } from '../json/recorded-text.ts';
import { SharedJson } from '../json/shared-json.ts';
import { ENVELOPE_LEVELS, isBeyondLimits, MAX_NESTING, type Met } from './json-limits.ts';
import { isWellFormed } from './well-formed.ts';

/**
 * Whether an event consists of nothing but what JSON and PostHog can hold, within the limits. It spares almost every event the
 * copy that `cleanEvent` makes, so it must be quick; when in doubt the answer is no. May throw where a getter does.
 */
export function isPlainJson(event: object): boolean {
  const met = { values: 0, characters: 0 };
  return isPlain(event, MAX_NESTING + ENVELOPE_LEVELS, met) && !isBeyondLimits(met);
}

function isPlain(value: unknown, levelsLeft: number, met: Met): boolean {
  met.values += 1;
  switch (typeof value) {
    case 'string':
      met.characters += value.length;
      return isWellFormed(value);
    case 'number':
      return Number.isFinite(value);
    case 'boolean':
    case 'undefined':
      return true;
    case 'object':
      if (value instanceof RecordedText) return countsAs(1, value.literal.length, met);
      if (value instanceof SharedJson) return countsAs(value.json.length, value.json.length, met);
      return value === null || (levelsLeft > 0 && holdsPlain(value, levelsLeft - 1, met));
    default:
      return false;
  }
}

/**
 * What has its JSON already is plain, and here only counted, rather too high: in doubt the answer is no. Half a surrogate
 * pair in it becomes U+FFFD when it is encoded, as `cleanEvent` would have it.
 */
function countsAs(values: number, characters: number, met: Met): boolean {
  met.characters += characters;
  met.values += values;
  return true;
}

function holdsPlain(value: object, levelsLeft: number, met: Met): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Array.prototype) {
    for (const item of value as unknown[]) {
      if (!isPlain(item, levelsLeft, met) || isBeyondLimits(met)) return false;
    }
    return true;
  }
  if (prototype !== Object.prototype) return false;
  const record = value as Readonly<Record<string, unknown>>;
  // Inherited keys cannot do harm here: at worst they make the answer no.
  for (const key in record) {
    met.characters += key.length;
    if (!isWellFormed(key) || !isPlain(record[key], levelsLeft, met) || isBeyondLimits(met)) return false;
  }
  return true;
}
