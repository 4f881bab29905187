import type { Message, Part } from '../call/messages.ts';
import { isMessage, readMessage, readPartsMessage, saysNothing, textMessage } from './message.ts';
import { isAnswerItem } from './parts/openai-responses.ts';
import { readLoosePart } from './read-parts.ts';
import type { JsonObject, Reading } from './recogniser.ts';
import { isPlaceholder, isRecord } from './recorded-json.ts';
import { standardRole } from './roles.ts';

/**
 * Reads a list: messages, items of OpenAI Responses, loose content parts, texts, whole bodies, lists of any of these.
 * Successive items of one turn (reasoning, calls, text) become one message, as they were one answer.
 * @returns `false`, with nothing added, when no entry is of a known shape; otherwise unknown entries are kept as they are
 */
export function readList(list: readonly unknown[], reading: Reading, into: Message[]): boolean {
  // Vectors and token ids are long and never messages.
  if (typeof list[0] === 'number') return false;
  const before = into.length;
  const turn = openTurn(into);
  let known = false;
  for (const entry of list) {
    if (isRecord(entry)) known = readEntry(entry, reading, into, turn) || known;
    else known = readLoose(entry, reading, into, turn) || known;
  }
  if (!known) into.length = before;
  return known;
}

/** The message that loose parts are being added to. */
interface Turn {
  /** Parts of the last message, if it has this role and is still open; else of a new message. */
  partsFor(role: string): Part[];
  close(): void;
}

function openTurn(into: Message[]): Turn {
  let open: { readonly role: string; readonly parts: Part[] } | undefined;
  return {
    partsFor(role) {
      if (open?.role !== role) {
        open = { role, parts: [] };
        into.push(open);
      }
      return open.parts;
    },
    close() {
      open = undefined;
    },
  };
}

function readEntry(entry: JsonObject, reading: Reading, into: Message[], turn: Turn): boolean {
  if (typeof entry.role === 'string' && isMessage(entry)) {
    if (isAssistantItem(entry)) {
      const { parts } = readMessage(entry, 'assistant');
      const open = turn.partsFor('assistant');
      for (const part of parts) open.push(part);
      return true;
    }
    turn.close();
    const message = Array.isArray(entry.parts)
      ? readPartsMessage(entry, entry.parts, reading.defaultRole)
      : readMessage(entry, reading.defaultRole);
    if (!saysNothing(message, entry)) into.push(message);
    return true;
  }
  const parts: Part[] = [];
  if (readLoosePart(entry, parts)) {
    addLoose(entry, parts, reading, turn);
    return true;
  }
  return readUnlike(entry, reading, into, turn);
}

/** Anything that is neither a message nor a part by itself; kept as it is when it holds none either. */
function readUnlike(entry: unknown, reading: Reading, into: Message[], turn: Turn): boolean {
  const { length } = into;
  const known = readTuple(entry, into) || reading.nested(entry, into);
  if (into.length > length) turn.close();
  if (!known && !isPlaceholder(entry))
    turn.partsFor(reading.defaultRole).push({ type: 'other', value: entry });
  return known;
}

/** A `message` item of Responses is one part of a turn; a whole Anthropic response of that type is a turn. */
function isAssistantItem(entry: JsonObject): boolean {
  return (
    entry.type === 'message' && entry.stop_reason === undefined && standardRole(entry.role) === 'assistant'
  );
}

function addLoose(entry: JsonObject, parts: readonly Part[], reading: Reading, turn: Turn): void {
  const isAnswer = isAnswerItem(entry.type);
  if (isAnswer) turn.close();
  const open = turn.partsFor(isAnswer ? 'tool' : roleOf(entry, parts[0], reading.defaultRole));
  for (const part of parts) open.push(part);
  if (isAnswer) turn.close();
}

/** Calls and reasoning are always the model's; other parts belong to whoever the list is from. */
function roleOf(entry: JsonObject, part: Part | undefined, defaultRole: string): string {
  if (typeof entry.type === 'string' && entry.type.endsWith('_call')) return 'assistant';
  const isModels = part?.type === 'tool_call' || part?.type === 'reasoning' || part?.type === 'refusal';
  return isModels ? 'assistant' : defaultRole;
}

/** LangChain's short form of a message: `["human", "Hello"]`. */
function readTuple(value: unknown, into: Message[]): boolean {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [word, text]: readonly unknown[] = value;
  const role = typeof text === 'string' ? standardRole(word) : undefined;
  if (role !== undefined) into.push(textMessage(role, String(text)));
  return role !== undefined;
}

function readLoose(entry: unknown, reading: Reading, into: Message[], turn: Turn): boolean {
  if (typeof entry !== 'string') return readUnlike(entry, reading, into, turn);
  turn.close();
  into.push(textMessage(reading.defaultRole, entry));
  return true;
}
