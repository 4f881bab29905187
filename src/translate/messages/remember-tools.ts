import type { ToolDefinition } from '../call/messages.ts';
import { jsonText } from './object-members.ts';
import { readFlattenedTools } from './read-flattened-tools.ts';
import { readToolDefinitions } from './read-tool-definitions.ts';
import { isRecord } from './recorded-json.ts';

/** An application has a handful of sets of tools. */
const MAX_REMEMBERED = 64;
/** Longer definitions are read each time, so that what is remembered stays small. */
const MAX_REMEMBERED_LENGTH = 64 * 1024;

type Tools = readonly ToolDefinition[] | undefined;
type Entries = ReadonlyArray<readonly [suffix: string, value: unknown]>;

const ofTexts = new Map<string, Tools>();
const ofLists = new Map<string, Tools>();
const ofEntries = new Map<string, Tools>();

/**
 * As `readToolDefinitions`, with the same frozen list for the same text, list of texts or parsed list. What it buys: an
 * application offers the same tools on every call.
 */
export function rememberTools(value: unknown): Tools {
  if (typeof value === 'string') return remember(ofTexts, value, () => readToolDefinitions(value));
  if (!Array.isArray(value)) return readToolDefinitions(value);
  // As text, so that nothing that is remembered keeps the request around it alive.
  if (value.every(isRecord)) return rememberTools(jsonText(value));
  return remember(ofLists, joined(value), () => readToolDefinitions(value));
}

/** As `readFlattenedTools`, likewise. */
export function rememberFlattenedTools(entries: Entries): Tools {
  return remember(ofEntries, joined(entries.flat()), () => readFlattenedTools(entries));
}

function remember(remembered: Map<string, Tools>, key: string | undefined, read: () => Tools): Tools {
  if (key === undefined || key.length > MAX_REMEMBERED_LENGTH) return read();
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const tools = read();
  if (tools === undefined) return undefined;
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(key, Object.freeze(tools));
  return tools;
}

const BETWEEN = '\u0000';

/** `undefined` for a list whose text could be that of another list. */
function joined(values: readonly unknown[]): string | undefined {
  const isClear = values.every((value) => typeof value === 'string' && !value.includes(BETWEEN));
  return isClear ? values.join(BETWEEN) : undefined;
}
