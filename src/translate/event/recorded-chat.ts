import { PlainText } from '../../json/plain-text.ts';
import { RecordedMember, RecordedMessage } from '../../json/recorded-message.ts';
import type { Message, Part, TextForm, ToolCallPart, ToolResultPart } from '../call/messages.ts';
import { recordedArguments, recordedIn } from '../call/recorded-parts.ts';
import { isWellFormed } from '../limits/well-formed.ts';

/**
 * The chat message of a message that is one text or one answer of a tool, or calls of tools with or without a text before
 * them, if there is something long in it that is ready. The same JSON that `toChatMessages` makes of its parts.
 * @param texts `decoded`: only what was recorded so is taken as it is
 * @returns `undefined` for every other message
 */
export function toRecordedChat(message: Message, texts: TextForm): RecordedMessage | undefined {
  const { parts, name, finishReason } = message;
  const [first] = parts;
  if (first && parts.length === 1 && name === undefined && finishReason === undefined) {
    const recorded = toRecordedContent(message, first, texts);
    if (recorded) return recorded;
  }
  return first?.type === 'tool_result' ? undefined : toRecordedCalls(message, texts);
}

/** Nothing but one text or answer, as most messages are. */
function toRecordedContent({ role }: Message, part: Part, texts: TextForm): RecordedMessage | undefined {
  if (part.type !== 'text' && part.type !== 'tool_result') return undefined;
  const isAnswer = part.type === 'tool_result';
  const value = recordedIn(part) ?? plainText(isAnswer ? part.result : part.text, texts);
  const head = isAnswer ? headOfAnswer(part) : headFor(role);
  if (value === undefined || head === undefined) return undefined;
  return new RecordedMessage(isAnswer ? 'tool' : role, new RecordedMember(head, 'content', value), '}');
}

/** Shorter texts are written with all that is small. */
const MIN_READY_LENGTH = 128;

/** A decoded text that nobody looks at, to be written by itself. */
function plainText(text: unknown, texts: TextForm): PlainText | undefined {
  const isReady =
    texts === 'recorded' && typeof text === 'string' && text.length >= MIN_READY_LENGTH && isWellFormed(text);
  return isReady ? new PlainText(text) : undefined;
}

function toRecordedCalls(
  { role, parts, name, finishReason }: Message,
  texts: TextForm,
): RecordedMessage | undefined {
  const [first] = parts;
  const head = headFor(role);
  if (head === undefined) return undefined;
  const draft: Draft = { text: head, first: undefined, last: undefined };
  const text = first?.type === 'text' ? first : undefined;
  const isRecorded =
    addText(draft, text, texts) &&
    addWord(draft, ',"name":', name) &&
    addCalls(draft, parts, text ? 1 : 0, texts) &&
    addWord(draft, ',"finish_reason":', finishReason);
  // What is not ready anywhere is better looked at as an object.
  return isRecorded && draft.first ? new RecordedMessage(role, draft.first, `${draft.text}}`) : undefined;
}

/** JSON in the making. */
interface Draft {
  /** What comes behind the last member that is ready. */
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
function addText(draft: Draft, part: Extract<Part, { type: 'text' }> | undefined, texts: TextForm): boolean {
  const value = part && (recordedIn(part) ?? plainText(part.text, texts));
  if (value === undefined) return addWord(draft, '', part?.text ?? '');
  addReady(draft, 'content', value);
  return true;
}

function addCalls(draft: Draft, parts: readonly Part[], first: number, texts: TextForm): boolean {
  let before = ',"tool_calls":[';
  for (let index = first; index < parts.length; index++) {
    const part = parts[index];
    if (part?.type !== 'tool_call') return false;
    const { id, name } = part;
    draft.text += `${before}{`;
    const isWritten =
      (id === undefined || addWord(draft, '"id":', id)) &&
      addWord(draft, `${id === undefined ? '' : ','}"type":"function","function":{"name":`, name) &&
      addArguments(draft, part, texts);
    if (!isWritten) return false;
    draft.text += '}}';
    before = ',';
  }
  if (parts.length > first) draft.text += ']';
  return true;
}

/** Objects that were decoded are better looked at as what they are. */
function addArguments(draft: Draft, part: ToolCallPart, texts: TextForm): boolean {
  const value = recordedArguments(part);
  const given = value === undefined ? part.arguments : undefined;
  const ready = value ?? plainText(given, texts);
  if (ready === undefined) {
    return (
      given === undefined ||
      (texts === 'recorded' && typeof given === 'string' && addWord(draft, ',"arguments":', given))
    );
  }
  draft.text += ',"arguments":';
  addReady(draft, 'arguments', ready);
  return true;
}

function addReady(draft: Draft, key: RecordedMember['key'], value: RecordedMember['value']): void {
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

function headOfAnswer({ id, name }: ToolResultPart): string | undefined {
  const callId = id === undefined ? '' : memberOfWord(',"tool_call_id":', id);
  const tool = name === undefined ? '' : memberOfWord(',"name":', name);
  return callId === undefined || tool === undefined ? undefined : `{"role":"tool"${callId}${tool},"content":`;
}

function memberOfWord(key: string, word: string): string | undefined {
  const json = jsonOfWord(word);
  return json === undefined ? undefined : key + json;
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
