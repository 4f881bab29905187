import type { ToolDefinition } from '../call/messages.ts';
import { SharedJson } from '../json/shared-json.ts';
import { isPlainJson } from '../limits/is-plain-json.ts';
import { toChatTools } from './chat-messages.ts';

const shared = new WeakMap<readonly ToolDefinition[], unknown>();

/** Tool definitions as they are sent; a frozen list is one that many calls have in common, and made only once. */
export function toSharedTools(tools: readonly ToolDefinition[]): unknown {
  if (!Object.isFrozen(tools)) return toChatTools(tools);
  const known = shared.get(tools);
  if (known !== undefined) return known;
  const list = toChatTools(tools);
  const made = isPlainJson({ properties: { $ai_tools: list } })
    ? new SharedJson(list, JSON.stringify(list))
    : list;
  shared.set(tools, made);
  return made;
}
