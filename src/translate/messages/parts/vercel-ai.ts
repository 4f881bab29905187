import type { Part } from '../../call/messages.ts';
import { type Media, pushMedia } from '../media.ts';
import { firstText } from '../object-members.ts';
import type { JsonObject, PartReader, PartTable } from '../recogniser.ts';
import { isRecord } from '../recorded-json.ts';
import { isText, pushText } from '../text-parts.ts';
import { isFailure, toolCallPart, toolResult } from '../tool-parts.ts';

/** Prompt parts of the AI SDK 4 to 7, and the UI parts that some applications pass on as they are. */
export const VERCEL_AI_PARTS: PartTable = {
  image: (source, parts) => attachment(source, source.image, parts, 'image'),
  file: (source, parts) => {
    const { data } = source;
    const text = isRecord(data) && data.type === 'text' ? data.text : undefined;
    if (isText(text)) {
      pushText(parts, text);
      return true;
    }
    return attachment(source, data ?? source.base64 ?? source.url, parts, 'document');
  },
  'reasoning-file': (source, parts) => attachment(source, source.data, parts, 'document'),
  'tool-call': toolCallPart,
  'tool-result': result,
  'tool-error': result,
  'tool-invocation': (source, parts) =>
    isRecord(source.toolInvocation) && callAndResult(source.toolInvocation, undefined, parts),
  'dynamic-tool': (source, parts) => callAndResult(source, undefined, parts),
  'step-start': () => true,
};

/** Tool calls in `toolCalls` lists carry no type. */
export const VERCEL_AI_CALLS: PartTable = {
  toolName: (source, parts) => callAndResult(source, undefined, parts),
};

/** Tools are part types of their own in UI messages, with the state of the call: `tool-getWeather`. */
export function vercelAiReader(type: string): PartReader | undefined {
  if (!type.startsWith('tool-')) return undefined;
  return (source, parts) =>
    typeof source.state === 'string' && callAndResult(source, type.slice('tool-'.length), parts);
}

function attachment(source: JsonObject, data: unknown, parts: Part[], modality: Media['modality']): boolean {
  return pushMedia(parts, {
    data,
    mimeType: source.mediaType ?? source.mimeType ?? source.mime_type,
    filename: source.filename,
    modality,
  });
}

/** Version 4 has `result`; later ones `output`, an object that says whether its `value` is text, JSON or an error. */
function result(source: JsonObject, parts: Part[]): boolean {
  const id = firstText(source, ['toolCallId']);
  if (id === undefined) return false;
  const { output } = source;
  const isTagged = isRecord(output) && typeof output.type === 'string';
  const isError = isTagged && (String(output.type).startsWith('error') || output.type === 'execution-denied');
  const value = isTagged && 'value' in output ? output.value : (output ?? source.result ?? source.error);
  parts.push(
    toolResult(
      id,
      firstText(source, ['toolName']),
      value,
      isError || isFailure(source) || source.type === 'tool-error',
    ),
  );
  return true;
}

function callAndResult(source: JsonObject, name: string | undefined, parts: Part[]): boolean {
  const toolName = firstText(source, ['toolName']) ?? name;
  if (typeof source.toolCallId !== 'string') return false;
  if (!toolCallPart({ ...source, toolName }, parts)) return false;
  const answer = source.output ?? source.result ?? source.errorText;
  if (answer !== undefined && answer !== null) {
    parts.push(toolResult(source.toolCallId, toolName, answer, source.errorText !== undefined));
  }
  return true;
}
