import type { Part } from '../call/messages.ts';
import { hasOnlyKeys, keySet } from './object-members.ts';
import { AGENT_FRAMEWORK_CALLS, AGENT_FRAMEWORK_PARTS } from './parts/agent-frameworks.ts';
import { ANTHROPIC_PARTS, anthropicReader } from './parts/anthropic.ts';
import { BEDROCK_PARTS } from './parts/bedrock.ts';
import { COMMON_PARTS } from './parts/common.ts';
import { GEMINI_PARTS } from './parts/gemini.ts';
import { GENKIT_PARTS } from './parts/genkit.ts';
import { LANGCHAIN_PARTS } from './parts/langchain.ts';
import { OPEN_TELEMETRY_PARTS } from './parts/open-telemetry.ts';
import { OPENAI_CHAT_PARTS } from './parts/openai-chat.ts';
import { OPENAI_RESPONSES_PARTS, responsesReader } from './parts/openai-responses.ts';
import { VERCEL_AI_CALLS, VERCEL_AI_PARTS, vercelAiReader } from './parts/vercel-ai.ts';
import type { JsonObject, PartReader, PartTable } from './recogniser.ts';
import { isPlaceholder, isRecord } from './recorded-json.ts';
import { isText, pushText } from './text-parts.ts';
import { toolCallPart } from './tool-parts.ts';

/**
 * Order of recognition: the part's own `type`; a type that goes by its ending or beginning; a key that only one
 * provider uses. Several conventions give one type different fields (`image`, `file`); the first reader that finds
 * its own fields takes the part.
 */
const BY_TYPE = readersByType([
  COMMON_PARTS,
  OPEN_TELEMETRY_PARTS,
  OPENAI_CHAT_PARTS,
  OPENAI_RESPONSES_PARTS,
  ANTHROPIC_PARTS,
  VERCEL_AI_PARTS,
  LANGCHAIN_PARTS,
  AGENT_FRAMEWORK_PARTS,
]);

/** What may stand beside the key by which a part is known; anything else, and the part is not of the convention. */
const CONTENT_COMPANIONS = keySet(`
  thought thoughtSignature thought_signature metadata custom citations kind videoMetadata video_metadata
  mediaResolution cachePoint cache_control
`);
const CALL_COMPANIONS = keySet(`
  id index name args tool.args input toolInput toolCallId toolCallType result output state dynamic invalid title
  providerExecuted providerMetadata
`);

const BY_KEY = readersByKey([
  [{ ...GEMINI_PARTS, ...BEDROCK_PARTS, ...GENKIT_PARTS }, CONTENT_COMPANIONS],
  [
    { ...VERCEL_AI_CALLS, ...AGENT_FRAMEWORK_CALLS, function: toolCallPart, args: toolCallPart },
    CALL_COMPANIONS,
  ],
]);

/** Adds one content part of any provider. `false`, with nothing added, when its shape is unknown. */
export function readPart(source: JsonObject, parts: Part[]): boolean {
  if (typeof source.type !== 'string') return readKeyedPart(source, parts);
  const readers = BY_TYPE.get(source.type);
  if (readers !== undefined) return readers.some((read) => read(source, parts));
  const reader = responsesReader(source.type) ?? anthropicReader(source.type) ?? vercelAiReader(source.type);
  return reader?.(source, parts) ?? false;
}

/**
 * As `readPart`, where no message surrounds the part. A lone `{data: …}` is Genkit's only inside a message; elsewhere
 * it is rather the application's own JSON.
 */
export function readLoosePart(source: JsonObject, parts: Part[]): boolean {
  if ('data' in source && typeof source.type !== 'string') return false;
  return !hasOtherMembers(source) && readPart(source, parts);
}

/** Members of the parts whose types are common words. */
const COMMON_WORD_PARTS: ReadonlyMap<unknown, ReadonlySet<string>> = new Map(
  Object.entries({
    text: 'text content citations annotations logprobs signature phase',
    reasoning:
      'text content reasoning summary signature encrypted_content status thinking details format data',
    image: `image url image_url source source_type data mimeType mime_type mediaType media_type fileId file_id content base64
      format detail filename`,
    tool_use: 'name input caller partial_json arguments',
  }).map(([type, keys]) => [
    type,
    keySet(
      `${keys} type id index cache_control metadata providerMetadata provider_metadata providerOptions extras`,
    ),
  ]),
);

/** Structured answers have types too: what holds more than a part of its type is the application's own JSON. */
function hasOtherMembers(source: JsonObject): boolean {
  const known = COMMON_WORD_PARTS.get(source.type);
  return known !== undefined && !hasOnlyKeys(source, known);
}

function readKeyedPart(source: JsonObject, parts: Part[]): boolean {
  for (const key of Object.keys(source)) {
    const keyed = BY_KEY.get(key);
    if (keyed !== undefined && hasOnlyKeys(source, keyed.known) && keyed.read(source, parts)) return true;
  }
  return false;
}

/** Adds the content of a message: text, one part or a list of them. What has no known shape is kept as it is. */
export function readContentParts(content: unknown, parts: Part[]): void {
  if (!Array.isArray(content)) readItem(content, parts);
  else for (const item of content) readItem(item, parts);
}

function readItem(item: unknown, parts: Part[]): void {
  if (isText(item)) pushText(parts, item);
  else if (item === undefined || item === null) return;
  else if (isRecord(item)) readRecord(item, parts);
  else if (typeof item === 'object') parts.push({ type: 'other', value: item });
  else pushText(parts, String(item));
}

function readRecord(item: JsonObject, parts: Part[]): void {
  // What is left of a part that was cut off, or was recorded without its content.
  if (isPlaceholder(item) || readPart(item, parts)) return;
  // Gemini's content object, where its parts were expected.
  if (!Array.isArray(item.parts)) parts.push({ type: 'other', value: item });
  else
    for (const part of item.parts)
      if (!isRecord(part) || !readPart(part, parts)) parts.push({ type: 'other', value: part });
}

/**
 * Adds a list of parts if every one of them is of a known shape, else nothing.
 * @param where `loose`: no message surrounds them, so that data which only looks like parts is none
 */
export function readKnownParts(
  list: readonly unknown[],
  parts: Part[],
  where: 'in message' | 'loose' = 'in message',
): boolean {
  const before = parts.length;
  const read = where === 'loose' ? readLoosePart : readPart;
  for (const item of list) {
    if (isRecord(item) && read(item, parts)) continue;
    parts.length = before;
    return false;
  }
  return list.length > 0;
}

function readersByType(tables: readonly PartTable[]): ReadonlyMap<string, readonly PartReader[]> {
  const byType = new Map<string, PartReader[]>();
  for (const table of tables) {
    for (const [type, read] of Object.entries(table)) {
      const readers = byType.get(type);
      if (readers === undefined) byType.set(type, [read]);
      else readers.push(read);
    }
  }
  return byType;
}

interface KeyedReader {
  readonly read: PartReader;
  /** All keys of the convention; a part with others is not of its shape. */
  readonly known: ReadonlySet<string>;
}

function readersByKey(
  groups: ReadonlyArray<readonly [table: PartTable, companions: ReadonlySet<string>]>,
): ReadonlyMap<string, KeyedReader> {
  const byKey = new Map<string, KeyedReader>();
  for (const [table, companions] of groups) {
    const known = new Set([...Object.keys(table), ...companions]);
    for (const [key, read] of Object.entries(table)) byKey.set(key, { read, known });
  }
  return byKey;
}
