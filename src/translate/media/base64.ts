import { decodedLength, isBase64Code, looksEncoded } from './base64-text.ts';
import { nextRun } from './character-runs.ts';
import { mediaNotice } from './notice.ts';
import { typeOfBase64 } from './signatures.ts';

/** Base64 without any hint around it counts as media from this length (384 bytes); keys, hashes and ids are shorter. */
export const MIN_RAW_LENGTH = 512;

/** Shorter data behind `;base64,` is an example in prose or code, not a file. */
const MIN_DATA_URL_LENGTH = 8;

/** Longest part between `data:` and `;base64,` that is looked at; MIME types are far shorter. */
const MAX_HEADER_LENGTH = 200;

const HYPHEN = 45;
const SLASH = 47;
const EQUALS = 61;
const BACKSLASH = 92;
const UNDERSCORE = 95;

/**
 * Replaces base64 in a text by notices: `data:` URLs of any length, and unbroken base64 of at least 512 characters.
 * Linear; a text without either costs one search for `;base64,` and a look at every 512th character.
 */
export function removeBase64(text: string): string {
  const rest = text.includes(';base64,') ? removeDataUrls(text) : text;
  return rest.length < MIN_RAW_LENGTH ? rest : removeRuns(rest);
}

/**
 * Whether `removeBase64` might change the text of a JSON string literal, found out without decoding it. What it buys: content
 * without files, nearly all, needs no decoding. An escaped sign has two characters in the literal, so a run in the text
 * is one of at least the same length in the literal, with backslashes.
 *
 * @returns `true` also for some texts that have nothing to remove
 */
export function mayHoldBase64(literal: string): boolean {
  return (
    literal.includes(';base64,') ||
    nextRun(literal, 0, MIN_RAW_LENGTH, isLiteralRunAt, endOfLiteralRun) !== undefined
  );
}

/** Whether a text as a whole is padded base64 of the standard alphabet. */
export function isWholeBase64(text: string, minLength: number): boolean {
  if (text.length < minLength || text.length % 4 !== 0) return false;
  const end = text.length - paddingOf(text);
  for (let index = 0; index < end; index++) {
    const code = text.charCodeAt(index);
    if (!isBase64Code(code) || code === HYPHEN || code === UNDERSCORE) return false;
  }
  return true;
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
  let run = nextRun(text, 0, MIN_RAW_LENGTH, isRunAt, endOfRun);
  for (; run !== undefined; run = nextRun(text, run.end, MIN_RAW_LENGTH, isRunAt, endOfRun)) {
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

const NO_LITERAL_RUN = /[^A-Za-z0-9+/_\\-]/g;

function endOfLiteralRun(literal: string, inside: number): number {
  NO_LITERAL_RUN.lastIndex = inside;
  return NO_LITERAL_RUN.exec(literal)?.index ?? literal.length;
}

/** Some JSON writers escape the slash, so `\/` belongs to a run as well. */
function isRunAt(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return isBase64Code(code) || (code === BACKSLASH && text.charCodeAt(index + 1) === SLASH);
}

function isLiteralRunAt(literal: string, index: number): boolean {
  const code = literal.charCodeAt(index);
  return isBase64Code(code) || code === BACKSLASH;
}

/** Padding characters from a place on. */
function paddingAt(text: string, index: number): number {
  if (text.charCodeAt(index) !== EQUALS) return 0;
  return text.charCodeAt(index + 1) === EQUALS ? 2 : 1;
}
