import { type LazyTexts, readLazy } from '../../json/read-lazy.ts';
import { hasOnlyKeys, keySet } from './object-members.ts';
import { beginsAsJson } from './recorded-json.ts';

/** Members of messages that say something, or nothing that their readers look for. */
const MESSAGE_KEYS = keySet('role content name id tool_calls tool_call_id finish_reason annotations refusal');
const PART_KEYS = keySet(
  'type text content value cache_control annotations providerOptions providerMetadata',
);

/** The text of a message, and of a part or an answer that say themselves that they are text. Nearly all bytes are these. */
const TEXTS_OF_MESSAGES: LazyTexts = {
  names: keySet('content text value'),
  isKept: (object, name) =>
    object.type === 'text'
      ? hasOnlyKeys(object, PART_KEYS)
      : name === 'content' && typeof object.role === 'string' && hasOnlyKeys(object, MESSAGE_KEYS),
};

/**
 * Recorded JSON as `JSON.parse` gives it, with the texts of messages left where they stand (see `readLazy`).
 * @returns `undefined` for all that is no JSON of an object or list
 */
export function parseLazily(value: unknown): unknown {
  return typeof value === 'string' && beginsAsJson(value) ? readLazy(value, TEXTS_OF_MESSAGES) : undefined;
}

/** The same of a list; `undefined` for all else, which is not read then. */
export function parseListLazily(source: string): readonly unknown[] | undefined {
  const list = source.startsWith('[') ? readLazy(source, TEXTS_OF_MESSAGES) : undefined;
  return Array.isArray(list) ? list : undefined;
}
