import { retained } from '../../json/memory/retained.ts';
import type { Message } from '../call/messages.ts';
import { neverThrow } from '../span/never-throw.ts';
import { ANSWER_BODIES } from './answer-bodies.ts';
import { readLangChain } from './langchain-message.ts';
import { isMessage, readMessage, textMessage } from './message.ts';
import { readList } from './read-list.ts';
import { readLoosePart } from './read-parts.ts';
import type { JsonObject, Reading, Recogniser } from './recogniser.ts';
import { isPlaceholder, isRecord, parseJson } from './recorded-json.ts';
import { CONVERSATION_BODIES, REQUEST_BODIES } from './request-bodies.ts';
import { RESPONSE_BODIES } from './response-bodies.ts';
import { readTypedValue } from './typed-value.ts';

/** Bodies in lists in bodies: real recordings need five levels, hostile ones may be endless. */
const MAX_NESTING = 12;
/** Objects and lists looked into per value; only shared or cyclic references could ask for more. */
const MAX_NESTED_VALUES = 100_000;

/**
 * Reads a recorded value in any provider's message format. Pure, linear in the size of the value, never throws.
 * @param value JSON text, a structured value, a list of JSON texts, or plain text
 * @param parsed the object or list that the JSON text is, if it is known; texts of messages may be `RecordedText` there
 * @param defaultRole role of text and parts that carry none: `user` for input, `assistant` for output
 * @returns messages in the order in which they were said, one per choice for an answer; text of no known shape (also
 * JSON that was cut off) as one text message, a structured value of no known shape as one `other` part; `undefined`
 * when there is no content
 */
export function readMessages(value: unknown, defaultRole: string, parsed?: unknown): Message[] | undefined {
  return neverThrow(() => readRecorded(value, defaultRole, parsed));
}

/**
 * `readMessages` without its safety net.
 *
 * Order of recognition: placeholders of withheld content; lists (messages, Responses items, loose parts, texts); then,
 * for one object, LangWatch's typed values, LangChain's serialised messages, a message with a role, a content part,
 * whole bodies, and a message without a role. Recorded output (`defaultRole` is `assistant`) is tried as a response
 * before it is tried as a request, and the other way round.
 */
export function readRecorded(value: unknown, defaultRole: string, parsed?: unknown): Message[] | undefined {
  const structured = unwrap(parseJson(typeof parsed === 'object' ? parsed : value));
  if (structured === undefined || (Array.isArray(structured) && structured.every(isPlaceholder)))
    return undefined;
  const messages: Message[] = [];
  if (typeof structured === 'string') messages.push(textMessage(defaultRole, structured));
  else if (!readValue(structured, reading(defaultRole, 0, { left: MAX_NESTED_VALUES }), messages)) {
    messages.push(unknownMessage(value, structured, defaultRole));
  }
  return messages.some(isUsable) ? retained(messages) : undefined;
}

/** JSON text inside JSON text, and lists of JSON texts, as some SDKs write because attributes cannot be objects. */
function unwrap(value: unknown): unknown {
  if (typeof value === 'string') {
    const inner = parseJson(value);
    return typeof inner === 'string' && inner.trim() === '' ? undefined : inner;
  }
  return Array.isArray(value) && typeof value[0] === 'string' ? value.map(parseJsonObject) : value;
}

/** Texts that are no JSON objects are texts, whatever they begin with. */
function parseJsonObject(text: unknown): unknown {
  if (typeof text !== 'string' || !text.startsWith('{')) return text;
  const parsed = parseJson(text);
  return isRecord(parsed) ? parsed : text;
}

function reading(defaultRole: string, depth: number, budget: { left: number }): Reading {
  return {
    defaultRole,
    nested: (value, into, role = defaultRole) => {
      if (budget.left-- <= 0 || depth >= MAX_NESTING) return false;
      return readValue(value, reading(role, depth + 1, budget), into);
    },
  };
}

function readValue(value: unknown, context: Reading, into: Message[]): boolean {
  if (Array.isArray(value)) return readList(value, context, into);
  return isRecord(value) && readObject(value, context, into);
}

const BEFORE_BODIES: readonly Recogniser[] = [readTypedValue, readLangChain, roleMessage, loosePart];
const AS_INPUT = [
  ...BEFORE_BODIES,
  ...CONVERSATION_BODIES,
  ...REQUEST_BODIES,
  ...RESPONSE_BODIES,
  anyMessage,
];
const AS_OUTPUT = [
  ...BEFORE_BODIES,
  ...RESPONSE_BODIES,
  ...CONVERSATION_BODIES,
  ...ANSWER_BODIES,
  anyMessage,
];

function readObject(source: JsonObject, context: Reading, into: Message[]): boolean {
  const recognisers = context.defaultRole === 'assistant' ? AS_OUTPUT : AS_INPUT;
  return recognisers.some((recognise) => recognise(source, context, into));
}

function roleMessage(source: JsonObject, context: Reading, into: Message[]): boolean {
  return typeof source.role === 'string' && anyMessage(source, context, into);
}

function anyMessage(source: JsonObject, context: Reading, into: Message[]): boolean {
  if (!isMessage(source)) return false;
  into.push(readMessage(source, context.defaultRole));
  return true;
}

function loosePart(source: JsonObject, context: Reading, into: Message[]): boolean {
  return readLoosePart(source, []) && readList([source], context, into);
}

function unknownMessage(value: unknown, structured: unknown, role: string): Message {
  if (typeof value === 'string') return textMessage(role, value);
  if (typeof structured === 'object') return { role, parts: [{ type: 'other', value: structured }] };
  const isScalar = typeof structured === 'boolean' || Number.isFinite(structured);
  return textMessage(role, isScalar ? String(structured) : '');
}

function isUsable(message: Message): boolean {
  return message.parts.length > 0 || message.finishReason !== undefined;
}
