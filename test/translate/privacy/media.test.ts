import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { MediaPart } from '../../../src/translate/call/messages.ts';
import { applyPrivacy, type ContentPolicy } from '../../../src/translate/privacy/apply-privacy.ts';
import {
  cleanMediaUrl,
  removeMediaObject,
  removeMediaText,
} from '../../../src/translate/privacy/remove-media.ts';
import { isLinear } from '../../support/linear-time.ts';
import { callWith, eventOf, eventWith, frozen } from './support/calls.ts';

const SENT: ContentPolicy = { privacyMode: false, media: 'remove' };

/** A small picture, as base64. */
const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const PNG_NOTICE = '[image/png 70 B removed]';
const WAV = Buffer.from('RIFF....WAVEfmt and some sound').toString('base64');
const PDF = Buffer.from('%PDF-1.7 and some pages').toString('base64');
/** Bytes that are no known file. */
const UNKNOWN = Buffer.from([...Array(90).keys()].map((index) => (index * 37 + 11) % 256)).toString('base64');

const text = (value: string) => ({ type: 'text', text: value });

/** Blocks as providers and SDKs write them. */
const BLOCKS: readonly (readonly [name: string, block: unknown, sent: unknown])[] = [
  ['event stage: image', { type: 'image', image: `data:image/png;base64,${PNG}` }, text(PNG_NOTICE)],
  [
    'event stage: audio with transcript',
    { type: 'audio', audio: `data:audio/wav;base64,${WAV}`, transcript: 'hello' },
    text('[audio/wav 30 B removed] hello'),
  ],
  [
    'event stage: file with name',
    { type: 'file', file: { file_data: `data:application/pdf;base64,${PDF}`, filename: 'a.pdf' } },
    text('[application/pdf 23 B removed] a.pdf'),
  ],
  [
    'OpenAI image_url',
    { type: 'image_url', image_url: { url: `data:image/jpeg;base64,${PNG}`, detail: 'high' } },
    text('[image/jpeg 70 B removed]'),
  ],
  [
    'OpenAI input_image',
    { type: 'input_image', image_url: `data:image/png;base64,${PNG}` },
    text(PNG_NOTICE),
  ],
  [
    'OpenAI input_audio',
    { type: 'input_audio', input_audio: { data: WAV, format: 'wav' } },
    text('[audio/wav 30 B removed]'),
  ],
  [
    'OpenAI input_file',
    { type: 'input_file', filename: 'b.pdf', file_data: PDF },
    text('[application/pdf 23 B removed] b.pdf'),
  ],
  [
    'OpenAI image generation',
    { type: 'image_generation_call', id: 'ig_1', result: UNKNOWN },
    text('[binary data 90 B removed]'),
  ],
  ['OpenAI images', { b64_json: PNG, revised_prompt: 'a cat' }, text(PNG_NOTICE)],
  [
    'Anthropic image',
    { type: 'image', source: { type: 'base64', media_type: 'image/webp', data: UNKNOWN } },
    text('[image/webp 90 B removed]'),
  ],
  [
    'Anthropic document',
    {
      type: 'document',
      title: 'Terms',
      source: { type: 'base64', media_type: 'application/pdf', data: PDF },
    },
    text('[application/pdf 23 B removed] Terms'),
  ],
  [
    'Gemini inlineData',
    { inlineData: { mimeType: 'image/png', data: UNKNOWN } },
    text('[image/png 90 B removed]'),
  ],
  [
    'Gemini inline_data',
    { inline_data: { mime_type: 'video/mp4', data: UNKNOWN } },
    text('[video/mp4 90 B removed]'),
  ],
  [
    'OpenTelemetry blob',
    { type: 'blob', modality: 'image', mime_type: 'image/gif', content: UNKNOWN },
    { type: 'text', content: '[image/gif 90 B removed]' },
  ],
  [
    'Pydantic AI binary',
    { type: 'binary', media_type: 'audio/mp3', content: UNKNOWN },
    text('[audio/mp3 90 B removed]'),
  ],
  [
    'Bedrock image',
    { image: { format: 'png', source: { bytes: Buffer.from(PNG, 'base64') } } },
    text(PNG_NOTICE),
  ],
  [
    'Bedrock document',
    { document: { format: 'pdf', name: 'c', source: { bytes: { type: 'Buffer', data: [37, 80, 68, 70] } } } },
    text('[application/pdf 4 B removed] c'),
  ],
  [
    'Bedrock video as JSON of bytes',
    { video: { format: 'mp4', source: { bytes: { ...new Uint8Array(40) } } } },
    text('[video/mp4 40 B removed]'),
  ],
  ['AI SDK file', { type: 'file', mediaType: 'image/png', data: PNG }, text(PNG_NOTICE)],
  ['AI SDK image', { type: 'image', image: PNG }, text(PNG_NOTICE)],
  [
    'AI SDK 7 file',
    { type: 'file', mediaType: 'audio/ogg', data: { type: 'data', data: UNKNOWN } },
    text('[audio/ogg 90 B removed]'),
  ],
  ['AI SDK generated file', { base64: PNG, mediaType: 'image/png' }, text(PNG_NOTICE)],
  [
    'AI SDK bytes',
    { type: 'file', mediaType: 'image/png', data: new Uint8Array(2345) },
    text('[image/png 2.3 kB removed]'),
  ],
  ['MCP image', { type: 'image', data: PNG, mimeType: 'image/png' }, text(PNG_NOTICE)],
  [
    'MCP resource',
    { type: 'resource', resource: { uri: 'file:///a', mimeType: 'application/zip', blob: UNKNOWN } },
    text('[application/zip 90 B removed]'),
  ],
  [
    'LangChain image',
    { type: 'image', source_type: 'base64', mime_type: 'image/jpeg', data: UNKNOWN },
    text('[image/jpeg 90 B removed]'),
  ],
  [
    'Genkit media',
    { media: { url: `data:image/png;base64,${PNG}`, contentType: 'image/png' } },
    text(PNG_NOTICE),
  ],
  ['bytes alone', new Uint8Array(1500), '[binary data 1.5 kB removed]'],
  ['a vector', new Float32Array(1000), '[binary data 4 kB removed]'],
  ['an ArrayBuffer', new ArrayBuffer(2_500_000), '[binary data 2.5 MB removed]'],
  ['a Buffer as JSON', JSON.parse(JSON.stringify(Buffer.from(PNG, 'base64'))), PNG_NOTICE],
  [
    'a Uint8Array as JSON',
    JSON.parse(JSON.stringify(new Uint8Array(Buffer.from(PNG, 'base64')))),
    PNG_NOTICE,
  ],
  // An address is content, not a file; only what gives access is taken out.
  [
    'image by address',
    { type: 'image', image: 'https://u:p@x.example/a.png?X-Amz-Signature=abc&w=1' },
    { type: 'image', image: 'https://x.example/a.png?X-Amz-Signature=removed&w=1' },
  ],
  [
    'image_url by address',
    { type: 'image_url', image_url: { url: 'https://x.blob.example/a?sv=2024&sig=a%2Fb' } },
    { type: 'image_url', image_url: { url: 'https://x.blob.example/a?sv=2024&sig=removed' } },
  ],
];

/** What looks a little like media and is not. */
const NO_MEDIA: readonly (readonly [name: string, value: unknown])[] = [
  ['text', text('A picture is worth a thousand words')],
  ['image by address', { type: 'image', image: 'https://x.example/a.png?w=100' }],
  ['image by file id', { type: 'image', image: 'file-AbCdEf0123456789AbCd' }],
  ['file by id', { type: 'file', file: { file_id: 'file-AbCdEf0123456789AbCd', filename: 'a.pdf' } }],
  ['Gemini file', { fileData: { mimeType: 'image/png', fileUri: 'gs://bucket/a.png' } }],
  ['OpenTelemetry uri', { type: 'uri', modality: 'image', uri: 'https://x.example/a.png' }],
  [
    'plain text document',
    { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'QUJDREVGR0hJSktMTU5P' } },
  ],
  ['tool arguments', { image: 'cat.png', document: 'contract', data: 'AAAABBBBCCCCDDDD' }],
  ['numbers', { data: Array.from({ length: 100 }, (_, index) => index) }],
  ['short numbered members', { 0: 1, 1: 2, 2: 3 }],
  ['an empty block', { type: 'image' }],
  ['a data URL of text', { type: 'image', image: 'data:image/svg+xml,%3Csvg%3E' }],
];

describe('blocks', () => {
  it.each(BLOCKS)('%s', (_name, block, sent) => {
    const event = eventWith({ $ai_input: [{ role: 'user', content: [text('look'), block] }] });
    const { properties } = applyPrivacy(event, undefined, SENT);
    expect(properties.$ai_input).toEqual([{ role: 'user', content: [text('look'), sent] }]);
  });

  it.each(BLOCKS)('%s, deep inside a state', (_name, block, sent) => {
    const event = eventWith({ $ai_output_state: { steps: [{ result: block }] } }, '$ai_span');
    const { properties } = applyPrivacy(event, undefined, SENT);
    expect(properties.$ai_output_state).toEqual({ steps: [{ result: sent }] });
  });

  it.each(NO_MEDIA)('leaves alone: %s', (_name, value) => {
    const event = frozen(
      eventWith({ $ai_input: [{ role: 'user', content: [value] }], $ai_input_state: value }),
    );
    expect(applyPrivacy(event, undefined, SENT)).toBe(event);
  });

  it('takes the file out of a message, not the message', () => {
    const message = {
      role: 'assistant',
      content: 'hi',
      audio: { id: 'a1', data: WAV, transcript: 'hi', format: 'wav' },
    };
    const long = { ...message, audio: { ...message.audio, data: randomBytes(600).toString('base64') } };
    const { properties } = applyPrivacy(eventWith({ $ai_output_choices: [long] }), undefined, SENT);
    expect(properties.$ai_output_choices).toEqual([
      { ...message, audio: { ...message.audio, data: '[binary data 600 B removed]' } },
    ]);
  });

  it('keeps everything when asked to, except credentials', () => {
    const content = [
      { type: 'image', image: `data:image/png;base64,${PNG}` },
      { type: 'image', image: 'https://u:p@x.example/a.png' },
    ];
    const event = eventWith({ $ai_input: [{ role: 'user', content }] });
    const { properties } = applyPrivacy(event, undefined, { ...SENT, media: 'keep' });
    expect(properties.$ai_input).toEqual([
      { role: 'user', content: [content[0], { type: 'image', image: 'https://x.example/a.png' }] },
    ]);
  });

  it('shows every modality of a call as text that PostHog renders', () => {
    const modalities: MediaPart['modality'][] = ['image', 'audio', 'video', 'document'];
    const parts = modalities.map(
      (modality): MediaPart => ({
        type: 'media',
        modality,
        mimeType: `${modality}/x`,
        source: { kind: 'base64', data: UNKNOWN },
      }),
    );
    const { properties } = applyPrivacy(
      eventOf(callWith({ input: [{ role: 'user', parts }] })),
      undefined,
      SENT,
    );
    expect(properties.$ai_input).toEqual([
      { role: 'user', content: modalities.map((modality) => text(`[${modality}/x 90 B removed]`)) },
    ]);
  });

  it('asks objects for nothing that is not their own', () => {
    const value = Object.create({ type: 'image', image: `data:image/png;base64,${PNG}` });
    expect(removeMediaObject(value)).toEqual(expect.anything());
  });
});

/** Base64 of random bytes, which is what files look like. */
function encoded(bytes: number, encoding: 'base64' | 'base64url' = 'base64'): string {
  return randomBytes(bytes).toString(encoding);
}

describe('text', () => {
  it.each<[string, string, string]>([
    ['a data URL', `data:image/png;base64,${PNG}`, PNG_NOTICE],
    ['a data URL in prose', `see (data:image/png;base64,${PNG}), please`, `see (${PNG_NOTICE}), please`],
    [
      'two data URLs',
      `data:image/png;base64,${PNG} data:image/gif;base64,R0lGODlh`,
      `${PNG_NOTICE} [image/gif 6 B removed]`,
    ],
    [
      'a data URL with parameters',
      'data:text/plain;charset=utf-8;base64,SGVsbG8gd29ybGQ=',
      '[text/plain 11 B removed]',
    ],
    ['a data URL without a type', `data:;base64,${PNG}`, PNG_NOTICE],
    ['a data URL inside JSON', `{"url":"data:image/png;base64,${PNG}"}`, `{"url":"${PNG_NOTICE}"}`],
    [
      'a data URL with escaped slashes',
      String.raw`{"url":"data:image\/png;base64,iVBORw0KGgo\/AAAANSUhEUgA"}`,
      '{"url":"[image/png 18 B removed]"}',
    ],
    ['Markdown', `![cat](data:image/png;base64,${PNG})`, `![cat](${PNG_NOTICE})`],
  ])('%s', (_name, original, expected) => {
    expect(removeMediaText(original)).toBe(expected);
  });

  it.each([384, 385, 386, 1000, 12_345])('raw base64 of %i bytes', (bytes) => {
    expect(removeMediaText(encoded(bytes))).toMatch(/^\[binary data [\d.]+ k?B removed\]$/);
  });

  it.each([1000, 5000])('raw base64 in the alphabet of URLs, %i bytes', (bytes) => {
    expect(removeMediaText(encoded(bytes, 'base64url'))).toMatch(/^\[binary data .* removed\]$/);
  });

  it('raw base64 of a known file', () => {
    const file = Buffer.concat([Buffer.from(PDF, 'base64'), randomBytes(3000)]).toString('base64');
    expect(removeMediaText(file)).toBe('[application/pdf 3 kB removed]');
  });

  it.each([0, 1, 100, 511, 512, 513, 1023, 1024])('raw base64 at position %i of a text', (position) => {
    const before = `${'word '.repeat(300).slice(0, position)}"`;
    const removed = removeMediaText(`${before}${encoded(999)}", more and more`);
    expect(removed).toBe(`${before}[binary data 999 B removed]", more and more`);
  });

  it('several runs, each by itself', () => {
    const removed = removeMediaText(`{"a":"${encoded(600)}","b":"${encoded(900)}","c":"text"}`);
    expect(JSON.parse(removed)).toEqual({
      a: '[binary data 600 B removed]',
      b: '[binary data 900 B removed]',
      c: 'text',
    });
  });

  it.each<[string, string]>([
    ['prose', 'The quick brown fox jumps over the lazy dog. '.repeat(100)],
    ['prose without spaces', 'thequickbrownfoxjumpsoverthelazydog'.repeat(100)],
    ['Chinese', '敏捷的棕色狐狸跳过懒狗'.repeat(200)],
    ['hexadecimal', randomBytes(4000).toString('hex')],
    ['capital hexadecimal', randomBytes(4000).toString('hex').toUpperCase()],
    ['digits', '1234567890'.repeat(500)],
    ['a ruler', '-'.repeat(3000)],
    ['a path', '/usr/local/lib/node'.repeat(100)],
    ['a DNA sequence', 'ACGTTGCA'.repeat(500)],
    ['a base64 key', encoded(256)],
    [
      'a JSON Web Token',
      `${encoded(60, 'base64url')}.${encoded(300, 'base64url')}.${encoded(256, 'base64url')}`,
    ],
    ['code', 'const a1 = (B2) => c3(B2); // Foo\n'.repeat(100)],
    ['CSV', 'aB3,dE6,gH9\n'.repeat(300)],
    ['hashes by line', Array.from({ length: 100 }, () => encoded(32)).join('\n')],
    ['the words data: and ;base64,', 'write data:image/png;base64, and then the data'],
    ['code that writes data URLs', 'img.src = "data:image/png;base64," + data;'],
    ['a data URL that is not base64', 'data:image/svg+xml;utf8,<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['short', 'data'],
    ['nothing', ''],
  ])('leaves alone: %s', (_name, original) => {
    expect(removeMediaText(original)).toBe(original);
  });

  it.each<[string, string]>([
    ['one run', 'a'],
    [';base64, throughout', ';base64,'],
    ['data: throughout', 'data:'],
    ['data:;base64, throughout', 'data:;base64,'],
    ['runs of almost the length', `${'aB3'.repeat(170)} `],
    ['one file', encoded(300)],
  ])('takes time in proportion to the length: %s', (_name, unit) => {
    const work = (bytes: number) => removeMediaText(unit.repeat(bytes / unit.length));
    expect(isLinear(work, 2_000_000)).toBe(true);
  });
});

describe('addresses of files', () => {
  it.each(['url', 'uri', 'image', 'image_url', 'fileUri', 'file_url'])('are cleaned in `%s`', (key) => {
    expect(cleanMediaUrl('https://x.example/?token=a', key)).toBe('https://x.example/?token=removed');
  });

  it.each([undefined, 'text', 'content', 'arguments'])('are left alone in `%s`', (key) => {
    expect(cleanMediaUrl('https://x.example/?token=a', key)).toBe('https://x.example/?token=a');
  });
});
