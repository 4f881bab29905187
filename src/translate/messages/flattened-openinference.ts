import { emptyRetained } from '../../json/memory/retained.ts';
import type { Message, Part } from '../call/messages.ts';
import { type FlatNode, listAt, nodeAt, textAt, valueAt } from './flattened-tree.ts';
import { pushMedia } from './media.ts';
import { buildMessage, textMessage } from './message.ts';
import { readKnownParts } from './read-parts.ts';
import { isRecord, parseJson } from './recorded-json.ts';
import { readRole } from './roles.ts';
import { pushReasoning, pushText } from './text-parts.ts';
import { addToolCalls, toolResult } from './tool-parts.ts';

/** `N.message.…` of OpenInference, and `N.prompt.text`, `N.completion.text` of its completion models. */
export function readOpenInferenceMessage(entry: FlatNode, defaultRole: string): Message | undefined {
  const text = textAt(entry, 'prompt', 'text') ?? textAt(entry, 'completion', 'text');
  if (text !== undefined) return textMessage(defaultRole, text);
  const message = nodeAt(entry, 'message');
  if (message === undefined) return undefined;
  const role = readRole(valueAt(message, 'role'), defaultRole);
  const name = role === 'tool' ? undefined : textAt(message, 'name');
  return buildMessage(role, name, undefined, readParts(message, role));
}

function readParts(message: FlatNode, role: string): readonly Part[] {
  const answered = textAt(message, 'tool_call_id');
  const content = textAt(message, 'content');
  const parts = emptyRetained<Part>();
  if (role === 'tool' || (answered !== undefined && role !== 'assistant')) {
    pushToolAnswer(message, answered, content, parts);
    return parts;
  }
  for (const entry of listAt(message, 'contents')) readContentEntry(entry, parts);
  // The Python instrumentation for the Claude Agent SDK numbers the texts of a message.
  for (const { value } of listAt(message, 'content')) {
    if (typeof value === 'string' && value !== '') pushText(parts, value);
  }
  // Some write a text in both places.
  if (content !== undefined && !parts.some((part) => part.type === 'text')) {
    const others = parts.splice(0);
    pushText(parts, content);
    parts.push(...others);
  }
  addToolCalls(parts, listAt(message, 'tool_calls').flatMap(callOf));
  addToolCalls(parts, legacyCall(message));
  return parts;
}

/** An answer in several contents is one text; images and files stand beside it. */
function pushToolAnswer(
  message: FlatNode,
  answered: string | undefined,
  content: string | undefined,
  parts: Part[],
): void {
  const held: Part[] = [];
  for (const entry of listAt(message, 'contents')) readContentEntry(entry, held);
  const texts = held.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  const media = held.filter((part) => part.type === 'media');
  const result = content ?? (texts.length > 0 ? texts.join('\n') : media.length > 0 ? '[media]' : undefined);
  parts.push(toolResult(answered, textAt(message, 'name'), result, false), ...media);
}

function readContentEntry(entry: FlatNode, parts: Part[]): void {
  const content = nodeAt(entry, 'message_content');
  const type = textAt(content, 'type');
  const text = textAt(content, 'text');
  const calls = callOf(entry);
  if (calls.length > 0) addToolCalls(parts, calls);
  else if (text !== undefined) {
    if (type === 'reasoning' || type === 'thinking') pushReasoning(parts, text);
    else if (!readBlock(type, text, parts)) pushText(parts, text);
  } else if (!readAttachment(content, type, parts)) keepUnknown(content, type, parts);
}

/** A part that OpenInference has no attributes for (what a server tool answered) is its JSON, in place of a text. */
function readBlock(type: string | undefined, text: string, parts: Part[]): boolean {
  if (type === undefined || type === 'text' || !text.startsWith('{')) return false;
  const block = parseJson(text);
  return isRecord(block) && block.type === type && readKnownParts([block], parts);
}

function readAttachment(content: FlatNode | undefined, type: string | undefined, parts: Part[]): boolean {
  const image = nodeAt(content, 'image');
  const audio = nodeAt(content, 'audio');
  const isAudio = audio !== undefined || type === 'audio';
  return pushMedia(parts, {
    data:
      valueAt(image, 'image', 'url') ??
      image?.value ??
      valueAt(audio, 'audio', 'url') ??
      valueAt(content, 'data'),
    mimeType: valueAt(image, 'media_type') ?? valueAt(audio, 'audio', 'mime_type'),
    modality: isAudio ? 'audio' : type === 'file' || type === 'document' ? 'document' : 'image',
    transcript: valueAt(audio, 'audio', 'transcript'),
  });
}

/** Types whose content stands elsewhere in the message, or is encrypted. */
const ELSEWHERE: ReadonlySet<string | undefined> = new Set([
  undefined,
  ...[
    'text',
    'input_text',
    'output_text',
    'refusal',
    'reasoning',
    'thinking',
    'tool_use',
    'tool-call',
    'tool_call',
  ],
]);

/** That there was an attachment is worth knowing even when the instrumentation did not record it. */
function keepUnknown(content: FlatNode | undefined, type: string | undefined, parts: Part[]): void {
  if (ELSEWHERE.has(type)) return;
  const mimeType = textAt(content, 'image', 'media_type');
  parts.push({
    type: 'other',
    value: { type, ...(mimeType === undefined ? undefined : { media_type: mimeType }) },
  });
}

function callOf(entry: FlatNode): Array<Record<string, unknown>> {
  const call = nodeAt(entry, 'tool_call');
  const name = textAt(call, 'function', 'name');
  if (name === undefined) return [];
  return [{ id: valueAt(call, 'id'), name, arguments: valueAt(call, 'function', 'arguments') }];
}

function legacyCall(message: FlatNode): Array<Record<string, unknown>> {
  const name = textAt(message, 'function_call_name');
  return name === undefined ? [] : [{ name, arguments: valueAt(message, 'function_call_arguments_json') }];
}
