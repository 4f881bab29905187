import type { Steps } from '../../../json/steps.ts';
import { type Found, isWordBegin, replaceFound, searchBy } from './scan.ts';

/** Country and check digits, with the first character of the account behind them. */
const CANDIDATE = /[A-Z]{2}\d{2}(?=[ \-\u00A0]?[0-9A-Z])/gi;

/** Lengths by country: IBAN registry (SWIFT, ISO 13616). */
const LENGTHS: ReadonlyMap<string, number> = new Map(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ' +
    'ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 ' +
    'LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 ' +
    'PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))] as const),
);

/** Replaces bank account numbers (IBAN): a known country, its length, and correct check digits (mod 97). */
export function redactIbans(text: string, notice: string): Steps<string> {
  return replaceFound(
    text,
    notice,
    searchBy(text, CANDIDATE, (match) => ibanAt(text, match)),
  );
}

function ibanAt(text: string, match: RegExpExecArray): Found | undefined {
  const start = match.index;
  const length = LENGTHS.get(match[0].slice(0, 2).toUpperCase());
  if (length === undefined || !isWordBegin(text, start)) return undefined;
  let end = start + match[0].length;
  let remainder = 0;
  for (let taken = match[0].length; taken < length; end++) {
    if (isSeparator(text.charCodeAt(end))) end++;
    const value = valueAt(text, end);
    if (value === undefined) return undefined;
    remainder = appended(remainder, value);
    taken++;
  }
  // Country and check digits count as if they stood at the end (ISO 7064).
  for (let index = start; index < start + match[0].length; index++) {
    remainder = appended(remainder, valueAt(text, index) ?? 0);
  }
  return remainder === 1 && valueAt(text, end) === undefined ? { start, end } : undefined;
}

/** Remainder by 97 when a digit, or the two digits of a letter, are written behind the number. */
function appended(remainder: number, value: number): number {
  return (remainder * (value > 9 ? 100 : 10) + value) % 97;
}

/** Digits count as themselves, letters as 10 to 35; anything else does not count. */
function valueAt(text: string, index: number): number | undefined {
  const code = text.charCodeAt(index);
  if (code >= 48 && code <= 57) return code - 48;
  if (code >= 65 && code <= 90) return code - 55;
  return code >= 97 && code <= 122 ? code - 87 : undefined;
}

/** Space, hyphen, no-break space. */
function isSeparator(code: number): boolean {
  return code === 0x20 || code === 0x2d || code === 0xa0;
}
