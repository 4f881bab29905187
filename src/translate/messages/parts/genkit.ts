import { pushMedia } from '../media.ts';
import { jsonText } from '../object-members.ts';
import type { PartTable } from '../recogniser.ts';
import { isRecord } from '../recorded-json.ts';
import { pushReasoning, pushText } from '../text-parts.ts';
import { toolCallPart, toolResultPart } from '../tool-parts.ts';

/** Parts of Firebase Genkit, which are recognised by a key. */
export const GENKIT_PARTS: PartTable = {
  media: (source, parts) =>
    isRecord(source.media) &&
    pushMedia(parts, {
      data: source.media.url,
      mimeType: source.media.contentType,
      modality: 'document',
      bare: 'url',
    }),
  toolRequest: (source, parts) => isRecord(source.toolRequest) && toolCallPart(source.toolRequest, parts),
  toolResponse: (source, parts) =>
    isRecord(source.toolResponse) && toolResultPart(source.toolResponse, parts),
  reasoning: (source, parts) => {
    if (typeof source.reasoning !== 'string') return false;
    pushReasoning(parts, source.reasoning);
    return true;
  },
  // A structured answer: the model wrote JSON text and Genkit parsed it.
  data: (source, parts) => {
    const text = isRecord(source.data) ? jsonText(source.data) : undefined;
    if (text === undefined) return false;
    pushText(parts, text);
    return true;
  },
};
