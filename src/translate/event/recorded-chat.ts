import { RecordedMember, RecordedMessage } from '../../json/recorded-message.ts';
import type { Message, Part } from '../call/messages.ts';
import { RecordedToolCallPart, recordedIn } from '../call/recorded-parts.ts';
import { isWellFormed } from '../limits/well-formed.ts';

/**
 * The chat message of a message that is one recorded text, one recorded answer of a tool, or calls of tools with or
 * without a text before them. The same JSON that `toChatMessages` makes of its parts.
 * @returns `undefined` for every other message
 */
export function toRecordedChat(message: Message): RecordedMessage | undefined {
  const { parts, name, finishReason } = message;
  const [first] = parts;
  if (first && parts.length === 1 && name === undefined && finishReason === undefined) {
    const recorded = toRecordedContent(message, first);
    if (recorded) return recorded;
  }
  return first?.type === 'tool_result' ? undefined : toRecordedCalls(message);
}

/** Nothing but one text or answer, as most messages are. */
function toRecordedContent({ role }: Message, part: Part): RecordedMessage | undefined {
  const value = recordedIn(part);
  const isAnswer = part.type === 'tool_result';
  const head = isAnswer ? headOfAnswer(part.id) : part.type === 'text' ? headFor(role) : undefined;
  if (value === undefined || head === undefined) return undefined;
  return new RecordedMessage(isAnswer ? 'tool' : role, new RecordedMember(head, 'content', value), '}');
}

function toRecordedCalls({ role, parts, name, finishReason }: Message): RecordedMessage | undefined {
  const [first] = parts;
  const head = headFor(role);
  if (head === undefined) return undefined;
  const draft: Draft = { text: head, first: undefined, last: undefined };
  const text = first?.type === 'text' ? first : undefined;
  const isRecorded =
    addText(draft, text) &&
    addWord(draft, ',"name":', name) &&
    addCalls(draft, parts, text ? 1 : 0) &&
    addWord(draft, ',"finish_reason":', finishReason);
  // What is not recorded anywhere is better looked at as an object.
  return isRecorded && draft.first ? new RecordedMessage(role, draft.first, `${draft.text}}`) : undefined;
}

/** JSON in the making. */
interface Draft {
  /** What comes behind the last recorded member. */
  text: string;
  first: RecordedMember | undefined;
  last: RecordedMember | undefined;
}

function addWord(draft: Draft, key: string, word: string | undefined): boolean {
  if (word === undefined) return true;
  const json = jsonOfWord(word);
  draft.text += key + json;
  return json !== undefined;
}

/** A message that only calls tools has an empty text. */
function addText(draft: Draft, part: Extract<Part, { type: 'text' }> | undefined): boolean {
  const value = part && recordedIn(part);
  if (value === undefined) return addWord(draft, '', part?.text ?? '');
  addRecorded(draft, 'content', value);
  return true;
}

function addCalls(draft: Draft, parts: readonly Part[], first: number): boolean {
  let before = ',"tool_calls":[';
  for (let index = first; index < parts.length; index++) {
    const part = parts[index];
    if (!(part instanceof RecordedToolCallPart)) return false;
    const id = jsonOfWord(part.id);
    const name = jsonOfWord(part.name);
    if (id === undefined || name === undefined) return false;
    draft.text += `${before}{"id":${id},"type":"function","function":{"name":${name},"arguments":`;
    addRecorded(draft, 'arguments', part.recorded);
    draft.text = '}}';
    before = ',';
  }
  if (parts.length > first) draft.text += ']';
  return true;
}

function addRecorded(draft: Draft, key: RecordedMember['key'], value: RecordedMember['value']): void {
  const member = new RecordedMember(draft.text, key, value);
  if (draft.last) draft.last.next = member;
  else draft.first = member;
  draft.last = member;
  draft.text = '';
}

/** Roles are few, and the same in every conversation. */
const MAX_REMEMBERED = 64;
const heads = new Map<string, string>();

/** JSON of a message up to its content. */
function headFor(role: string): string | undefined {
  const known = heads.get(role);
  if (known !== undefined) return known;
  const json = jsonOfWord(role);
  if (json === undefined) return undefined;
  const head = `{"role":${json},"content":`;
  if (heads.size < MAX_REMEMBERED) heads.set(role, head);
  return head;
}

function headOfAnswer(callId: string | undefined): string | undefined {
  const json = callId === undefined ? undefined : jsonOfWord(callId);
  return json === undefined ? undefined : `{"role":"tool","tool_call_id":${json},"content":`;
}

/** Longer words hold no message together; they are looked through like any text. */
const MAX_WORD_LENGTH = 128;

/** Nearly every role, name and id; JSON as it stands. */
const SIMPLE_WORD = /^[\w.:-]{1,128}$/;

/** JSON of a role, name or id; `undefined` for a text that has to be looked through. */
function jsonOfWord(text: string): string | undefined {
  if (SIMPLE_WORD.test(text)) return `"${text}"`;
  const isWord = text.length <= MAX_WORD_LENGTH && isWellFormed(text) && !text.includes(';base64,');
  return isWord ? JSON.stringify(text) : undefined;
}
