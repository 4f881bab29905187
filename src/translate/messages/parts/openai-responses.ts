import type { Part } from '../../call/messages.ts';
import { pushMedia } from '../media.ts';
import { firstText, firstValue } from '../object-members.ts';
import type { JsonObject, PartReader, PartTable } from '../recogniser.ts';
import { answeredCallId, toolCall, toolCallPart, toolResult, toolResultPart } from '../tool-parts.ts';

/**
 * Items and content parts of OpenAI's Responses API and of the OpenAI Agents SDK (camel case). Items that carry text
 * (`message`) are messages, not parts.
 */
export const OPENAI_RESPONSES_PARTS: PartTable = {
  input_image: (source, parts) =>
    pushMedia(parts, {
      data: source.image_url ?? source.image ?? source.imageUrl,
      fileId: source.file_id,
      modality: 'image',
      bare: 'url',
    }),
  computer_screenshot: (source, parts) =>
    pushMedia(parts, { data: source.image_url, fileId: source.file_id, modality: 'image', bare: 'url' }),
  input_file: (source, parts) =>
    pushMedia(parts, {
      data: source.file_data ?? source.file_url ?? source.file,
      fileId: source.file_id,
      filename: source.filename,
      modality: 'document',
    }),
  function_call: toolCallPart,
  custom_tool_call: toolCallPart,
  function_call_result: agentsResult,
  image_generation_call: (source, parts) =>
    pushMedia(parts, { data: source.result, mimeType: imageMimeType(source), modality: 'image' }) ||
    hostedCall(source, parts),
};

/** Types of items are open-ended, so the calls and outputs without a reader of their own go by their ending. */
export function responsesReader(type: string): PartReader | undefined {
  if (type.endsWith('_call')) return (source, parts) => isItem(source) && hostedCall(source, parts);
  if (!isAnswerItem(type)) return undefined;
  return (source, parts) => answeredCallId(source) !== undefined && toolResultPart(source, parts);
}

/** Items have an id and one of these; an answer of the model in JSON may have any `type`, too. */
function isItem(source: JsonObject): boolean {
  if (typeof source.call_id === 'string' || typeof source.callId === 'string') return true;
  const isMarked = 'status' in source || 'server_label' in source || 'providerData' in source;
  return isMarked && (typeof source.id === 'string' || typeof source.name === 'string');
}

/** Whether an item answers a call, and so belongs to the tool rather than to the assistant. */
export function isAnswerItem(type: unknown): boolean {
  return typeof type === 'string' && (type.endsWith('_output') || type === 'function_call_result');
}

const HOSTED_ARGUMENT_KEYS = ['arguments', 'action', 'queries', 'code', 'input', 'operation'];
const HOSTED_RESULT_KEYS = ['output', 'outputs', 'results', 'error'];

/** A tool that OpenAI runs itself (`web_search_call`, `mcp_call`, …): the item holds the call and often its result. */
function hostedCall(source: JsonObject, parts: Part[]): boolean {
  const type = String(source.type);
  const id = firstText(source, ['call_id', 'callId', 'id']);
  const name = firstText(source, ['name']) ?? type.slice(0, -'_call'.length);
  parts.push(toolCall(id, name, firstValue(source, HOSTED_ARGUMENT_KEYS)));
  const result = firstValue(source, HOSTED_RESULT_KEYS);
  if (result !== undefined) {
    parts.push(toolResult(id, name, result, source.error !== undefined && source.error !== null));
  }
  return true;
}

/** The Agents SDK wraps a text result as `{type: 'text', text}`. */
function agentsResult(source: JsonObject, parts: Part[]): boolean {
  const { output } = source;
  const isWrapped = typeof output === 'object' && output !== null && 'text' in output && 'type' in output;
  return toolResultPart(isWrapped ? { ...source, output: [output] } : source, parts);
}

function imageMimeType(source: JsonObject): string {
  return typeof source.output_format === 'string' ? `image/${source.output_format}` : 'image/png';
}
