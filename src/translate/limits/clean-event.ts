import { TRUNCATED } from './cap-depth.ts';
import { ENVELOPE_LEVELS, isBeyondLimits, MAX_NESTING, MAX_VALUES, type Met } from './json-limits.ts';
import { toWellFormed } from './well-formed.ts';

/** Texts up to this length stay even when the text of the event is used up, so that ids and names do. */
const SHORT_CHARACTERS = 1024;

/** Digits of a larger number are of no use, and making them can take minutes. */
const MAX_BIGINT_BITS = 128;

interface Walk extends Met {
  /** Objects around the value in hand; by which cycles and depth are known. */
  readonly around: object[];
}

/**
 * A copy of the event with everything gone that JSON or PostHog cannot hold. Left out: functions, symbols, numbers
 * that are not finite, a getter or `toJSON` that throws, the way back in a cycle (in a list these become `null`, so
 * that the others keep their place). A `bigint` becomes decimal text; bytes become a notice of their size; half a
 * surrogate pair becomes U+FFFD; what is too deep or too much becomes `[truncated]`. Reads every value once and never throws.
 *
 * @returns `undefined` when the event itself cannot be read
 */
export function cleanEvent(event: object): unknown {
  return clean(event, { values: 0, characters: 0, around: [] });
}

/** A value that fails while it is read is left out; its neighbours do not notice. */
function clean(value: unknown, walk: Walk): unknown {
  walk.values += 1;
  switch (typeof value) {
    case 'string':
      walk.characters += value.length;
      return value.length > SHORT_CHARACTERS && isBeyondLimits(walk) ? TRUNCATED : toWellFormed(value);
    case 'number':
      return Number.isFinite(value) ? value : undefined;
    case 'bigint':
      return BigInt.asIntN(MAX_BIGINT_BITS, value) === value ? value.toString() : undefined;
    case 'object':
      return value === null ? null : cleanObject(value, walk);
    case 'boolean':
      return value;
    default:
      return undefined;
  }
}

function cleanObject(value: object, walk: Walk): unknown {
  if (walk.around.includes(value)) return undefined;
  if (walk.around.length >= MAX_NESTING + ENVELOPE_LEVELS || isBeyondLimits(walk)) return TRUNCATED;
  walk.around.push(value);
  try {
    const json = jsonForm(value);
    if (json !== value) return clean(json, walk);
    return Array.isArray(value) ? cleanList(value, walk) : cleanRecord(value, walk);
  } catch {
    return undefined;
  } finally {
    walk.around.pop();
  }
}

/** What stands for an object in JSON; the object itself when that is its elements or properties. */
function jsonForm(value: object): unknown {
  if (ArrayBuffer.isView(value)) return viewForm(value);
  if (value instanceof ArrayBuffer) return bytesNotice(value.byteLength);
  if (value instanceof String || value instanceof Number || value instanceof Boolean) return value.valueOf();
  const { toJSON } = value as { readonly toJSON?: unknown };
  return typeof toJSON === 'function' ? toJSON.call(value, '') : value;
}

/** Lists of numbers stay numbers (embeddings, token ids); bytes are media of some kind. */
function viewForm(view: ArrayBufferView): unknown {
  const isBytes = view instanceof Uint8Array || view instanceof Uint8ClampedArray || view instanceof DataView;
  if (isBytes) return bytesNotice(view.byteLength);
  const numbers = view as unknown as ArrayLike<unknown>;
  return numbers.length > MAX_VALUES ? TRUNCATED : Array.from(numbers);
}

function bytesNotice(bytes: number): string {
  return `[binary, ${bytes} bytes]`;
}

function cleanList(list: readonly unknown[], walk: Walk): unknown[] {
  const copy: unknown[] = [];
  for (let index = 0; index < list.length; index++) {
    if (isBeyondLimits(walk)) {
      copy.push(TRUNCATED);
      break;
    }
    copy.push(cleanAt(list, index, walk) ?? null);
  }
  return copy;
}

function cleanRecord(record: object, walk: Walk): unknown {
  const isEnvelope = walk.around.length <= ENVELOPE_LEVELS;
  const copy: [string, unknown][] = [];
  for (const key of Object.keys(record)) {
    // Every property of the event gets its turn, whatever those before it took.
    if (!isEnvelope && isBeyondLimits(walk)) break;
    walk.characters += key.length;
    const value = cleanAt(record, key, walk);
    if (value !== undefined) copy.push([toWellFormed(key), value]);
  }
  // `fromEntries` defines own properties, so a key such as `__proto__` stays harmless.
  return Object.fromEntries(copy);
}

function cleanAt(holder: object, key: string | number, walk: Walk): unknown {
  try {
    return clean((holder as Readonly<Record<string | number, unknown>>)[key], walk);
  } catch {
    return undefined;
  }
}
