import { type Found, lastGroup, replaceFound, searchBy, WORD_BEGIN, whole } from './scan.ts';

/** `+` or `00`, then a country code and at most 15 digits in all (E.164), parted by at most two signs. */
const INTERNATIONAL = new RegExp(
  [
    String.raw`${WORD_BEGIN}(?<!\+)(?:\+|00(?=[1-9]\d{0,2}[ .\-/(]))`,
    String.raw`[1-9](?:[ .\-/()\u00A0]{0,2}\d){7,14}(?!\w|[.,:]\d)`,
  ].join(''),
  'g',
);

/** North American: area code and exchange begin with 2 to 9; parted by signs, as plain ten digits are too often ids. */
const NORTH_AMERICAN = new RegExp(
  String.raw`${WORD_BEGIN}(?<![.+-])(?:1[ .-])?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[ .-])[2-9]\d{2}[ .-]\d{4}(?![\w-]|\.\d)`,
  'g',
);

/** National with a leading zero, in two to five groups; pairs may be parted by full stops, as in France. */
const NATIONAL = new RegExp(
  [
    String.raw`(?:${WORD_BEGIN}(?<![.,:+/-])|\()(?:`,
    String.raw`0[1-9]\d{0,4}\)?(?:[ \-/\u00A0]{1,3}\d{2,8}){1,4}|0[1-9](?:\.\d{2}){4}`,
    String.raw`)(?![.,:/-]?\d|\w)`,
  ].join(''),
  'g',
);

/** Digits behind a word that says they are a phone number: code, JSON (also inside JSON text) or prose. */
const ANNOUNCED =
  /(?:phone|tel|mobile|cell|fax|whatsapp)(?:[_ -]?(?:number|no|nr))?["'\\]{0,4}[ \t]{0,2}[:=.]?[ \t]{0,2}["'\\]{0,4}(\+?\d{7,15})(?!\d)/gi;

/** Amounts such as `+1 500 000 000` are written in groups of three that end in zeros. */
const AMOUNT = /^\+\d{1,3}(?:[ .]\d{3}){0,4}[ .]000$/;

/** Three numbers with nothing but spaces between are a row of a table (`512 768 1024`). */
const ROW = /^[2-9]\d{2} \d{3} \d{4}$/;

const DATE = /^\(?\d{2}[-/]\d{2}[-/]\d{4}(?!\d)/;

/** Digits of a national number with its leading zero; shorter ones are dates, times and house numbers. */
const MIN_NATIONAL_DIGITS = 9;
const MAX_NATIONAL_DIGITS = 13;

/** Replaces phone numbers that are written as such: with `+`, with separators, or behind a word that announces them. */
export function redactPhones(text: string, notice: string): string {
  if (!/\d{2}/.test(text)) return text;
  let rest = replaceFound(text, notice, searchBy(text, INTERNATIONAL, unless(AMOUNT)));
  rest = replaceFound(rest, notice, searchBy(rest, NORTH_AMERICAN, unless(ROW)));
  rest = replaceFound(rest, notice, searchBy(rest, NATIONAL, national));
  return replaceFound(rest, notice, searchBy(rest, ANNOUNCED, lastGroup));
}

function unless(exception: RegExp): (match: RegExpExecArray) => Found | undefined {
  return (match) => (exception.test(match[0]) ? undefined : whole(match));
}

function national(match: RegExpExecArray): Found | undefined {
  const digits = match[0].replaceAll(/\D/g, '').length;
  if (digits < MIN_NATIONAL_DIGITS || digits > MAX_NATIONAL_DIGITS || DATE.test(match[0])) return undefined;
  return whole(match);
}
