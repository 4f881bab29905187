/** UTF-16 units of a part: what all redactors together do in some milliseconds. */
export const PART_UNITS = 64 * 1024;

/**
 * Where a text may be cut without any pattern noticing. A cut is behind
 *
 * - a character that no pattern takes or looks for, neither in a match nor beside it,
 * - a letter of a script that addresses and keys are not written in, or half of a pair of surrogates,
 * - a comma, unless a number may follow: beside a comma it may be part of a larger one,
 * - a space between two words, if `isBetweenWords`.
 */
const CUT =
  /[\n\r;{}<|&?\u0590-\u1C7F\u3000-\u9FFF\uAC00-\uD7AF\uDC00-\uDFFF]|,(?![\d+(])|(?<=[A-Za-z]) (?=[A-Za-z])/g;

/** Words behind which a space may be part of what announces a token or number: `Bearer …`, `Authorization: Basic …`, `phone no. …`. */
const ANNOUNCES = /(?:bearer|basic|token|digest|key|phone|tel|mobile|cell|fax|whatsapp)$/i;

/** An IBAN has digits at its beginning, and signs between its characters at most. */
const MAY_BE_IBAN = /\d[A-Za-z0-9 \-\u00A0]*$/;

/** Longer than any IBAN, with a sign before each character. */
const MAX_IBAN_LENGTH = 72;

/**
 * A text in parts, each of which can be redacted by itself: put together again, they give what the whole text gives.
 * A part is longer than `partUnits` where the text goes on without a place for a cut.
 */
export function* partsToRedact(text: string, partUnits = PART_UNITS): Generator<string, void, undefined> {
  let start = 0;
  while (text.length - start > partUnits) {
    const end = nextCut(text, start + partUnits);
    yield text.slice(start, end);
    start = end;
  }
  if (start === 0) yield text;
  else if (start < text.length) yield text.slice(start);
}

function nextCut(text: string, from: number): number {
  CUT.lastIndex = from;
  for (let match = CUT.exec(text); match !== null; match = CUT.exec(text)) {
    if (match[0] !== ' ' || isBetweenWords(text, match.index)) return match.index + 1;
  }
  return text.length;
}

function isBetweenWords(text: string, space: number): boolean {
  const before = text.slice(Math.max(0, space - MAX_IBAN_LENGTH), space);
  return !ANNOUNCES.test(before) && !MAY_BE_IBAN.test(before);
}
