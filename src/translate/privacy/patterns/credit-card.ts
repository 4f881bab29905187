import type { Steps } from '../../../json/steps.ts';
import { type Found, isWordBegin, replaceFound, searchBy, whole } from './scan.ts';

/** Digits in the groups in which cards are written (4-4-4-4, 4-4-4-4-3, 4-6-5, 4-6-4) or in one piece. */
const CANDIDATE =
  /(?:[2-6]\d{3}([ .\-\u00A0])\d{4}\1\d{4}\1\d{4}(?:\1\d{3})?|3\d{3}([ .\-\u00A0])\d{6}\2\d{4,5}|[2-6]\d{12,18})(?!\w|[.,]\d)/g;

const LENGTH_OF_FOUR_GROUPS = '4111 1111 1111 1111'.length;

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
export function redactCreditCards(text: string, notice: string): Steps<string> {
  return replaceFound(text, notice, searchBy(text, CANDIDATE, cardIn));
}

function cardIn(match: RegExpExecArray): Found | undefined {
  const found = longestCard(match);
  return found && isWordBegin(match.input, found.start) && !isDecimal(match.input, found.start)
    ? found
    : undefined;
}

/** What looks like a fifth group may be the next number of the text. */
function longestCard(match: RegExpExecArray): Found | undefined {
  const [written] = match;
  if (isCard(written)) return whole(match);
  const hasFiveGroups = match[1] !== undefined && written.length > LENGTH_OF_FOUR_GROUPS;
  if (!hasFiveGroups || !isCard(written.slice(0, LENGTH_OF_FOUR_GROUPS))) return undefined;
  return { start: match.index, end: match.index + LENGTH_OF_FOUR_GROUPS };
}

function isCard(written: string): boolean {
  if (!hasLuhnDigit(written)) return false;
  const digits = written.replaceAll(/\D/g, '');
  return ISSUERS.some(([prefix, lengths]) => lengths.includes(digits.length) && prefix.test(digits));
}

/** The decimals of a number are no card. */
function isDecimal(text: string, index: number): boolean {
  return index >= 2 && /\d[.,]/.test(text.slice(index - 2, index));
}

/** Every second digit from the right counts twice (ISO/IEC 7812, annex B). */
function hasLuhnDigit(written: string): boolean {
  let sum = 0;
  let isSecond = false;
  for (let index = written.length - 1; index >= 0; index--) {
    const digit = written.charCodeAt(index) - 48;
    if (digit < 0 || digit > 9) continue;
    const weighed = isSecond ? digit * 2 : digit;
    sum += weighed > 9 ? weighed - 9 : weighed;
    isSecond = !isSecond;
  }
  return sum % 10 === 0;
}
