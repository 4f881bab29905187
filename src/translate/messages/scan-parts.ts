import { expectedWords, type LiteralScanner } from '../../json/literal-scanner.ts';
import type { RecordedObject } from '../../json/recorded-object.ts';
import type { RecordedText } from '../../json/recorded-text.ts';
import type { Part } from '../call/messages.ts';
import { RecordedResultPart, RecordedTextPart, RecordedToolCallPart } from '../call/recorded-parts.ts';
import { readContentParts } from './read-parts.ts';
import { pushReasoning, pushText } from './text-parts.ts';
import { toolCall, toolResult } from './tool-parts.ts';

/** Not made anew for each message: the engine would make those among its old objects (see `retained`). */
const parts: Part[] = [];

/**
 * The parts of a message; `undefined` for everything that is not written as expected.
 * @returns always the same list, to be copied before the next parts are scanned
 */
export function scanParts(scanner: LiteralScanner): readonly Part[] | undefined {
  if (!scanner.enterList()) return undefined;
  parts.length = 0;
  if (scanner.leaveList()) return parts;
  do {
    if (!scanPart(scanner, parts)) return undefined;
  } while (scanner.goOn());
  return scanner.leaveList() ? parts : undefined;
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
    readContentParts([JSON.parse(json)], parts);
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

/**
 * `{type, content}` of texts and reasoning, `{type, id, name, arguments}` of calls, `{type, id, response}` of answers,
 * in any order and with nothing else.
 */
function scanKnownPart(scanner: LiteralScanner, parts: Part[]): boolean {
  if (!scanner.enterObject()) return false;
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
    const key = scanner.key(PART_KEYS);
    if (key === undefined || !scanPartMember(scanner, key, members)) return false;
    count += 1;
  } while (scanner.goOn());
  return scanner.leaveObject() && pushPart(parts, members, count);
}

/** False when other members are there than the type has, or one of them twice. */
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

/** False for a value that is not of the kind expected. By a switch: computed names take the engine four times as long. */
function scanPartMember(scanner: LiteralScanner, key: keyof PartMembers, members: PartMembers): boolean {
  switch (key) {
    case 'type':
      members.type = scanner.oneOf(PART_TYPES);
      return members.type !== undefined;
    case 'content':
      members.content = scanner.text();
      return members.content !== undefined;
    case 'id':
      members.id = scanner.word();
      return members.id !== undefined;
    case 'response':
      members.response = scanner.text();
      return members.response !== undefined;
    case 'name':
      members.name = scanner.word();
      return members.name !== undefined;
    case 'arguments':
      members.arguments = scanner.isAtObject() ? scanner.flatObject() : scanner.text();
      return members.arguments !== undefined;
  }
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
