import { type Found, replaceFound, searchBy, WORD_BEGIN } from './scan.ts';

/** Country and check digits, with the first character of the account behind them. */
const CANDIDATE = new RegExp(String.raw`${WORD_BEGIN}[A-Z]{2}\d{2}(?=[ \-\u00A0]?[0-9A-Z])`, 'gi');

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
export function redactIbans(text: string, notice: string): string {
  return replaceFound(
    text,
    notice,
    searchBy(text, CANDIDATE, (match) => ibanAt(text, match)),
  );
}

function ibanAt(text: string, match: RegExpExecArray): Found | undefined {
  const length = LENGTHS.get(match[0].slice(0, 2).toUpperCase());
  if (length === undefined) return undefined;
  let account = '';
  let end = match.index;
  for (; account.length < length; end++) {
    const character = text.charAt(end);
    if (isAlphanumeric(character)) account += character;
    else if (!isSeparator(character) || !isAlphanumeric(text.charAt(end + 1))) return undefined;
  }
  if (isAlphanumeric(text.charAt(end)) || remainder97(account.toUpperCase()) !== 1) return undefined;
  return { start: match.index, end };
}

function isSeparator(character: string): boolean {
  return character === ' ' || character === '-' || character === '\u00A0';
}

function isAlphanumeric(character: string): boolean {
  return (
    (character >= '0' && character <= '9') ||
    (character >= 'A' && character <= 'Z') ||
    (character >= 'a' && character <= 'z')
  );
}

/** Letters count as 10 to 35; country and check digits go to the end (ISO 7064). */
function remainder97(account: string): number {
  let remainder = 0;
  for (const character of account.slice(4) + account.slice(0, 4)) {
    for (const digit of Number.parseInt(character, 36).toString())
      remainder = (remainder * 10 + Number(digit)) % 97;
  }
  return remainder;
}
