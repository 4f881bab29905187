import { isRecord } from '../../json/is-record.ts';
import { isWhiteSpace } from '../../json/json-characters.ts';
import { knownJson } from './known-json.ts';
import { readLooseLiteral } from './loose-literal.ts';

/** Content withheld by an instrumentation; such values are dropped rather than sent. */
const PLACEHOLDERS: ReadonlySet<string> = new Set([
  '',
  '{}',
  '[]',
  'null',
  '""',
  '__REDACTED__',
  'undefined',
  // Koog with content off; the sentinel of Python SDKs for an argument that was not given.
  'HIDDEN:non-empty',
  'NOT_GIVEN',
]);

/** Longest placeholder, with the space that may surround it. */
const MAX_PLACEHOLDER_LENGTH = 16;

/**
 * JSON text becomes structured data, also when a length limit cut it or Python wrote it (see `readLooseLiteral`); other
 * values pass through unchanged.
 * @returns the text itself when it is none of these, `undefined` for placeholders of withheld content
 */
export function parseJson(value: unknown): unknown {
  if (typeof value !== 'string') return isPlaceholder(value) ? undefined : value;
  if (!beginsAsJson(value)) return isPlaceholder(value) ? undefined : value;
  const known = knownJson(value);
  if (known === 'stays text') return value;
  try {
    const parsed: unknown = typeof known === 'object' ? known.value : JSON.parse(value);
    return isPlaceholder(parsed) ? undefined : parsed;
  } catch {
    const loose = firstCharacter(value) === '"' ? undefined : readLooseLiteral(value);
    if (loose === undefined) return value;
    // A cut that left nothing is no placeholder: the text itself says more.
    return isPlaceholder(loose.value) ? (loose.isCut ? value : undefined) : loose.value;
  }
}

/** Whether a text begins as the JSON of an object, a list or a text does. */
export function beginsAsJson(text: string): boolean {
  const first = firstCharacter(text);
  return first === '{' || first === '[' || first === '"';
}

/** Whether the value stands for content that was not recorded. */
export function isPlaceholder(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === 'string') return isPlaceholderText(value);
  if (Array.isArray(value)) return value.length === 0;
  if (!isRecord(value)) return false;
  const keys = Object.keys(value);
  const [only] = keys;
  return only === undefined || (keys.length === 1 && ENVELOPES.has(only) && value[only] === null);
}

function isPlaceholderText(text: string): boolean {
  if (text.charCodeAt(0) === LESS_THAN && text.length <= MAX_REPR_LENGTH) return OBJECT_REPR.test(text);
  return text.length <= MAX_PLACEHOLDER_LENGTH && PLACEHOLDERS.has(text.trim());
}

/** What Python prints of an object that has no text of its own: `<groq.Stream object at 0x7f57fe536290>`. */
const OBJECT_REPR = /^<[\w.]+(?: object)?(?: [\w.]+)? at 0x[\da-f]+>$/i;
const MAX_REPR_LENGTH = 200;
const LESS_THAN = 0x3c;

/** Wrappers of one value, which say nothing when that is `null`. */
const ENVELOPES: ReadonlySet<string> = new Set(['output', 'result', 'value', 'response']);

/** A JSON object, as opposed to an array, `null` or a scalar. */
export { isRecord };

/**
 * The value at a path of own keys, `undefined` where the path breaks.
 * @param path keys from the outside in
 */
export function at(value: unknown, path: readonly string[]): unknown {
  let current = value;
  for (const key of path) {
    if (!isRecord(current) || !Object.hasOwn(current, key)) return undefined;
    current = current[key];
  }
  return current;
}

/** Nobody writes more white space before JSON; a text of megabytes of it is not looked through. */
const MAX_INDENTATION = 4_096;

function firstCharacter(text: string): string | undefined {
  for (let index = 0; index < text.length && index < MAX_INDENTATION; index++) {
    if (!isWhiteSpace(text.charCodeAt(index))) return text[index];
  }
  return undefined;
}
