import type { Message } from '../call/messages.ts';
import { textMessage } from './message.ts';
import { firstValue, hasOnlyKeys, jsonText, keySet } from './object-members.ts';
import { otherMembers } from './other-members.ts';
import type { JsonObject, Reading, Recogniser } from './recogniser.ts';
import { isRecord } from './recorded-json.ts';
import { readSystem, withSystem } from './system-prompt.ts';

/**
 * Whole request bodies that a list of turns distinguishes from anything else. The system prompt, wherever the provider
 * keeps it, comes first.
 */
export const CONVERSATION_BODIES: readonly Recogniser[] = [chat, gemini, liveKit];

/** Request bodies that are known by a common word alone; believed of recorded input alone. */
export const REQUEST_BODIES: readonly Recogniser[] = [cohere, responses, prompt, pythonCall];

/** OpenAI Chat, Anthropic, Bedrock Converse, Genkit, AI SDK, LangChain (a list of lists). */
function chat(source: JsonObject, reading: Reading, into: Message[]): boolean {
  const { messages } = source;
  if (!Array.isArray(messages)) return false;
  const others = othersBesideTurns(source);
  // An answer in the application's own JSON may have messages, too.
  if (others !== undefined && reading.defaultRole === 'assistant') return false;
  const before = into.length;
  if (!readTurns(source, messages, reading, into)) return false;
  if (others !== undefined) into.splice(afterSystem(into, before), 0, others);
  return true;
}

/** What an application hands to its model beside the turns (documents, examples, variables) is part of what is asked. */
function othersBesideTurns(source: JsonObject): Message | undefined {
  const value = otherMembers(source);
  const text = value === undefined ? undefined : jsonText(value);
  return text === undefined ? undefined : textMessage('user', text);
}

function afterSystem(messages: readonly Message[], from: number): number {
  return messages[from]?.role === 'system' ? from + 1 : from;
}

/** Contents may be one text, one content object, or a list of either. */
function gemini(source: JsonObject, reading: Reading, into: Message[]): boolean {
  const { contents } = source;
  const isText = typeof contents === 'string' && ('model' in source || 'config' in source);
  return (isText || typeof contents === 'object') && readTurns(source, contents, reading, into);
}

/** LiveKit's chat context. */
function liveKit(source: JsonObject, reading: Reading, into: Message[]): boolean {
  const { items } = source;
  const first: unknown = Array.isArray(items) ? items[0] : undefined;
  const isContext =
    isRecord(first) && typeof first.type === 'string' && ('role' in first || 'call_id' in first);
  return isContext && readTurns(source, items, reading, into);
}

/** Cohere version 1: earlier turns, then the new message. */
function cohere(source: JsonObject, reading: Reading, into: Message[]): boolean {
  const { message } = source;
  const history = firstValue(source, ['chat_history', 'chatHistory']);
  if (typeof message !== 'string' || (history === undefined && !('preamble' in source))) return false;
  if (!readTurns(source, history ?? [], reading, into)) return false;
  if (message !== '') into.push(textMessage('user', message));
  return true;
}

/** What may stand beside `input` without making it something else than what is asked of a model. */
const INPUT_COMPANIONS = keySet('input chat_history history instructions options tools tool_choice');

/** OpenAI Responses; LangChain chains with `input` and `chat_history`. */
function responses(source: JsonObject, reading: Reading, into: Message[]): boolean {
  const { input } = source;
  const isRequest = 'model' in source || 'instructions' in source || hasOnlyKeys(source, INPUT_COMPANIONS);
  const isText = typeof input === 'string' || (Array.isArray(input) && typeof input[0] === 'string');
  if (input === undefined || (isText && !isRequest)) return false;
  const before = into.length;
  reading.nested(firstValue(source, ['chat_history', 'history']), into);
  if (readTurns(source, input, reading, into)) return true;
  into.length = before;
  return false;
}

/** Completion models, AI SDK calls with a bare prompt, Amazon Titan, Hugging Face. */
function prompt(source: JsonObject, reading: Reading, into: Message[]): boolean {
  const asked = firstValue(source, ['prompt', 'inputText', 'inputs']);
  if (typeof asked === 'string' && !hasOnlyKeys(source, PROMPT_COMPANIONS)) return false;
  return asked !== undefined && readTurns(source, asked, reading, into);
}

const PROMPT_COMPANIONS = keySet(`
  prompt inputText inputs system model modelId messages suffix images template temperature top_p topP top_k topK n seed
  stop stop_sequences user echo best_of max_tokens maxTokens max_gen_len max_tokens_to_sample max_completion_tokens
  frequency_penalty presence_penalty logit_bias logprobs stream stream_options options textGenerationConfig parameters
  anthropic_version raw format keep_alive k p
`);

const PYTHON_CALL = keySet('args kwargs');

/** The arguments of a Python function that asks a model, as decorators record them. */
function pythonCall(source: JsonObject, reading: Reading, into: Message[]): boolean {
  const { args, kwargs } = source;
  if (!isRecord(kwargs) || !hasOnlyKeys(source, PYTHON_CALL)) return false;
  return reading.nested(kwargs, into) || (Array.isArray(args) && reading.nested(args, into));
}

function readTurns(source: JsonObject, turns: unknown, reading: Reading, into: Message[]): boolean {
  const read: Message[] = [];
  if (typeof turns === 'string') read.push(textMessage('user', turns));
  else if (!reading.nested(turns, read, 'user') && !(Array.isArray(turns) && turns.length === 0))
    return false;
  for (const message of withSystem(readSystem(systemOf(source)), read)) into.push(message);
  return true;
}

const SYSTEM_KEYS = [
  'system',
  'instructions',
  'systemInstruction',
  'system_instruction',
  'preamble',
  'systemPrompt',
];

function systemOf(source: JsonObject): unknown {
  const { config } = source;
  return firstValue(source, SYSTEM_KEYS) ?? (isRecord(config) ? firstValue(config, SYSTEM_KEYS) : undefined);
}
