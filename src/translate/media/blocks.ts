import { isWholeBase64, paddingOf } from './base64.ts';
import { decodedLength } from './base64-text.ts';
import { type ByteContent, bytesOf } from './bytes.ts';
import { mediaNotice } from './notice.ts';
import { typeOfBase64 } from './signatures.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** `type` of the blocks in which providers and SDKs carry files. */
const MEDIA_TYPES: ReadonlySet<unknown> = new Set([
  // OpenAI, and the shapes the event stage writes
  ...[
    'image',
    'image_url',
    'input_image',
    'audio',
    'input_audio',
    'file',
    'input_file',
    'image_generation_call',
  ],
  'computer_screenshot',
  // Anthropic
  ...['document', 'base64'],
  // OpenTelemetry, Pydantic AI
  ...['blob', 'binary'],
  // AI SDK, MCP, LangChain
  ...['media', 'image-data', 'file-data', 'data', 'video', 'video_url', 'resource'],
]);

/** Members that only a file has; an object without a `type` is a block when it has one of them. */
const UNTYPED_MARKS: ReadonlySet<string> = new Set([
  // Gemini
  ...['inlineData', 'inline_data'],
  // Bedrock, Genkit
  ...['image', 'video', 'audio', 'document', 'media', 'bytes'],
  // OpenAI and AI SDK results, MCP
  ...['b64_json', 'base64', 'blob', 'input_audio', 'file_data', 'image_url'],
  // With a MIME type beside it
  ...['data', 'content'],
]);

/** Members in which the file itself, or the object around it, can stand. */
const CARRIERS: ReadonlySet<string> = new Set([
  ...UNTYPED_MARKS,
  ...['source', 'file', 'url', 'uri', 'resource', 'result', 'video_url', 'audio_url', 'file_url'],
]);

/** Blocks and members that can hold nothing but base64, whatever stands beside it. */
const BINARY_TYPES: ReadonlySet<unknown> = new Set([
  'base64',
  'blob',
  'binary',
  'input_audio',
  'image_generation_call',
]);
const BINARY_MEMBERS: ReadonlySet<string> = new Set(['b64_json', 'base64', 'bytes', 'blob', 'file_data']);

/** Members that hold an address, which no base64 can be. */
const ADDRESSES: ReadonlySet<string> = new Set([
  'url',
  'uri',
  'image_url',
  'video_url',
  'audio_url',
  'file_url',
]);

const MIME_MEMBERS = ['media_type', 'mediaType', 'mime_type', 'mimeType', 'contentType', 'content_type'];
const NAME_MEMBERS = ['filename', 'name', 'title'];

/** What else a block without a `type` can have; an object with other members is not a block as a whole. */
const COMPANIONS: ReadonlySet<string> = new Set([
  ...CARRIERS,
  ...MIME_MEMBERS,
  ...NAME_MEMBERS,
  ...['format', 'detail', 'transcript', 'cache_control', 'expires_at', 'id', 'revised_prompt', 'thought'],
]);

/** Blocks nest at most so deep (`image` in `image_url` in a data object). */
const MAX_NESTING = 4;

/** Base64 that a block says is a file counts from this length; shorter words are more likely names. */
const MIN_BLOCK_LENGTH = 16;

/**
 * A content block that carries a file, as a text block with a notice; its file name and transcript stay readable.
 * @returns `undefined` for everything else
 */
export function mediaBlockNotice(block: JsonObject): JsonObject | undefined {
  if (!isBlock(block)) return undefined;
  const found = fileIn(block, { mimeType: undefined, modality: undefined, nesting: 0 });
  if (found === undefined) return undefined;
  const words = [mediaNotice(found.mimeType, found.bytes), found.name, found.transcript];
  const notice = words.filter((word) => word !== undefined).join(' ');
  // OpenTelemetry calls the text of a part its content.
  return block.type === 'blob' ? { type: 'text', content: notice } : { type: 'text', text: notice };
}

/** Whether an object with a member of this name may be a block that carries a file; without one it is none. */
export function mayCarryFile(name: string): boolean {
  return CARRIERS.has(name);
}

function isBlock(value: JsonObject): boolean {
  if (typeof value.role === 'string') return false;
  if (typeof value.type === 'string') return MEDIA_TYPES.has(value.type);
  let isMarked = false;
  for (const key in value) {
    // An object that has anything else as well is not a block as a whole.
    if (!COMPANIONS.has(key)) return false;
    isMarked ||= UNTYPED_MARKS.has(key);
  }
  return isMarked;
}

interface FoundFile extends ByteContent {
  readonly name?: string | undefined;
  readonly transcript?: string | undefined;
}

/** What the objects around say about a file. */
interface Around {
  readonly mimeType: string | undefined;
  readonly modality: string | undefined;
  readonly nesting: number;
}

function fileIn(block: JsonObject, around: Around): FoundFile | undefined {
  if (around.nesting > MAX_NESTING) return undefined;
  const mimeType = firstText(block, MIME_MEMBERS) ?? formatType(block, around.modality) ?? around.mimeType;
  for (const key of Object.keys(block)) {
    if (!CARRIERS.has(key)) continue;
    const found = fileAt(block, key, { ...around, mimeType });
    if (found === undefined) continue;
    return {
      bytes: found.bytes,
      mimeType: mimeType ?? found.mimeType,
      name: found.name ?? firstText(block, NAME_MEMBERS),
      transcript: found.transcript ?? firstText(block, ['transcript']),
    };
  }
  return undefined;
}

function fileAt(block: JsonObject, key: string, around: Around): FoundFile | undefined {
  const value = block[key];
  if (typeof value === 'string') return fileText(value, key, block.type, around.mimeType);
  if (typeof value !== 'object' || value === null) return undefined;
  const bytes = bytesOf(value, key === 'bytes' || around.mimeType !== undefined);
  if (bytes !== undefined || Array.isArray(value)) return bytes;
  return fileIn(value as JsonObject, {
    mimeType: around.mimeType,
    modality: modalityOf(key) ?? around.modality,
    nesting: around.nesting + 1,
  });
}

function fileText(
  text: string,
  key: string,
  type: unknown,
  mimeType: string | undefined,
): ByteContent | undefined {
  if (text.startsWith('data:')) return dataUrl(text);
  if (ADDRESSES.has(key) || !isWholeBase64(text, MIN_BLOCK_LENGTH)) return undefined;
  // Anthropic and others put plain text documents where files stand.
  if (mimeType?.startsWith('text/') && type !== 'base64') return undefined;
  const sniffed = typeOfBase64(text.slice(0, 64));
  const isCertain =
    mimeType !== undefined || sniffed !== undefined || BINARY_TYPES.has(type) || BINARY_MEMBERS.has(key);
  return isCertain ? { bytes: decodedLength(text.length - paddingOf(text)), mimeType: sniffed } : undefined;
}

/** Longest beginning of a `data:` URL in which its data starts. */
const MAX_DATA_URL_HEADER = 256;

function dataUrl(text: string): ByteContent | undefined {
  const comma = text.slice(0, MAX_DATA_URL_HEADER).indexOf(';base64,');
  if (comma < 0) return undefined;
  const characters = text.length - paddingOf(text) - (comma + ';base64,'.length);
  return { bytes: decodedLength(characters), mimeType: text.slice('data:'.length, comma).split(';', 1)[0] };
}

/** `format: 'png'` of Bedrock and OpenAI, whose surrounding member says what it is a format of. */
function formatType(block: JsonObject, modality: string | undefined): string | undefined {
  return typeof block.format === 'string' && modality !== undefined
    ? `${modality}/${block.format}`
    : undefined;
}

function modalityOf(key: string): string | undefined {
  if (key === 'image' || key === 'video' || key === 'audio') return key;
  if (key === 'input_audio') return 'audio';
  return key === 'document' || key === 'file' ? 'application' : undefined;
}

function firstText(block: JsonObject, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = block[key];
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}
