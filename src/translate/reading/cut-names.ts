import { isRecord } from '../../json/is-record.ts';
import type { Field } from '../dialects/fields.ts';

/**
 * Characters of a name that are looked at; the rest is cut off as soon as it is read. Real ones stay far below
 * (PostHog's price list has none above 100), and whatever looks at names later may then cost what it likes: whoever calls
 * a gateway can choose them as long as a prompt.
 */
export const MAX_NAME_CHARACTERS = 1_000;

/** Facts that are a name: one line, never content. Ids of traces and sessions are cut, with a hash of the whole, later. */
const NAMES: ReadonlySet<Field> = new Set<Field>([
  ...(['operation', 'responseModel', 'requestModel', 'provider', 'serverAddress', 'baseUrl'] as const),
  ...(['responseId', 'toolName', 'toolCallId', 'serviceTier', 'finishReason', 'errorType'] as const),
  ...([
    'traceName',
    'generationName',
    'user',
    'frameworkVersion',
    'agentName',
    'workflowName',
    'promptName',
    'promptVersion',
  ] as const),
]);

/** The value of a fact, cut when it is a name. */
export function cutName(field: Field, value: unknown): unknown {
  if (typeof value !== 'string' || value.length <= MAX_NAME_CHARACTERS || !NAMES.has(field)) return value;
  return cutText(value);
}

/** At most `MAX_NAME_CHARACTERS`, without half a surrogate pair at the end. */
export function cutText(text: string): string {
  if (text.length <= MAX_NAME_CHARACTERS) return text;
  const last = text.charCodeAt(MAX_NAME_CHARACTERS - 1);
  const isHalf = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, isHalf ? MAX_NAME_CHARACTERS - 1 : MAX_NAME_CHARACTERS);
}

/** Keys of free metadata that are read. No application means more, and each becomes a column at PostHog. */
export const MAX_METADATA_KEYS = 1_000;

/** The first keys of metadata that has too many. */
export function cutMetadata(metadata: unknown): unknown {
  if (!isRecord(metadata)) return metadata;
  const kept: [string, unknown][] = [];
  let keys = 0;
  for (const key in metadata) {
    keys += 1;
    if (keys > MAX_METADATA_KEYS) return Object.fromEntries(kept);
    kept.push([key, metadata[key]]);
  }
  return metadata;
}
