import type { Message, Part } from '../call/messages.ts';
import { readMessages } from './read-messages.ts';

/**
 * The system prompt that was recorded apart from the conversation.
 * @param value parts, messages or text, structured or as JSON text
 * @returns one message with role `system`, `undefined` when there is no content
 */
export function readSystemInstructions(value: unknown): Message | undefined {
  const messages = readMessages(value, 'system');
  if (messages === undefined) return undefined;
  const [only] = messages;
  if (only !== undefined && messages.length === 1) return { role: 'system', parts: only.parts };
  const parts: Part[] = [];
  for (const message of messages) for (const part of message.parts) parts.push(part);
  return parts.length > 0 ? { role: 'system', parts } : undefined;
}
