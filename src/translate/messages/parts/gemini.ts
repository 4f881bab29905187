import type { Part } from '../../call/messages.ts';
import { pushMedia } from '../media.ts';
import type { PartTable } from '../recogniser.ts';
import { isRecord } from '../recorded-json.ts';
import { pushReasoning, pushText } from '../text-parts.ts';
import { toolCall, toolCallPart, toolResult, toolResultPart } from '../tool-parts.ts';

/** Parts of Gemini and Vertex AI, which are recognised by a key; REST clients write snake case, SDKs camel case. */
export const GEMINI_PARTS: PartTable = {
  text: (source, parts) => {
    if (typeof source.text !== 'string') return false;
    if (source.thought === true) pushReasoning(parts, source.text);
    else pushText(parts, source.text);
    return true;
  },
  ...inBothCases('functionCall', call),
  ...inBothCases('functionResponse', response),
  ...inBothCases('inlineData', media),
  ...inBothCases('fileData', media),
  ...inBothCases('executableCode', code),
  ...inBothCases('codeExecutionResult', codeResult),
};

function inBothCases(camel: string, read: (body: unknown, parts: Part[]) => boolean): PartTable {
  const snake = camel.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return {
    [camel]: (source, parts) => read(source[camel], parts),
    [snake]: (source, parts) => read(source[snake], parts),
  };
}

function call(body: unknown, parts: Part[]): boolean {
  return isRecord(body) && toolCallPart(body, parts);
}

function response(body: unknown, parts: Part[]): boolean {
  return isRecord(body) && toolResultPart(body, parts);
}

function media(body: unknown, parts: Part[]): boolean {
  if (!isRecord(body)) return false;
  const uri = body.fileUri ?? body.file_uri;
  return pushMedia(parts, {
    data: uri ?? body.data,
    mimeType: body.mimeType ?? body.mime_type,
    modality: 'document',
    bare: uri === undefined ? 'base64' : 'url',
    filename: body.displayName ?? body.display_name,
  });
}

function code(body: unknown, parts: Part[]): boolean {
  if (!isRecord(body)) return false;
  const id = typeof body.id === 'string' ? body.id : undefined;
  parts.push(toolCall(id, 'code_execution', { language: body.language, code: body.code }));
  return true;
}

function codeResult(body: unknown, parts: Part[]): boolean {
  if (!isRecord(body)) return false;
  const id = typeof body.id === 'string' ? body.id : undefined;
  const isError = typeof body.outcome === 'string' && body.outcome !== 'OUTCOME_OK';
  parts.push(toolResult(id, 'code_execution', body.output ?? body.outcome, isError));
  return true;
}
