import { CachedJson } from '../../json/cached-json.ts';
import type { ToolDefinition } from '../call/messages.ts';
import { stringifyPlain } from '../limits/plain-json.ts';
import { toChatTools } from './chat-messages.ts';

const shared = new WeakMap<readonly ToolDefinition[], unknown>();

/** Tool definitions as they are sent; a frozen list is one that many calls have in common, and made only once. */
export function toSharedTools(tools: readonly ToolDefinition[]): unknown {
  if (!Object.isFrozen(tools)) return toChatTools(tools);
  const known = shared.get(tools);
  if (known !== undefined) return known;
  const list = toChatTools(tools);
  // As deep as it will stand in the event.
  const isPlain = stringifyPlain({ properties: { $ai_tools: list } }) !== undefined;
  const made = isPlain ? new CachedJson(list, JSON.stringify(list)) : list;
  shared.set(tools, made);
  return made;
}
