import type { Part } from '../../call/messages.ts';
import { pushMedia } from '../media.ts';
import type { JsonObject, PartReader, PartTable } from '../recogniser.ts';
import { isRecord } from '../recorded-json.ts';
import { pushText } from '../text-parts.ts';
import { answeredCallId, toolCallPart, toolResultPart } from '../tool-parts.ts';

/** Content blocks of Anthropic's Messages API. */
export const ANTHROPIC_PARTS: PartTable = {
  tool_use: toolCallPart,
  server_tool_use: toolCallPart,
  mcp_tool_use: toolCallPart,
  tool_result: toolResultPart,
  image: (source, parts) => block(source, parts, 'image'),
  document: (source, parts) => block(source, parts, 'document'),
  container_upload: (source, parts) =>
    pushMedia(parts, { fileId: source.file_id, modality: 'document', filename: source.title }),
};

/** Server tools answer with types of their own: `web_search_tool_result`, `code_execution_tool_result`, … */
export function anthropicReader(type: string): PartReader | undefined {
  if (!type.endsWith('_tool_result')) return undefined;
  return (source, parts) => answeredCallId(source) !== undefined && toolResultPart(source, parts);
}

function block(source: JsonObject, parts: Part[], modality: 'image' | 'document'): boolean {
  const from = source.source;
  if (!isRecord(from)) return false;
  // A document may be given as plain text.
  if (from.type === 'text' && typeof from.data === 'string') {
    pushText(parts, from.data);
    return true;
  }
  return pushMedia(parts, {
    data: from.data ?? from.url,
    fileId: from.file_id,
    mimeType: from.media_type ?? from.mediaType,
    modality,
    bare: from.type === 'url' ? 'url' : 'base64',
    filename: source.title,
  });
}
