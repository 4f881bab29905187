import { characterFlags, LETTERS_AND_DIGITS } from './character-runs.ts';

/** Characters at the start of a run that are looked at to distinguish base64 from other unbroken text. */
const SAMPLE_LENGTH = 2048;

/** Different characters that the sample must have. Base64 of a real file has about 60, hexadecimal has 16. */
const MIN_DIFFERENT = 20;

const ALPHABET = characterFlags(`${LETTERS_AND_DIGITS}+/-_`);

/** Whether a character code is of base64, of the standard or the URL alphabet; padding is not. */
export function isBase64Code(code: number): boolean {
  return code < 128 && ALPHABET[code] === 1;
}

/** Bytes that so many base64 characters stand for, padding not counted. */
export function decodedLength(characters: number): number {
  return Math.floor((characters * 3) / 4);
}

/** Encoded bytes mix capitals, small letters and digits; words, paths, hexadecimal and rulers do not. */
export function looksEncoded(text: string, start: number, end: number): boolean {
  const different = new Set<number>();
  let capitals = 0;
  let smalls = 0;
  let digits = 0;
  for (let index = start; index < Math.min(end, start + SAMPLE_LENGTH); index++) {
    const code = text.charCodeAt(index);
    different.add(code);
    if (code >= 48 && code <= 57) digits++;
    else if (code >= 65 && code <= 90) capitals++;
    else if (code >= 97 && code <= 122) smalls++;
  }
  return different.size >= MIN_DIFFERENT && capitals > 0 && smalls > 0 && digits > 0;
}
