import { type Found, replaceFound, searchBy, WORD_BEGIN, whole } from './scan.ts';

/**
 * Digits in the groups in which cards are written (4-4-4-4, 4-4-4-4-3, 4-6-5, 4-6-4) or in one piece; not the decimals
 * of a number.
 */
const CANDIDATE = new RegExp(
  [
    String.raw`${WORD_BEGIN}(?<![0-9][.,])(?:`,
    String.raw`[2-6]\d{3}([ .\-\u00A0])\d{4}\1\d{4}\1\d{4}(?:\1\d{3})?|`,
    String.raw`3\d{3}([ .\-\u00A0])\d{6}\2\d{4,5}|`,
    String.raw`[2-6]\d{12,18}`,
    String.raw`)(?![0-9A-Za-z]|[.,][0-9])`,
  ].join(''),
  'g',
);

/** Issuer ranges (ISO/IEC 7812) with the lengths they use. */
const ISSUERS: readonly (readonly [prefix: RegExp, lengths: readonly number[]])[] = [
  [/^4/, [13, 16, 19]],
  [/^(?:5|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]],
  [/^3[47]/, [15]],
  [/^3[0689]/, [14, 16, 19]],
  [/^35(?:2[89]|[3-8])/, [16, 19]],
  [/^6/, [16, 19]],
];

/** Replaces payment card numbers: an issuer's prefix and length, and a correct check digit (Luhn). */
export function redactCreditCards(text: string, notice: string): string {
  return replaceFound(text, notice, searchBy(text, CANDIDATE, cardIn));
}

function cardIn(match: RegExpExecArray): Found | undefined {
  const digits = match[0].replaceAll(/\D/g, '');
  const isIssued = ISSUERS.some(
    ([prefix, lengths]) => lengths.includes(digits.length) && prefix.test(digits),
  );
  return isIssued && hasLuhnDigit(digits) ? whole(match) : undefined;
}

/** Every second digit from the right counts twice (ISO/IEC 7812, annex B). */
function hasLuhnDigit(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48;
    const weighed = index % 2 === 0 ? digit : digit * 2;
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return sum % 10 === 0;
}
