import type { ToolDefinition } from '../call/messages.ts';
import { readToolDefinitions } from './read-tool-definitions.ts';

/** An application has a handful of sets of tools. */
const MAX_REMEMBERED = 64;
/** Longer definitions are read each time, so that what is remembered stays small. */
const MAX_REMEMBERED_LENGTH = 64 * 1024;

const remembered = new Map<string, readonly ToolDefinition[]>();

/**
 * As `readToolDefinitions`, with the same frozen list for the same text. What it buys: an application offers the same
 * tools on every call.
 */
export function rememberTools(text: string): readonly ToolDefinition[] | undefined {
  if (text.length > MAX_REMEMBERED_LENGTH) return readToolDefinitions(text);
  const known = remembered.get(text);
  if (known !== undefined) return known;
  const tools = readToolDefinitions(text);
  if (tools === undefined) return undefined;
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(text, Object.freeze(tools));
  return tools;
}
