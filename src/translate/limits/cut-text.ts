import { STEP_UNITS, type Steps } from '../../json/steps.ts';
import { TRUNCATED } from './cap-depth.ts';
import { characterBytes, PAIR_BYTES, startsPair, textBytes } from './text-bytes.ts';

/** Stands where the middle of a text was. */
const GAP = ` …${TRUNCATED}… `;

/** Of what is kept, the part from the beginning; the end of a text often holds the question or the result. */
const HEAD_SHARE = 2 / 3;

/**
 * The beginning and the end of a text that is larger than `maxBytes`, so that it has at most `maxBytes` as JSON with
 * its quotes. Never splits a surrogate pair; takes time in the length of the result only.
 */
export function* cutText(text: string, maxBytes: number): Steps<string> {
  const roomBytes = maxBytes - textBytes(GAP);
  if (roomBytes <= 0) return '';
  const headBytes = Math.floor(roomBytes * HEAD_SHARE);
  const head = text.slice(0, yield* headEnd(text, headBytes));
  return `${head}${GAP}${text.slice(yield* tailStart(text, roomBytes - headBytes))}`;
}

function* headEnd(text: string, maxBytes: number): Steps<number> {
  let end = 0;
  let pauseAt = STEP_UNITS;
  for (let bytes = 0; end < text.length; ) {
    const ofCharacter = characterBytes(text, end);
    bytes += ofCharacter;
    if (bytes > maxBytes) break;
    end += ofCharacter === PAIR_BYTES ? 2 : 1;
    if (end < pauseAt) continue;
    pauseAt = end + STEP_UNITS;
    yield;
  }
  return end;
}

function* tailStart(text: string, maxBytes: number): Steps<number> {
  let start = text.length;
  let pauseAt = start - STEP_UNITS;
  for (let bytes = 0; start > 0; ) {
    const previous = start - (startsPair(text, start - 2) ? 2 : 1);
    bytes += characterBytes(text, previous);
    if (bytes > maxBytes) break;
    start = previous;
    if (start > pauseAt) continue;
    pauseAt = start - STEP_UNITS;
    yield;
  }
  return start;
}
