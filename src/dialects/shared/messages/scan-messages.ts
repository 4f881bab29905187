import type { Message, Part } from '../../../call/messages.ts';
import { RecordedResultPart, RecordedTextPart, RecordedToolCallPart } from '../../../call/recorded-parts.ts';
import { CLOSE_LIST, CLOSE_OBJECT, COLON, COMMA, OPEN_LIST, OPEN_OBJECT } from '../../../json/json-signs.ts';
import { keptList } from '../../../json/kept-list.ts';
import { expectedWords, LiteralScanner } from '../../../json/literal-scanner.ts';
import type { RecordedObject } from '../../../json/recorded-object.ts';
import type { RecordedText } from '../../../json/recorded-text.ts';
import { buildMessage } from './message.ts';
import { readContent } from './read-parts.ts';
import { readRole } from './roles.ts';
import { pushReasoning, pushText } from './text-parts.ts';
import { toolCall, toolResult } from './tool-parts.ts';

/**
 * Reads the commonest recording, a JSON list of OpenTelemetry's `{role, parts}`, leaving long texts where they stand
 * (see `RecordedText`). What it buys: content is not parsed, only checked to be what may be copied.
 *
 * @returns what `readMessages` gives for the same text; `undefined` for everything that is not written as expected
 */
export function scanMessages(source: string, defaultRole: string): Message[] | undefined {
  if (source.charCodeAt(0) !== OPEN_LIST) return undefined;
  const scanner = new LiteralScanner(source);
  scanner.position = 1;
  const messages: Message[] = [];
  do {
    const message = scanMessage(scanner, defaultRole);
    if (message === undefined) return undefined;
    messages.push(message);
  } while (scanner.take(COMMA));
  if (!scanner.take(CLOSE_LIST) || !scanner.isAtEnd()) return undefined;
  return messages.some(({ parts }) => parts.length > 0) ? keptList(messages) : undefined;
}

const MESSAGE_KEYS = expectedWords('role', 'parts', 'finish_reason', 'name');
const ROLES = expectedWords('user', 'assistant', 'system', 'tool');

function scanMessage(scanner: LiteralScanner, defaultRole: string): Message | undefined {
  if (!scanner.take(OPEN_OBJECT)) return undefined;
  const words: { role?: string; name?: string; finish_reason?: string } = {};
  let parts: Part[] | undefined;
  do {
    const key = scanner.oneOf(MESSAGE_KEYS);
    if (key === undefined || !scanner.take(COLON)) return undefined;
    if (key === 'parts') {
      if (parts !== undefined) return undefined;
      parts = scanParts(scanner);
      if (parts === undefined) return undefined;
    } else {
      const word = scanner.oneOf(ROLES) ?? scanner.word();
      if (word === undefined || words[key] !== undefined) return undefined;
      words[key] = word;
    }
  } while (scanner.take(COMMA));
  if (!scanner.take(CLOSE_OBJECT) || words.role === undefined || parts === undefined) return undefined;
  const { role, name, finish_reason: finishReason } = words;
  return buildMessage(readRole(role, defaultRole), name || undefined, finishReason || undefined, parts);
}

function scanParts(scanner: LiteralScanner): Part[] | undefined {
  if (!scanner.take(OPEN_LIST)) return undefined;
  const parts: Part[] = [];
  if (scanner.take(CLOSE_LIST)) return parts;
  do {
    if (!scanPart(scanner, parts)) return undefined;
  } while (scanner.take(COMMA));
  return scanner.take(CLOSE_LIST) ? parts : undefined;
}

/** Texts, calls and answers are scanned; all others are short as a rule, and read like everywhere else. */
function scanPart(scanner: LiteralScanner, parts: Part[]): boolean {
  scanner.peek();
  const start = scanner.position;
  if (scanKnownPart(scanner, parts)) return true;
  scanner.position = start;
  const json = scanner.skipObject();
  if (json === undefined) return false;
  try {
    readContent([JSON.parse(json)], parts);
    return true;
  } catch {
    return false;
  }
}

const PART_KEYS = expectedWords('type', 'content', 'id', 'response', 'name', 'arguments');
const PART_TYPES = expectedWords('text', 'reasoning', 'tool_call', 'tool_call_response');

interface PartMembers {
  type: 'text' | 'reasoning' | 'tool_call' | 'tool_call_response' | undefined;
  content: string | RecordedText | undefined;
  id: string | undefined;
  response: string | RecordedText | undefined;
  name: string | undefined;
  arguments: string | RecordedText | RecordedObject | undefined;
}

const READ_MEMBER: { readonly [Key in keyof PartMembers]: (scanner: LiteralScanner) => PartMembers[Key] } = {
  type: (scanner) => scanner.oneOf(PART_TYPES),
  content: (scanner) => scanner.text(),
  id: (scanner) => scanner.word(),
  response: (scanner) => scanner.text(),
  name: (scanner) => scanner.word(),
  arguments: (scanner) => (scanner.peek() === OPEN_OBJECT ? scanner.flatObject() : scanner.text()),
};

/**
 * `{type, content}` of texts and reasoning, `{type, id, name, arguments}` of calls, `{type, id, response}` of answers,
 * in any order and with nothing else.
 */
function scanKnownPart(scanner: LiteralScanner, parts: Part[]): boolean {
  if (!scanner.take(OPEN_OBJECT)) return false;
  const members: PartMembers = {
    type: undefined,
    content: undefined,
    id: undefined,
    response: undefined,
    name: undefined,
    arguments: undefined,
  };
  let count = 0;
  do {
    const key = scanner.oneOf(PART_KEYS);
    if (key === undefined || !scanner.take(COLON) || !scanMember(scanner, key, members)) return false;
    count += 1;
  } while (scanner.take(COMMA));
  return scanner.take(CLOSE_OBJECT) && pushPart(parts, members, count);
}

/** False when other members are there than the type has. */
function pushPart(parts: Part[], members: PartMembers, count: number): boolean {
  const { type, content, id, response, name } = members;
  switch (type) {
    case undefined:
      return false;
    case 'tool_call':
      return count === 4 && pushCall(parts, id, name, members.arguments);
    case 'tool_call_response':
      return count === 3 && pushAnswer(parts, id, response);
    default:
      return count === 2 && content !== undefined && pushWords(parts, type, content);
  }
}

/** False for a member that is there already, and for a value that is not of the kind expected. */
function scanMember<Key extends keyof PartMembers>(
  scanner: LiteralScanner,
  key: Key,
  members: PartMembers,
): boolean {
  if (members[key] !== undefined) return false;
  members[key] = READ_MEMBER[key](scanner);
  return members[key] !== undefined;
}

function pushWords(parts: Part[], type: 'text' | 'reasoning', words: string | RecordedText): boolean {
  if (typeof words !== 'string') parts.push(recordedPart(type, words));
  else if (type === 'text') pushText(parts, words);
  else pushReasoning(parts, words);
  return true;
}

function recordedPart(type: 'text' | 'reasoning', words: RecordedText): Part {
  return type === 'text' ? new RecordedTextPart(type, words) : new RecordedTextPart(type, words);
}

function pushCall(
  parts: Part[],
  id: string | undefined,
  name: string | undefined,
  given: PartMembers['arguments'],
): boolean {
  if (id === undefined || id === '' || name === undefined || name === '' || given === undefined) return false;
  parts.push(
    typeof given === 'string' ? toolCall(id, name, given) : new RecordedToolCallPart(id, name, given),
  );
  return true;
}

function pushAnswer(
  parts: Part[],
  id: string | undefined,
  answer: string | RecordedText | undefined,
): boolean {
  if (id === undefined || id === '' || answer === undefined) return false;
  parts.push(
    typeof answer === 'string'
      ? toolResult(id, undefined, answer, false)
      : new RecordedResultPart(id, answer),
  );
  return true;
}
