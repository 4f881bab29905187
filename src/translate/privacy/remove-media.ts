import { PlainText } from '../../json/plain-text.ts';
import type { ReadyContent } from '../../json/recorded-message.ts';
import { RecordedObject } from '../../json/recorded-object.ts';
import { mayHoldBase64, removeBase64 } from '../media/base64.ts';
import { mayCarryFile, mediaBlockNotice } from '../media/blocks.ts';
import { bytesOf } from '../media/bytes.ts';
import { mediaNotice } from '../media/notice.ts';
import { mayHoldCredentials, withoutUrlCredentials } from './url-credentials.ts';

/** Members of content blocks that hold the address of a file, in any provider's spelling. */
const URL_MEMBERS: ReadonlySet<string> = new Set([
  ...[
    'url',
    'uri',
    'image',
    'audio',
    'video',
    'image_url',
    'audio_url',
    'video_url',
    'file_url',
    'file_data',
  ],
  ...['fileUri', 'file_uri', 'fileUrl', 'imageUrl', 'href'],
]);

/** Shorter text cannot hold a `data:` URL or raw base64. */
const MIN_TEXT_LENGTH = 16;

/**
 * Bytes and blocks that carry a file, in the shapes of OpenAI, Anthropic, Gemini, Bedrock, the AI SDK and OpenTelemetry,
 * become a notice; a block becomes a text block, which PostHog renders. Anything else is returned as it is.
 */
export function removeMediaObject(value: object): unknown {
  const bytes = bytesOf(value);
  if (bytes !== undefined) return mediaNotice(bytes.mimeType, bytes.bytes);
  if (Array.isArray(value)) return value;
  return mediaBlockNotice(value as Readonly<Record<string, unknown>>) ?? value;
}

/** `data:` URLs and long raw base64 inside a text become notices, for example `[image/png 12.3 kB removed]`. */
export function removeMediaText(text: string): string {
  return text.length < MIN_TEXT_LENGTH ? text : removeBase64(text);
}

/** Whether nothing here would change what is ready to be written; `false` when in doubt. */
export function isFreeOfMedia(ready: ReadyContent, key: string | undefined): boolean {
  if (!(ready instanceof RecordedObject)) return !isAddress(key) && isFreeOfBase64(ready);
  return !ready.names.some((name) => isAddress(name) || mayCarryFile(name)) && isFreeOfBase64(ready);
}

/** What it buys: the JSON around many texts is looked through once, and none of them need be cut out of it for that. */
function isFreeOfBase64(ready: ReadyContent): boolean {
  if (ready instanceof PlainText) return !mayHoldBase64(ready.text);
  const { source } = ready;
  source.mayHoldFile ??= mayHoldBase64(source.json);
  return !source.mayHoldFile || !mayHoldBase64(ready.json);
}

/** The address of a file without the credentials in it; other text is returned as it is. */
export function cleanMediaUrl(text: string, key: string | undefined): string {
  return isAddress(key) && mayHoldCredentials(text) ? withoutUrlCredentials(text) : text;
}

function isAddress(key: string | undefined): boolean {
  return key !== undefined && URL_MEMBERS.has(key);
}
