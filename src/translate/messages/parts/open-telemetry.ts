import type { Part } from '../../call/messages.ts';
import { pushMedia, readModality } from '../media.ts';
import type { JsonObject, PartTable } from '../recogniser.ts';
import { joinedText, pushText } from '../text-parts.ts';
import { toolCall, toolCallPart, toolResult, toolResultPart } from '../tool-parts.ts';

/** Parts of the OpenTelemetry GenAI conventions 1.37 and later, with their known deviations. */
export const OPEN_TELEMETRY_PARTS: PartTable = {
  tool_call: toolCallPart,
  // The specification's own examples write `result` where its schema says `response`.
  tool_call_response: toolResultPart,
  server_tool_call: (source, parts) => {
    const body = source.server_tool_call;
    if (body === undefined) return toolCallPart(source, parts);
    parts.push(toolCall(textOf(source.id), textOf(source.name) ?? 'server_tool_call', body));
    return true;
  },
  server_tool_call_response: (source, parts) => {
    const body = source.server_tool_call_response;
    if (body === undefined) return toolResultPart(source, parts);
    parts.push(toolResult(textOf(source.id), textOf(source.name), body, false));
    return true;
  },
  blob: (source, parts) =>
    pushMedia(parts, {
      data: source.content ?? source.data,
      mimeType: source.mime_type,
      modality: readModality(source.modality),
      transcript: source.transcript,
    }),
  uri: (source, parts) =>
    pushMedia(parts, {
      data: source.uri ?? source.url,
      mimeType: source.mime_type ?? source.media_type,
      modality: readModality(source.modality),
      bare: 'url',
    }),
  file: (source, parts) =>
    pushMedia(parts, {
      fileId: source.file_id,
      mimeType: source.mime_type,
      modality: readModality(source.modality),
      filename: source.filename,
    }),
  // The summary that took the place of earlier turns; also a content block of Anthropic's.
  compaction,
};

function compaction(source: JsonObject, parts: Part[]): boolean {
  const summary = joinedText(source.content);
  if (summary === undefined) return false;
  pushText(parts, summary);
  return true;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
