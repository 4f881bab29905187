import type { Message, Part } from '../call/messages.ts';
import { isMessage, onlyText, readMessage } from './message.ts';
import { readContentParts } from './read-parts.ts';
import { isRecord } from './recorded-json.ts';

/** A system prompt as text, blocks, a Gemini content, or (AI SDK) one or more system messages. */
export function readSystem(value: unknown): Message | undefined {
  const parts: Part[] = [];
  for (const item of Array.isArray(value) ? value : [value]) {
    if (isRecord(item) && (Array.isArray(item.parts) || (typeof item.role === 'string' && isMessage(item)))) {
      for (const part of readMessage(item, 'system').parts) parts.push(part);
    } else readContentParts(item, parts);
  }
  return parts.length > 0 ? { role: 'system', parts } : undefined;
}

/** Puts the system prompt first, unless the conversation already begins with the same text. */
export function withSystem(system: Message | undefined, messages: readonly Message[]): readonly Message[] {
  if (system === undefined) return messages;
  const first = messages[0];
  const isRepeated = (first?.role === 'system' || first?.role === 'developer') && hasSameText(first, system);
  // Not `[system, ...messages]`, which would be retained (see `retained`).
  return isRepeated ? messages : [system].concat(messages);
}

function hasSameText(one: Message, other: Message): boolean {
  const text = onlyText(one);
  return text !== undefined && text === onlyText(other);
}
