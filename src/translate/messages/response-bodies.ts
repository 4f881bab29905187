import type { Message } from '../call/messages.ts';
import { isMessage, readFinishReason, readMessage, textMessage, withFinishReason } from './message.ts';
import { firstText, hasOnlyKeys, keySet } from './object-members.ts';
import type { JsonObject, Reading, Recogniser } from './recogniser.ts';
import { isRecord } from './recorded-json.ts';
import { isText } from './text-parts.ts';

/**
 * Whole response bodies that their structure distinguishes from anything else. One message per choice, each with its
 * own finish reason; what a response echoes of its request (instructions, earlier turns) is left out.
 */
export const RESPONSE_BODIES: readonly Recogniser[] = [
  choices,
  candidates,
  gemini,
  items,
  generations,
  enclosed,
];

/** OpenAI Chat (also its stream chunks) and legacy completions. */
function choices(source: JsonObject, _reading: Reading, into: Message[]): boolean {
  return readEach(source.choices, into, (choice) => {
    const said = choice.message ?? choice.delta;
    if (isRecord(said)) return readMessage(said, 'assistant');
    // Quizzes have choices with a text, too.
    const isCompletion = 'finish_reason' in choice || 'model' in source;
    return isCompletion && isText(choice.text) ? textMessage('assistant', choice.text) : undefined;
  });
}

/** Gemini (`content`) and Genkit (`message`). */
function candidates(source: JsonObject, _reading: Reading, into: Message[]): boolean {
  return readEach(source.candidates, into, (candidate) => {
    const said = candidate.content ?? candidate.message;
    return isRecord(said) && isMessage(said) ? readMessage(said, 'assistant') : undefined;
  });
}

/** Google's ADK records the one candidate without its list. */
function gemini(source: JsonObject, _reading: Reading, into: Message[]): boolean {
  const { content } = source;
  if (!isRecord(content) || !Array.isArray(content.parts)) return false;
  into.push(withFinishReason(readMessage(content, 'assistant'), readFinishReason(source)));
  return true;
}

/** `output`: items of OpenAI Responses, one message of Bedrock Converse, or whatever LangChain put out. */
function items(source: JsonObject, reading: Reading, into: Message[]): boolean {
  const { output } = source;
  const said = isRecord(output) && isRecord(output.message) ? output.message : output;
  const read: Message[] = [];
  if (!reading.nested(said, read, 'assistant')) {
    // An empty list, as a failed or running response has it.
    return Array.isArray(output) && output.length === 0 && source.object === 'response';
  }
  const reason = readFinishReason(source) ?? responseStatus(source);
  read.forEach((message, index) => {
    into.push(index === read.length - 1 ? withFinishReason(message, reason) : message);
  });
  return true;
}

/** Responses have no finish reason but a status, and say why they are incomplete. */
function responseStatus(source: JsonObject): string | undefined {
  if (source.object !== 'response') return undefined;
  const details = source.incomplete_details;
  return (isRecord(details) ? firstText(details, ['reason']) : undefined) ?? firstText(source, ['status']);
}

const GENERATIONS_COMPANIONS = keySet(
  'generations llm_output llmOutput run runs type id prompt usage model meta finish_reason response_metadata metadata',
);

/** LangChain (lists of lists) and Cohere on Bedrock. */
function generations(source: JsonObject, reading: Reading, into: Message[]): boolean {
  if (!hasOnlyKeys(source, GENERATIONS_COMPANIONS)) return false;
  const flat = Array.isArray(source.generations) ? source.generations.flat() : undefined;
  return readEach(flat, into, (generation) => {
    const said: Message[] = [];
    if (isRecord(generation.message) && reading.nested(generation.message, said, 'assistant')) return said[0];
    return isText(generation.text) ? textMessage('assistant', generation.text) : undefined;
  });
}

/** One message in an envelope: Genkit, Cohere version 2, Ollama. */
function enclosed(source: JsonObject, reading: Reading, into: Message[]): boolean {
  const said: Message[] = [];
  if (!isRecord(source.message) || !reading.nested(source.message, said, 'assistant')) return false;
  for (const message of said) into.push(withFinishReason(message, readFinishReason(source)));
  return true;
}

/** Reads a list whose every entry is of one shape; with any other entry the list is something else. */
function readEach(list: unknown, into: Message[], read: (entry: JsonObject) => Message | undefined): boolean {
  if (!Array.isArray(list)) return false;
  const before = into.length;
  for (const entry of list) {
    const message = isRecord(entry) ? read(entry) : undefined;
    if (message === undefined) {
      into.length = before;
      return false;
    }
    into.push(withFinishReason(message, finishReasonOf(entry)));
  }
  return true;
}

function finishReasonOf(entry: JsonObject): string | undefined {
  const info = entry.generationInfo ?? entry.generation_info;
  return readFinishReason(entry) ?? (isRecord(info) ? readFinishReason(info) : undefined);
}
