import { OPEN_LIST } from '../../json/json-characters.ts';
import type { Message, Part } from '../call/messages.ts';
import { recordedIn } from '../call/recorded-parts.ts';
import { structuredContent } from './json-content.ts';
import { readMessage } from './message.ts';
import { readRecorded } from './read-messages.ts';
import { isRecord, parseJson } from './recorded-json.ts';

/**
 * Undoes a habit of Traceloop's newer instrumentations, which write a whole Responses input, or the content parts of a
 * message, as JSON text into a single text part. For dialects that know their emitter to do so: elsewhere such text is
 * what a user wrote.
 */
export function unpackDumpedMessages(messages: readonly Message[]): Message[] {
  return messages.flatMap((message) => {
    const [part] = message.parts;
    if (part?.type !== 'text' || message.parts.length !== 1 || !beginsList(part)) return message;
    const content = structuredContent(part.text);
    if (content !== part.text) {
      const unpacked = readMessage({ role: message.role, content }, message.role);
      return { ...message, parts: unpacked.parts };
    }
    return message.role === 'user' ? (conversationIn(part.text) ?? message) : message;
  });
}

/** A text that was not decoded need not be for that. */
function beginsList(part: Part & { readonly type: 'text' }): boolean {
  const recorded = recordedIn(part);
  return recorded ? recorded.firstUnit === OPEN_LIST : part.text.startsWith('[');
}

function conversationIn(text: string): readonly Message[] | undefined {
  const list = parseJson(text);
  const isConversation =
    Array.isArray(list) &&
    list.length > 0 &&
    list.every(
      (entry) => isRecord(entry) && (typeof entry.role === 'string' || typeof entry.type === 'string'),
    );
  if (!isConversation) return undefined;
  const messages = readRecorded(list, 'user');
  return messages?.some((message) => message.parts.some((part) => part.type === 'other'))
    ? undefined
    : messages;
}
