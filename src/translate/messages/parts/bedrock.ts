import type { Part } from '../../call/messages.ts';
import { type Media, pushMedia } from '../media.ts';
import type { JsonObject, PartTable } from '../recogniser.ts';
import { isRecord } from '../recorded-json.ts';
import { isText, joinedText, pushReasoning, pushText } from '../text-parts.ts';
import { toolCallPart, toolResultPart } from '../tool-parts.ts';

/** Content blocks of Bedrock Converse (also Amazon Nova, Strands), which are recognised by a key. */
export const BEDROCK_PARTS: PartTable = {
  toolUse: (source, parts) => isRecord(source.toolUse) && toolCallPart(source.toolUse, parts),
  toolResult: (source, parts) => isRecord(source.toolResult) && toolResultPart(source.toolResult, parts),
  reasoningContent: (source, parts) => {
    const body = source.reasoningContent;
    if (!isRecord(body)) return false;
    const text = isRecord(body.reasoningText) ? body.reasoningText.text : body.text;
    pushReasoning(parts, isText(text) ? joinedText(text) : undefined);
    return true;
  },
  image: (source, parts) => media(source.image, parts, 'image'),
  video: (source, parts) => media(source.video, parts, 'video'),
  audio: (source, parts) => media(source.audio, parts, 'audio'),
  document: (source, parts) => media(source.document, parts, 'document'),
  guardContent: (source, parts) => {
    const body = source.guardContent;
    if (!isRecord(body)) return false;
    if (isRecord(body.image)) return media(body.image, parts, 'image');
    return textOf(isRecord(body.text) ? body.text.text : undefined, parts);
  },
  citationsContent: (source, parts) =>
    isRecord(source.citationsContent) && textOf(joinedText(source.citationsContent.content), parts),
  cachePoint: () => true,
};

function textOf(text: unknown, parts: Part[]): boolean {
  if (!isText(text)) return false;
  pushText(parts, text);
  return true;
}

/** Formats are bare words (`png`, `pdf`). */
function media(body: unknown, parts: Part[], modality: Media['modality']): boolean {
  if (!isRecord(body) || !isRecord(body.source)) return false;
  const from = body.source;
  if (modality === 'document' && textOf(from.text ?? joinedText(from.content), parts)) return true;
  const location = isRecord(from.s3Location) ? from.s3Location.uri : undefined;
  return pushMedia(parts, {
    data: location ?? from.bytes,
    mimeType: mimeType(body, modality),
    modality,
    bare: location === undefined ? 'base64' : 'url',
    filename: body.name,
  });
}

function mimeType(body: JsonObject, modality: Media['modality']): string | undefined {
  if (typeof body.format !== 'string') return undefined;
  if (modality !== 'document') return `${modality}/${body.format}`;
  return body.format === 'pdf' ? 'application/pdf' : undefined;
}
