import type { Message, Part } from '../call/messages.ts';
import { buildMessage, readFinishReason, textMessage, withFinishReason } from './message.ts';
import { filledArray, firstText, hasOnlyKeys, jsonText, keySet } from './object-members.ts';
import { readContentParts } from './read-parts.ts';
import type { JsonObject, Reading, Recogniser } from './recogniser.ts';
import { isRecord } from './recorded-json.ts';
import { isText, joinedText, pushReasoning, pushText } from './text-parts.ts';
import { addToolCalls } from './tool-parts.ts';

/**
 * Response bodies that are known by a common word alone, such as `text`. They are believed of recorded output alone, and only
 * when nothing unknown stands beside that word: the answer of a model may itself be JSON with such a key.
 */
export const ANSWER_BODIES: readonly Recogniser[] = [result, bareText, textList];

const RESULT_KEYS = keySet(`
  text toolCalls tool_calls toolResults files reasoning reasoningText reasoningDetails object sources warnings steps
  finishReason finish_reason stop_reason stopReason usage totalUsage response request providerMetadata streaming
  logprobs traceId runId response_id generation_id chat_history meta citations documents search_results
  search_queries is_search_required
`);

/** Results of the AI SDK and Mastra (camel case), OpenInference for Bedrock, Cohere version 1. */
function result(source: JsonObject, _reading: Reading, into: Message[]): boolean {
  if (!isText(source.text) || !hasOnlyKeys(source, RESULT_KEYS)) return false;
  const parts: Part[] = [];
  pushReasoning(parts, firstText(source, ['reasoningText']) ?? joinedText(source.reasoning));
  const { length } = parts;
  pushText(parts, source.text);
  if (parts.length === length && isRecord(source.object)) pushText(parts, jsonText(source.object) ?? '');
  readContentParts(typedFiles(source), parts);
  addToolCalls(parts, filledArray(source, 'toolCalls') ?? source.tool_calls);
  into.push(buildMessage('assistant', undefined, readFinishReason(source), parts));
  return true;
}

function typedFiles(source: JsonObject): unknown {
  return filledArray(source, 'files')?.map((file) => (isRecord(file) ? { type: 'file', ...file } : file));
}

const TEXT_KEYS = ['output', 'output_text', 'completion', 'generation', 'generated_text', 'outputText'];

const TEXT_COMPANIONS = keySet(`
  ${TEXT_KEYS.join(' ')} stop_reason stop finish_reason model details generation_token_count prompt_token_count
`);

/** Llama and Claude 2 on Bedrock, Hugging Face, LangChain's string output. */
function bareText(source: JsonObject, _reading: Reading, into: Message[]): boolean {
  const text = firstText(source, TEXT_KEYS);
  if (text === undefined || !hasOnlyKeys(source, TEXT_COMPANIONS)) return false;
  into.push(withFinishReason(textMessage('assistant', text), readFinishReason(source)));
  return true;
}

const LIST_ENTRY_KEYS = keySet(`
  outputText text data finishReason finish_reason completionReason stop_reason stopReason tokenCount index id logprobs
  message
`);

/** Amazon Titan (`results`), Mistral (`outputs`) and AI21 (`completions`) on Bedrock. */
function textList(source: JsonObject, _reading: Reading, into: Message[]): boolean {
  const list =
    filledArray(source, 'results') ?? filledArray(source, 'outputs') ?? filledArray(source, 'completions');
  if (list === undefined) return false;
  const said: Message[] = [];
  for (const entry of list) {
    const body = isRecord(entry) && isRecord(entry.data) ? entry.data : entry;
    const text = isRecord(body) ? (body.outputText ?? body.text) : undefined;
    if (!isText(text) || !isRecord(entry) || !hasOnlyKeys(entry, LIST_ENTRY_KEYS)) return false;
    const reason = isRecord(entry.finishReason) ? entry.finishReason.reason : entry.completionReason;
    said.push(
      withFinishReason(
        textMessage('assistant', text),
        typeof reason === 'string' ? reason : readFinishReason(entry),
      ),
    );
  }
  for (const message of said) into.push(message);
  return true;
}
