import { objectOf } from '../../../json/object-of.ts';
import { parseJson } from '../../messages/recorded-json.ts';
import type { AttributeEntries } from '../dialect.ts';

/** How applications spell the user and the session in free metadata. */
export const USER_KEYS = ['userId', 'user_id'] as const;
export const SESSION_KEYS = [
  'sessionId',
  'session_id',
  'threadId',
  'thread_id',
  'chatId',
  'chat_id',
  'conversationId',
  'conversation_id',
] as const;

/**
 * Builds a reader of free metadata: one object, nested values structured.
 * @param leftOut keys, or beginnings of keys ending in `*`, that hold content, headers or internals
 */
export function metadataReader(
  leftOut: readonly string[] = [],
): (entries: AttributeEntries) => Readonly<Record<string, unknown>> | undefined {
  const exact = new Set(leftOut);
  const beginnings = leftOut.filter((name) => name.endsWith('*')).map((name) => name.slice(0, -1));
  const isMetadata = (key: string) =>
    key !== '' && !exact.has(key) && !beginnings.some((beginning) => key.startsWith(beginning));
  return (entries) => {
    const metadata = entries.filter(([key]) => isMetadata(key));
    return objectOf(metadata.map(([key, value]) => [key, structuredText(unquoted(value))]));
  };
}

/** Some libraries write each value as JSON, so that a text stands in quotes. */
function unquoted(value: unknown): unknown {
  return typeof value === 'string' && value.startsWith('"') ? parseJson(value) : value;
}

/** Attributes can hold no objects, so a nested value arrives as JSON text; scalars stay as they are. */
export function structuredText(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const parsed = parseJson(value);
  return typeof parsed === 'object' && parsed !== null ? parsed : value;
}
