import type { Part } from '../../call/messages.ts';
import { type Media, pushMedia } from '../media.ts';
import type { JsonObject, PartTable } from '../recogniser.ts';
import { isText, pushText } from '../text-parts.ts';

/** Standard content blocks of LangChain, version 0 (`source_type`, snake case) and version 1 (camel case). */
export const LANGCHAIN_PARTS: PartTable = {
  image: (source, parts) => block(source, parts, 'image'),
  audio: (source, parts) => block(source, parts, 'audio'),
  video: (source, parts) => block(source, parts, 'video'),
  file: (source, parts) => block(source, parts, 'document'),
  media: (source, parts) => block(source, parts, 'document'),
  'text-plain': (source, parts) => block(source, parts, 'document'),
};

function block(source: JsonObject, parts: Part[], modality: Media['modality']): boolean {
  const text = source.source_type === 'text' || source.type === 'text-plain' ? source.text : undefined;
  if (isText(text)) {
    pushText(parts, text);
    return true;
  }
  return (
    pushMedia(parts, {
      data: source.data,
      mimeType: source.mime_type ?? source.mimeType,
      modality,
      transcript: source.transcript,
    }) ||
    pushMedia(parts, {
      // Also the bare `image_url` that OpenTelemetry's OpenAI instrumentation leaves in a part of type `image`.
      data: source.url ?? source.fileUri ?? source.image_url ?? source.audio_url,
      fileId: source.fileId ?? source.file_id ?? (source.source_type === 'id' ? source.id : undefined),
      mimeType: source.mime_type ?? source.mimeType,
      modality,
      bare: 'url',
    })
  );
}
