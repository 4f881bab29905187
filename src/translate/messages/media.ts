import type { MediaPart, Part } from '../call/messages.ts';
import { bytesToBase64 } from './bytes-to-base64.ts';
import { isRecord } from './recorded-json.ts';

type Modality = MediaPart['modality'];
type Source = MediaPart['source'];

/** What a recording says about one attachment, whatever the field names. */
export interface Media {
  /** Base64 text, URL, `data:` URL, bytes in any JSON form, or an AI SDK data object. */
  readonly data?: unknown;
  readonly fileId?: unknown;
  readonly mimeType?: unknown;
  /** Used when the MIME type does not say. */
  readonly modality: Modality;
  /** What text without a scheme is. */
  readonly bare?: 'base64' | 'url';
  readonly filename?: unknown;
  readonly transcript?: unknown;
}

/** Adds an attachment. `false` when the recording does not say where its content is. */
export function pushMedia(parts: Part[], media: Media): boolean {
  const found = locate(media.data, media.bare ?? 'base64') ?? fileSource(media.fileId);
  const transcript = nonEmpty(media.transcript);
  if (found === undefined) {
    if (transcript === undefined) return false;
    parts.push({ type: 'text', text: transcript });
    return true;
  }
  const mimeType = nonEmpty(media.mimeType) ?? found.mimeType;
  const filename = nonEmpty(media.filename);
  parts.push({
    type: 'media',
    modality: modalityOf(mimeType) ?? media.modality,
    ...(mimeType === undefined ? undefined : { mimeType }),
    source: found.source,
    ...(filename === undefined ? undefined : { filename }),
    ...(transcript === undefined ? undefined : { transcript }),
  });
  return true;
}

/** Modality named by an emitter (`image`, `pdf`, …). */
export function readModality(word: unknown): Modality {
  return word === 'image' || word === 'audio' || word === 'video' ? word : 'document';
}

interface Located {
  readonly source: Source;
  readonly mimeType?: string;
}

function locate(data: unknown, bare: 'base64' | 'url'): Located | undefined {
  if (typeof data === 'string') return locateText(data, bare);
  if (typeof data !== 'object' || data === null) return undefined;
  if (isRecord(data)) {
    // URL objects, `{url}` of OpenAI, and the tagged data of AI SDK 7: {type: 'data' | 'url' | 'reference', …}.
    if (typeof data.href === 'string') return locateText(data.href, 'url');
    if (typeof data.url === 'string') return locateText(data.url, 'url');
    if (data.type === 'data') return locateBytes(data.data);
    if (isRecord(data.reference)) return fileSource(Object.values(data.reference)[0]);
  }
  return locateBytes(data);
}

function locateBytes(data: unknown): Located | undefined {
  if (typeof data === 'string') return locateText(data, 'base64');
  const base64 = typeof data === 'object' && data !== null ? bytesToBase64(data) : undefined;
  return base64 === undefined ? undefined : { source: { kind: 'base64', data: base64 } };
}

function locateText(text: string, bare: 'base64' | 'url'): Located | undefined {
  if (text === '') return undefined;
  if (text.startsWith('data:')) return locateDataUrl(text);
  // No base64 text contains a colon, so a scheme is recognised by its first characters.
  const isUrl = bare === 'url' || text.slice(0, 16).includes('://');
  return { source: isUrl ? { kind: 'url', url: text } : { kind: 'base64', data: text } };
}

/** Longest header of a `data:` URL that is looked at; MIME types are far shorter. */
const MAX_DATA_URL_HEADER = 256;

function locateDataUrl(text: string): Located {
  const comma = text.slice(0, MAX_DATA_URL_HEADER).indexOf(',');
  const header = text.slice('data:'.length, Math.max(comma, 'data:'.length));
  const mimeType = header.split(';', 1)[0] || undefined;
  const source: Source = header.endsWith(';base64')
    ? { kind: 'base64', data: text.slice(comma + 1) }
    : { kind: 'url', url: text };
  return { source, ...(mimeType === undefined ? undefined : { mimeType }) };
}

function fileSource(fileId: unknown): Located | undefined {
  const id = nonEmpty(fileId);
  return id === undefined ? undefined : { source: { kind: 'file', fileId: id } };
}

function modalityOf(mimeType: string | undefined): Modality | undefined {
  if (mimeType === undefined) return undefined;
  if (mimeType.startsWith('image')) return 'image';
  if (mimeType.startsWith('audio/')) return 'audio';
  if (mimeType.startsWith('video/')) return 'video';
  // `*/*` and the generic binary type say nothing, so the part's own type decides.
  return mimeType.startsWith('application/octet') || mimeType.startsWith('*') ? undefined : 'document';
}

function nonEmpty(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
