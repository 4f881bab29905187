import type { Part } from '../../call/messages.ts';
import { pushMedia } from '../media.ts';
import type { JsonObject, PartTable } from '../recogniser.ts';
import { isRecord } from '../recorded-json.ts';
import { toolCallPart } from '../tool-parts.ts';

/** Content parts and tool calls of OpenAI Chat Completions and of what is compatible with it (OpenRouter, Mistral). */
export const OPENAI_CHAT_PARTS: PartTable = {
  image_url: (source, parts) =>
    pushMedia(parts, { data: source.image_url ?? source.imageUrl, modality: 'image', bare: 'url' }),
  video_url: (source, parts) => pushMedia(parts, { data: source.video_url, modality: 'video', bare: 'url' }),
  audio_url: (source, parts) => pushMedia(parts, { data: source.audio_url, modality: 'audio', bare: 'url' }),
  input_audio: (source, parts) => {
    const audio = fieldsOf(source.input_audio ?? source.inputAudio);
    return pushMedia(parts, {
      data: audio.data ?? source.data,
      mimeType: audioMimeType(audio.format ?? source.format),
      modality: 'audio',
      transcript: audio.transcript ?? source.transcript,
    });
  },
  // In content of some gateways; in OpenAI's own messages it stands beside the content.
  audio: (source, parts) => readSpokenAnswer(source.audio, parts),
  file: (source, parts) => {
    const file = fieldsOf(source.file);
    return pushMedia(parts, {
      data: file.file_data ?? file.fileData,
      fileId: file.file_id ?? file.fileId,
      filename: file.filename,
      modality: 'document',
    });
  },
  // LangChain's function messages have this type too, and then content.
  function: (source, parts) => source.content === undefined && toolCallPart(source, parts),
  custom: toolCallPart,
};

/** `audio` of an answer: its bytes, or in later turns only its id. */
export function readSpokenAnswer(audio: unknown, parts: Part[]): boolean {
  if (!isRecord(audio)) return false;
  return pushMedia(parts, {
    data: audio.data,
    fileId: audio.id,
    mimeType: audioMimeType(audio.format),
    modality: 'audio',
    transcript: audio.transcript,
  });
}

/** OpenAI names audio by its file format. */
function audioMimeType(format: unknown): string | undefined {
  if (typeof format !== 'string' || format === '') return undefined;
  return format.includes('/') ? format : `audio/${format}`;
}

function fieldsOf(value: unknown): JsonObject {
  return isRecord(value) ? value : {};
}
