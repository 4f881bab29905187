import type { Steps } from '../../../json/steps.ts';
import { type Found, replaceFound, STEP_CANDIDATES } from './scan.ts';

/** RFC 5321, 4.5.3.1. */
const MAX_LOCAL_LENGTH = 64;
const MAX_DOMAIN_LENGTH = 255;

/** Letters of the scripts that part words by spaces; in others an address may touch the words around it. */
const LETTER = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]/u;

/** Ends in letters, as every top-level domain does (`xn--…` included). */
const TOP_LEVEL = /^(?:\p{L}{2,24}|xn--[a-z0-9-]{2,59})$/iu;

/** Pictures for screens of twofold density are named `icon@2x.png`. */
const SCREEN_DENSITY = /^[1-9](?:\.\d)?x\./;

/** Replaces e-mail addresses. Looks around each `@`, so that its time does not depend on what else is there. */
export function redactEmails(text: string, notice: string): Steps<string> {
  return replaceFound(text, notice, (from, lookAt) => {
    let at = text.indexOf('@', lookAt);
    for (let left = STEP_CANDIDATES; at >= 0; at = text.indexOf('@', at + 1), left--) {
      if (left === 0) return { lookAt: at };
      const found = addressAround(text, at, from);
      if (found !== undefined) return found;
    }
    return undefined;
  });
}

function addressAround(text: string, at: number, from: number): Found | undefined {
  let end = at + 1;
  while (end < text.length && end - at <= MAX_DOMAIN_LENGTH && isWordOr(text, end, '.-')) end++;
  while (end > at + 1 && isOneOf(text, end - 1, '.-')) end--;
  if (end - at < 5 || isOneOf(text, end - 2, '.') || !isDomain(text.slice(at + 1, end))) return undefined;

  let start = at;
  while (start > from && at - start < MAX_LOCAL_LENGTH && isWordOr(text, start - 1, "._%+-'~")) start--;
  start += escapeLength(text, start);
  while (start < at && isOneOf(text, start, ".%+-'~")) start++;
  // The user of every Git server over SSH is no person.
  return start >= at || text.slice(start, at) === 'git' ? undefined : { start, end };
}

function isDomain(domain: string): boolean {
  const labels = domain.split('.');
  const top = labels.at(-1) ?? '';
  return (
    labels.length >= 2 &&
    labels.every((label) => label !== '') &&
    TOP_LEVEL.test(top) &&
    !SCREEN_DENSITY.test(domain)
  );
}

/** In JSON text the letter of an escape (`\n`) touches the word behind it. */
function escapeLength(text: string, start: number): number {
  if (start === 0 || text.charAt(start - 1) !== '\\') return 0;
  if (isOneOf(text, start, 'bfnrt')) return 1;
  return text.charAt(start) === 'u' ? 5 : 0;
}

function isWordOr(text: string, index: number, others: string): boolean {
  const code = text.charCodeAt(index);
  if ((code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90)) return true;
  return code < 128 ? isOneOf(text, index, others) : LETTER.test(text.charAt(index));
}

function isOneOf(text: string, index: number, characters: string): boolean {
  return characters.includes(text.charAt(index));
}
