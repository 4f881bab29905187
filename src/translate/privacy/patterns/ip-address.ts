import { isIPv4, isIPv6 } from 'node:net';
import type { Steps } from '../../../json/steps.ts';
import {
  type Found,
  isWordBegin,
  type LookOn,
  replaceFound,
  STEP_CANDIDATES,
  searchBy,
  whole,
} from './scan.ts';

/** Four numbers, not part of a longer dotted number. */
const IPV4 = /\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\w-]|\.\d)/g;

/** With an IPv4 address at the end (RFC 4291, 2.2). */
const MAX_IPV6_LENGTH = 45;

/** Addresses of no machine in particular: this host, any host, network masks. */
const IMPERSONAL = /^(?:127\.|0\.|255\.)/;

/** Replaces IPv4 and IPv6 addresses, except loopback, unspecified and broadcast ones. */
export function* redactIpAddresses(text: string, notice: string): Steps<string> {
  // The newer kind first, since it may end in an address of the older.
  const rest = yield* replaceFound(text, notice, (from, at) => nextV6(text, from, at));
  return yield* replaceFound(rest, notice, searchBy(rest, IPV4, v4In));
}

/** A letter before the numbers marks a version (`v1.2.3.4`), a hyphen a part of a name. */
function v4In(match: RegExpExecArray): Found | undefined {
  const before = match.input.charAt(match.index - 1);
  if (before === '.' || before === '-' || !isWordBegin(match.input, match.index)) return undefined;
  return isIPv4(match[0]) && !IMPERSONAL.test(match[0]) ? whole(match) : undefined;
}

/** Looks around each colon. */
function nextV6(text: string, from: number, at: number): Found | LookOn | undefined {
  let colon = text.indexOf(':', at);
  for (let left = STEP_CANDIDATES; colon >= 0; left--) {
    if (left === 0) return { lookAt: colon };
    let end = colon + 1;
    while (end < text.length && end - colon <= MAX_IPV6_LENGTH && /[0-9A-Fa-f:.]/.test(text.charAt(end)))
      end++;
    let start = colon;
    while (start > from && colon - start < 4 && /[0-9A-Fa-f]/.test(text.charAt(start - 1))) start--;
    const found = v6In(text, start, end);
    if (found !== undefined) return found;
    colon = text.indexOf(':', end);
  }
  return undefined;
}

/** Times, and `a::b` of programming languages, look alike but fail the check. */
function v6In(text: string, start: number, end: number): Found | undefined {
  const address = text
    .slice(start, end)
    .replace(/\.+$/, '')
    .replace(/(?<!:):$/, '');
  if (address.length < 6 || !/\d/.test(address) || !isIPv6(address) || !isWordBegin(text, start))
    return undefined;
  return /\w/.test(text.charAt(start + address.length)) ? undefined : { start, end: start + address.length };
}
