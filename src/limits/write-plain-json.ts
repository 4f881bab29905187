import { RecordedText } from '../json/recorded-text.ts';
import { SharedJson } from '../json/shared-json.ts';
import { ENVELOPE_LEVELS, isBeyondLimits, MAX_NESTING, type Met } from './json-limits.ts';
import { isWellFormed } from './well-formed.ts';

interface Draft extends Met {
  readonly pieces: string[];
  /** What comes behind the pieces so far. */
  text: string;
}

/**
 * What `JSON.stringify` gives for an event, if it consists of nothing but what JSON and PostHog can hold, within the
 * limits; in pieces to be written one behind the other. May throw where a getter does.
 *
 * What it buys: one walk both checks and writes, and what is JSON already (`RecordedText`, `SharedJson`) is a piece of its
 * own, neither serialised again nor joined to the rest. It spares almost every event the copy that `cleanEvent` makes.
 *
 * @returns `undefined` when the event holds anything else, or when in doubt
 */
export function writePlainJson(event: object): readonly string[] | undefined {
  const draft: Draft = { pieces: [], text: '', values: 0, characters: 0 };
  if (!write(event, MAX_NESTING + ENVELOPE_LEVELS, draft) || isBeyondLimits(draft)) return undefined;
  draft.pieces.push(draft.text);
  return draft.pieces;
}

/** @returns `false` for what is not plain; what was written by then is of no use */
function write(value: unknown, levelsLeft: number, draft: Draft): boolean {
  draft.values += 1;
  switch (typeof value) {
    case 'string':
      return writeText(value, draft);
    case 'number':
      draft.text += value;
      return Number.isFinite(value);
    case 'boolean':
      draft.text += value;
      return true;
    case 'object':
      if (value === null) {
        draft.text += 'null';
        return true;
      }
      return levelsLeft > 0 && writeObject(value, levelsLeft - 1, draft);
    default:
      return false;
  }
}

function writeObject(value: object, levelsLeft: number, draft: Draft): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype) {
    // It may be hidden, and would be asked by `JSON.stringify` all the same.
    return !('toJSON' in value) && writeRecord(value as Readonly<Record<string, unknown>>, levelsLeft, draft);
  }
  if (prototype === Array.prototype) {
    return !('toJSON' in value) && writeList(value as readonly unknown[], levelsLeft, draft);
  }
  // Half a surrogate pair in these becomes U+FFFD when it is encoded, as `cleanEvent` would have it.
  if (value instanceof RecordedText) return writePiece(value.json, 1, draft);
  // Counted rather too high: in doubt the event is not plain.
  if (value instanceof SharedJson) return writePiece(value.json, value.json.length, draft);
  return false;
}

function writeRecord(record: Readonly<Record<string, unknown>>, levelsLeft: number, draft: Draft): boolean {
  let separator = '{';
  for (const key of Object.keys(record)) {
    const value = record[key];
    draft.characters += key.length;
    const name = nameOf(key);
    if (name === undefined) return false;
    if (value === undefined) {
      draft.values += 1;
      continue;
    }
    draft.text += separator + name;
    separator = ',';
    if (!write(value, levelsLeft, draft) || isBeyondLimits(draft)) return false;
  }
  draft.text += separator === '{' ? '{}' : '}';
  return true;
}

function writeList(list: readonly unknown[], levelsLeft: number, draft: Draft): boolean {
  let separator = '[';
  for (const item of list) {
    draft.text += separator;
    separator = ',';
    if (!write(item === undefined ? null : item, levelsLeft, draft) || isBeyondLimits(draft)) return false;
  }
  draft.text += separator === '[' ? '[]' : ']';
  return true;
}

function writePiece(json: string, values: number, draft: Draft): boolean {
  draft.characters += json.length;
  draft.values += values;
  draft.pieces.push(draft.text, json);
  draft.text = '';
  return true;
}

/** Longer texts are left to the engine, which escapes faster than the expression looks. */
const MAX_LOOKED_THROUGH = 256;

/** No quote, backslash or control character, which are escaped, and no half of a surrogate pair, which may be alone. */
const STANDS_AS_IT_IS = /^[ !#-[\]-\ud7ff\ue000-\uffff]*$/;

function writeText(text: string, draft: Draft): boolean {
  draft.characters += text.length;
  if (text.length <= MAX_LOOKED_THROUGH && STANDS_AS_IT_IS.test(text)) {
    draft.text += `"${text}"`;
    return true;
  }
  if (!isWellFormed(text)) return false;
  draft.text += JSON.stringify(text);
  return true;
}

/** Names of members are few, and the same on every event. */
const MAX_REMEMBERED = 4_096;
const MAX_REMEMBERED_LENGTH = 128;
const names = new Map<string, string>();

function nameOf(key: string): string | undefined {
  const known = names.get(key);
  if (known !== undefined) return known;
  if (!isWellFormed(key)) return undefined;
  const name = `${JSON.stringify(key)}:`;
  if (names.size < MAX_REMEMBERED && key.length <= MAX_REMEMBERED_LENGTH) names.set(key, name);
  return name;
}
