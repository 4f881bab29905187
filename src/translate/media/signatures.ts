/** First bytes by which common files are recognised, as Latin-1 text at an offset. */
const SIGNATURES: readonly (readonly [offset: number, bytes: string, mimeType: string])[] = [
  [0, '\x89PNG', 'image/png'],
  [0, '\xFF\xD8\xFF', 'image/jpeg'],
  [0, 'GIF8', 'image/gif'],
  [8, 'WEBP', 'image/webp'],
  [8, 'WAVE', 'audio/wav'],
  [0, 'ID3', 'audio/mpeg'],
  [0, 'OggS', 'audio/ogg'],
  [0, 'fLaC', 'audio/flac'],
  [0, '%PDF', 'application/pdf'],
  [0, 'PK\x03\x04', 'application/zip'],
  [0, '\x1A\x45\xDF\xA3', 'video/webm'],
  [4, 'ftyp', 'video/mp4'],
];

/** MIME type of a file by the beginning of its base64, `undefined` when it is none of the common ones. */
export function typeOfBase64(head: string): string | undefined {
  return typeOfBytes(Buffer.from(head, 'base64').toString('latin1'));
}

/** @param head the first bytes as Latin-1 text */
export function typeOfBytes(head: string): string | undefined {
  return SIGNATURES.find(([offset, bytes]) => head.startsWith(bytes, offset))?.[2];
}
