import { retained } from '../../json/memory/retained.ts';
import type { RecordedText } from '../../json/recorded-text.ts';
import { finishWord } from '../call/finish-reason.ts';
import type { Message, Part } from '../call/messages.ts';
import { firstText, hasOnlyKeys, keySet } from './object-members.ts';
import { readSpokenAnswer } from './parts/openai-chat.ts';
import { readContentParts } from './read-parts.ts';
import type { JsonObject } from './recogniser.ts';
import { isRecord } from './recorded-json.ts';
import { readRole, standardRole } from './roles.ts';
import { joinedText, pushReasoning, pushRefusal, pushText } from './text-parts.ts';
import { addToolCalls, addWrittenCalls, answeredCallId, isFailure, toolResult } from './tool-parts.ts';

/** Any of these makes an object with a `role` a message. */
const CONTENT_KEYS = [
  'content',
  'parts',
  'tool_calls',
  'toolCalls',
  'function_call',
  'refusal',
  'audio',
  'reasoning',
];

/** What may stand in a message that does not say its role. */
const MESSAGE_KEYS = keySet(`
  ${CONTENT_KEYS.join(' ')} reasoning_content reasoning_details thinking tool_plan annotations images id name role
  tool_call_id finish_reason finishReason stop_reason usage usage_metadata metadata
`);

/**
 * Whether an object is one message of a conversation. With a role, any content makes it one; without, it must hold
 * nothing but what messages hold. Cohere puts the text into `message`, and some put it into `text`: there the role
 * must be a provider's word for a standard one, since people have roles too.
 */
export function isMessage(source: JsonObject): boolean {
  const hasContent = CONTENT_KEYS.some((key) => source[key] !== undefined);
  if (typeof source.role !== 'string') {
    return hasContent && (source.type === 'message' || hasOnlyKeys(source, MESSAGE_KEYS));
  }
  // People have roles too: an object with more than messages have is an application's data.
  if (hasContent) return standardRole(source.role) !== undefined || hasOnlyKeys(source, MESSAGE_KEYS);
  if (standardRole(source.role) === undefined) return false;
  return firstText(source, ['message', 'text']) !== undefined || hasOnlyKeys(source, MESSAGE_KEYS);
}

/** A message that was recorded without anything that it said: a bare role, or an answer to no call. */
export function saysNothing({ role, parts, finishReason }: Message, source: JsonObject): boolean {
  if (parts.length > 0 || finishReason !== undefined) return false;
  return role === 'tool' || !CONTENT_KEYS.some((key) => source[key] !== undefined);
}

/** One message with its content, calls and reasoning, whichever of the providers' keys hold them. */
export function readMessage(source: JsonObject, defaultRole: string): Message {
  if (Array.isArray(source.parts)) return readPartsMessage(source, source.parts, defaultRole);
  const role = readRole(source.role, defaultRole);
  const parts: Part[] = [];
  readThinking(source, parts);
  readAnswerOrContent(source, role, parts);
  readExtras(source, parts);
  return message(source, role, parts);
}

/** The commonest form, OpenTelemetry's `{role, parts}` (also Gemini's), without a detour. */
export function readPartsMessage(source: JsonObject, list: readonly unknown[], defaultRole: string): Message {
  const parts: Part[] = [];
  readContentParts(list, parts);
  if (parts.length === 0 && source.content !== undefined) readContentParts(source.content, parts);
  if (source.tool_calls !== undefined) addToolCalls(parts, source.tool_calls);
  return message(source, readRole(source.role, defaultRole), parts);
}

/** `thinking` is Ollama's, `tool_plan` Cohere's. */
const THINKING_KEYS = ['reasoning_content', 'reasoning', 'thinking', 'tool_plan'];

/** OpenRouter's `reasoning` and its `reasoning_details` are two forms of the same text. */
function readThinking(source: JsonObject, parts: Part[]): void {
  const text = firstText(source, THINKING_KEYS);
  if (text !== undefined) {
    pushReasoning(parts, text);
    return;
  }
  const details = source.reasoning_details ?? source.reasoning;
  if (!Array.isArray(details)) return;
  for (const detail of details) {
    if (isRecord(detail)) pushReasoning(parts, firstText(detail, ['text', 'summary']));
  }
}

function readAnswerOrContent(source: JsonObject, role: string, parts: Part[]): void {
  const content = source.content ?? source.message ?? source.text;
  if (role === 'assistant' && addWrittenCalls(content, parts)) return;
  const answered = answeredCallId(source) ?? (role === 'tool' ? firstText(source, ['id']) : undefined);
  const before = parts.length;
  readContentParts(content, parts);
  const isAnswer = role === 'tool' || (answered !== undefined && role !== 'assistant');
  if (!isAnswer || parts.some((part) => part.type === 'tool_result')) return;
  if ((content === undefined || content === '') && answered === undefined) return;
  parts.length = before;
  parts.push(toolResult(answered, firstText(source, ['name', 'toolName']), content, isFailure(source)));
}

function readExtras(source: JsonObject, parts: Part[]): void {
  if (typeof source.refusal === 'string') pushRefusal(parts, source.refusal);
  if (source.audio !== undefined) readSpokenAnswer(source.audio, parts);
  if (Array.isArray(source.images)) readImages(source.images, parts);
  addToolCalls(parts, source.tool_calls ?? source.toolCalls);
  if (isRecord(source.function_call)) addToolCalls(parts, [source.function_call]);
}

/** OpenRouter writes `image_url` parts, Ollama bare base64. */
function readImages(images: readonly unknown[], parts: Part[]): void {
  readContentParts(
    images.map((image) => (typeof image === 'string' ? { type: 'image', data: image } : image)),
    parts,
  );
}

function message(source: JsonObject, role: string, parts: readonly Part[]): Message {
  return buildMessage(role, firstText(source, ['name']), readFinishReason(source), parts);
}

/** A class and not a copy with a member more, which gets a hidden class of its own on Node 20. */
class FinishedMessage implements Message {
  readonly role: string;
  readonly parts: readonly Part[];
  readonly finishReason: string;

  constructor(role: string, parts: readonly Part[], finishReason: string) {
    this.role = role;
    this.parts = parts;
    this.finishReason = finishReason;
  }
}

/** A message of what has been read, made as `retained` says. The name of a tool stands with its answer. */
export function buildMessage(
  role: string,
  name: string | undefined,
  finishReason: string | undefined,
  parts: readonly Part[],
): Message {
  const kept = retained(parts);
  const built = name === undefined || role === 'tool' ? { role, parts: kept } : { role, name, parts: kept };
  const word = finishReason === undefined ? undefined : finishWord(finishReason);
  if (word === undefined) return { ...built };
  return 'name' in built ? { ...built, finishReason: word } : new FinishedMessage(role, kept, word);
}

/** Why the model stopped, in any provider's key. */
export function readFinishReason(source: JsonObject): string | undefined {
  const reason = firstText(source, [
    'finish_reason',
    'finishReason',
    'stop_reason',
    'stopReason',
    'done_reason',
  ]);
  return reason === undefined ? undefined : finishWord(reason);
}

/** The same message with the reason that was recorded beside it. */
export function withFinishReason(message: Message, finishReason: string | undefined): Message {
  const word = finishReason === undefined ? undefined : finishWord(finishReason);
  return word === undefined || message.finishReason !== undefined
    ? message
    : { ...message, finishReason: word };
}

/** A message of nothing but text. */
export function textMessage(role: string, text: string | RecordedText): Message {
  const parts: Part[] = [];
  pushText(parts, text);
  return buildMessage(role, undefined, undefined, parts);
}

/** All text of a message, `undefined` when it holds anything else. */
export function onlyText(message: Message): string | undefined {
  return joinedText(message.parts.map((part) => (part.type === 'text' ? part.text : undefined)));
}
