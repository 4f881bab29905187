import { characterFlags, LETTERS_AND_DIGITS, nextRun } from './character-runs.ts';
import { mediaNotice } from './notice.ts';
import { typeOfBase64 } from './signatures.ts';

/** Base64 without any hint around it counts as media from this length (384 bytes); keys, hashes and ids are shorter. */
export const MIN_RAW_LENGTH = 512;

/** Characters at the start of a run that are looked at to tell base64 from other unbroken text. */
const SAMPLE_LENGTH = 2048;

/** Different characters that the sample must have. Base64 of a real file has about 60, hexadecimal has 16. */
const MIN_DIFFERENT = 20;

/** Shorter data behind `;base64,` is an example in prose or code, not a file. */
const MIN_DATA_URL_LENGTH = 8;

/** Longest part between `data:` and `;base64,` that is looked at; MIME types are far shorter. */
const MAX_HEADER_LENGTH = 200;

const HYPHEN = 45;
const SLASH = 47;
const EQUALS = 61;
const BACKSLASH = 92;
const UNDERSCORE = 95;

const ALPHABET = characterFlags(`${LETTERS_AND_DIGITS}+/-_`);

/**
 * Replaces base64 in a text by notices: `data:` URLs of any length, and unbroken base64 of at least 512 characters.
 * Linear; a text without either costs one search for `;base64,` and a look at every 512th character.
 */
export function removeBase64(text: string): string {
  const rest = text.includes(';base64,') ? removeDataUrls(text) : text;
  return rest.length < MIN_RAW_LENGTH ? rest : removeRuns(rest);
}

/**
 * Whether `removeBase64` might change the text of a JSON string literal, told without decoding it. What it buys: content
 * without files, nearly all, needs no decoding. An escaped sign has two characters in the literal, so a run in the text
 * is one of at least the same length in the literal, with backslashes.
 *
 * @returns `true` also for some texts that have nothing to remove
 */
export function mayHoldBase64(literal: string): boolean {
  return literal.includes(';base64,') || nextRun(literal, 0, MIN_RAW_LENGTH, isLiteralRunAt) !== undefined;
}

/** Whether a text as a whole is padded base64 of the standard alphabet. */
export function isWholeBase64(text: string, minLength: number): boolean {
  if (text.length < minLength || text.length % 4 !== 0) return false;
  const end = text.length - paddingOf(text);
  for (let index = 0; index < end; index++) {
    const code = text.charCodeAt(index);
    if (!isBase64(code) || code === HYPHEN || code === UNDERSCORE) return false;
  }
  return true;
}

/** Bytes that so many base64 characters stand for, padding not counted. */
export function decodedLength(characters: number): number {
  return Math.floor((characters * 3) / 4);
}

/** Padding characters at the end. */
export function paddingOf(text: string): number {
  if (!text.endsWith('=')) return 0;
  return text.endsWith('==') ? 2 : 1;
}

function removeDataUrls(text: string): string {
  const pieces: string[] = [];
  let copied = 0;
  for (let at = text.indexOf(';base64,'); at >= 0; at = text.indexOf(';base64,', at + 1)) {
    const from = Math.max(copied, at - MAX_HEADER_LENGTH);
    const scheme = text.slice(from, at).lastIndexOf('data:');
    const data = at + ';base64,'.length;
    const end = endOfRun(text, data);
    if (scheme < 0 || end - data < MIN_DATA_URL_LENGTH) continue;
    const header = text.slice(from + scheme + 'data:'.length, at).replaceAll('\\', '');
    const type = header.split(';', 1)[0] || typeOfBase64(text.slice(data, data + 64));
    pieces.push(text.slice(copied, from + scheme), mediaNotice(type, decodedLength(end - data)));
    copied = end + paddingAt(text, end);
  }
  return pieces.length === 0 ? text : pieces.join('') + text.slice(copied);
}

function removeRuns(text: string): string {
  const pieces: string[] = [];
  let copied = 0;
  let run = nextRun(text, 0, MIN_RAW_LENGTH, isRunAt);
  for (; run !== undefined; run = nextRun(text, run.end, MIN_RAW_LENGTH, isRunAt)) {
    if (!looksEncoded(text, run.start, run.end)) continue;
    const type = typeOfBase64(text.slice(run.start, run.start + 64));
    pieces.push(text.slice(copied, run.start), mediaNotice(type, decodedLength(run.end - run.start)));
    copied = run.end + paddingAt(text, run.end);
  }
  return pieces.length === 0 ? text : pieces.join('') + text.slice(copied);
}

/** The engine looks for the first character of no run several times faster than a loop does. */
const NO_BASE64 = /[^A-Za-z0-9+/_-]/g;

function endOfRun(text: string, inside: number): number {
  NO_BASE64.lastIndex = inside;
  for (let end = NO_BASE64.exec(text)?.index; end !== undefined; end = NO_BASE64.exec(text)?.index) {
    if (!isRunAt(text, end)) return end;
  }
  return text.length;
}

/** Some JSON writers escape the slash, so `\/` belongs to a run as well. */
function isRunAt(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return isBase64(code) || (code === BACKSLASH && text.charCodeAt(index + 1) === SLASH);
}

function isLiteralRunAt(literal: string, index: number): boolean {
  const code = literal.charCodeAt(index);
  return isBase64(code) || code === BACKSLASH;
}

/** Encoded bytes mix capitals, small letters and digits; words, paths, hexadecimal and rulers do not. */
function looksEncoded(text: string, start: number, end: number): boolean {
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

/** Padding characters from a place on. */
function paddingAt(text: string, index: number): number {
  if (text.charCodeAt(index) !== EQUALS) return 0;
  return text.charCodeAt(index + 1) === EQUALS ? 2 : 1;
}

function isBase64(code: number): boolean {
  return code < 128 && ALPHABET[code] === 1;
}
