import type { Message } from '../call/messages.ts';
import { recordedIn } from '../call/recorded-parts.ts';
import { RecordedMessage } from '../json/recorded-message.ts';
import { isWellFormed } from '../limits/well-formed.ts';

/**
 * The chat message of a message that is one recorded text, or one recorded answer of a tool.
 * @returns `undefined` for every other message
 */
export function toRecordedChat({ role, parts, name, finishReason }: Message): RecordedMessage | undefined {
  const [part] = parts;
  const content = part && parts.length === 1 ? recordedIn(part) : undefined;
  if (content === undefined || name !== undefined || finishReason !== undefined) return undefined;
  switch (part?.type) {
    case 'text':
      return isWord(role) ? new RecordedMessage(role, headFor(role), content) : undefined;
    case 'tool_result':
      return part.id !== undefined && isWord(part.id)
        ? new RecordedMessage('tool', `${TOOL_HEAD}${JSON.stringify(part.id)},"content":`, content)
        : undefined;
    default:
      return undefined;
  }
}

const TOOL_HEAD = '{"role":"tool","tool_call_id":';

/** Roles are few, and the same in every conversation. */
const MAX_REMEMBERED = 64;
const heads = new Map<string, string>();

function headFor(role: string): string {
  const known = heads.get(role);
  if (known !== undefined) return known;
  const head = `{"role":${JSON.stringify(role)},"content":`;
  if (heads.size < MAX_REMEMBERED) heads.set(role, head);
  return head;
}

/** Longer words hold no message together; they are looked through like any text. */
const MAX_WORD_LENGTH = 128;

function isWord(text: string): boolean {
  return text.length <= MAX_WORD_LENGTH && isWellFormed(text) && !text.includes(';base64,');
}
