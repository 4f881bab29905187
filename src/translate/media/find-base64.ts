import { STEP_UNITS } from '../../json/steps.ts';
import { decodedLength, isBase64Code, looksEncoded } from './base64-text.ts';

/** Shorter base64 is not worth a cut: icons, hashes, signatures. */
export const MIN_BASE64_CHARACTERS = 1024;

/** Longest `data:` header that is recognised; MIME types are far shorter. */
const MAX_HEADER_CHARACTERS = 256;

const EQUALS = 61;

/** Base64 in a text, with its `data:` header if it has one. */
export interface Base64Run {
  readonly start: number;
  readonly end: number;
  readonly mimeType: string | undefined;
  /** Bytes that are encoded. */
  readonly decodedBytes: number;
}

/**
 * Long base64 (standard or URL alphabet) anywhere in a text. Looks at every 1024th character only, since a run that
 * counts cannot hide between two of them. `undefined` stands where the caller may make a pause.
 */
export function* findBase64(text: string): Generator<Base64Run | undefined, void, undefined> {
  let probe = MIN_BASE64_CHARACTERS - 1;
  while (probe < text.length) {
    let end = probe;
    if (isBase64At(text, probe)) {
      let start = probe;
      while (start > 0 && isBase64At(text, start - 1)) start -= 1;
      while (end < text.length && isBase64At(text, end)) {
        end += 1;
        if (end % STEP_UNITS === 0) yield undefined;
      }
      const run = end - start >= MIN_BASE64_CHARACTERS ? readRun(text, start, end) : undefined;
      if (run) yield run;
    }
    probe = end + MIN_BASE64_CHARACTERS;
  }
}

/** Padding counts: a run that it ends is as long as its text. */
function isBase64At(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return isBase64Code(code) || code === EQUALS;
}

function readRun(text: string, start: number, end: number): Base64Run | undefined {
  const before = text.slice(Math.max(0, start - MAX_HEADER_CHARACTERS), start);
  const header = /data:([^\s,;"]*)[^\s,"]*;base64,$/.exec(before);
  if (header === null && !looksEncoded(text, start, end)) return undefined;
  return {
    start: header ? start - (before.length - header.index) : start,
    end,
    mimeType: header?.[1] || undefined,
    decodedBytes: decodedLength(paddingStart(text, end) - start),
  };
}

function paddingStart(text: string, end: number): number {
  while (text[end - 1] === '=') end -= 1;
  return end;
}
