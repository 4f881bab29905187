import type { Steps } from '../../../json/steps.ts';
import { type Found, isWordBegin, replaceFound, searchBy, whole } from './scan.ts';

/** `+` or `00`, then a country code and at most 15 digits in all (E.164), parted by at most two signs. */
const INTERNATIONAL = /(?:\+|00(?=[1-9]\d{0,2}[ .\-/(]))[1-9](?:[ .\-/()\u00A0]{0,2}\d){7,14}(?!\w|[.,:]\d)/g;

/** North American: area code and exchange begin with 2 to 9; parted by signs, as plain ten digits are too often ids. */
const NORTH_AMERICAN = /(?:1[ .-])?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[ .-])[2-9]\d{2}[ .-]\d{4}(?![\w-]|\.\d)/g;

/** National with a leading zero, in two to five groups; pairs may be parted by full stops, as in France. */
const NATIONAL = /\(?0[1-9](?:\d{0,4}\)?(?:[ \-/\u00A0]{1,3}\d{2,8}){1,4}|(?:\.\d{2}){4})(?![.,:/-]?\d|\w)/g;

/** Digits in one piece, which a word before must announce. */
const DIGITS = /\+?\d{7,1000000}/g;

/** Code, JSON (also inside JSON text) or prose. */
const ANNOUNCEMENT =
  /(?:phone|tel|mobile|cell|fax|whatsapp)(?:[_ -]?(?:number|no|nr))?["'\\]{0,4}[ \t]{0,2}[:=.]?[ \t]{0,2}["'\\]{0,4}$/i;

/** Longest text that the expression above takes. */
const MAX_ANNOUNCEMENT_LENGTH = 32;

/** Amounts such as `+1 500 000 000` are written in groups of three that end in zeros. */
const AMOUNT = /^\+\d{1,3}(?:[ .]\d{3}){0,4}[ .]000$/;

/** Three numbers with nothing but spaces between are a row of a table (`512 768 1024`). */
const ROW = /^[2-9]\d{2} \d{3} \d{4}$/;

const DATE = /^\(?\d{2}[-/]\d{2}[-/]\d{4}(?!\d)/;

/** Digits of a national number with its leading zero; shorter ones are dates, times and house numbers. */
const MIN_NATIONAL_DIGITS = 9;
const MAX_NATIONAL_DIGITS = 13;

/** E.164. */
const MAX_DIGITS = 15;

/** Replaces phone numbers that are written as such: with `+`, with separators, or behind a word that announces them. */
export function* redactPhones(text: string, notice: string): Steps<string> {
  let rest = yield* replaceFound(
    text,
    notice,
    searchBy(text, INTERNATIONAL, (match) => phone(match, AMOUNT)),
  );
  rest = yield* replaceFound(
    rest,
    notice,
    searchBy(rest, NORTH_AMERICAN, (match) => phone(match, ROW)),
  );
  rest = yield* replaceFound(rest, notice, searchBy(rest, NATIONAL, national));
  return yield* replaceFound(rest, notice, searchBy(rest, DIGITS, announced, 'behind'));
}

/** Not a part of a number, a date, a path or a word. */
function phone(match: RegExpExecArray, exception: RegExp): Found | undefined {
  const before = match.input.charAt(match.index - 1);
  if (/[.,:+/-]/.test(before) || !isWordBegin(match.input, match.index)) return undefined;
  return exception.test(match[0]) ? undefined : whole(match);
}

function national(match: RegExpExecArray): Found | undefined {
  const digits = match[0].replaceAll(/\D/g, '').length;
  return digits < MIN_NATIONAL_DIGITS || digits > MAX_NATIONAL_DIGITS ? undefined : phone(match, DATE);
}

function announced(match: RegExpExecArray): Found | undefined {
  if (match[0].length > MAX_DIGITS + 1) return undefined;
  const before = match.input.slice(Math.max(0, match.index - MAX_ANNOUNCEMENT_LENGTH), match.index);
  return ANNOUNCEMENT.test(before) ? whole(match) : undefined;
}
