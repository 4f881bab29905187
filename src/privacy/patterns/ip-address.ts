import { isIPv4, isIPv6 } from 'node:net';
import { type Found, replaceFound, searchBy, WORD_BEGIN, whole } from './scan.ts';

/** Four numbers; neither part of a longer dotted number nor marked as a version (`v1.2.3.4`). */
const IPV4 = new RegExp(
  String.raw`${WORD_BEGIN}(?<![.-])\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\w-]|\.\d)`,
  'g',
);

/** At most 45 characters (with an IPv4 tail), neither inside a word nor inside a longer list with colons. */
const IPV6 = new RegExp(String.raw`${WORD_BEGIN}(?<![:.])[0-9A-Fa-f:][0-9A-Fa-f:.]{5,44}(?![\w:])`, 'g');

/** Addresses of no machine in particular: this host, any host, network masks. */
const IMPERSONAL = /^(?:127\.|0\.|255\.)/;

/** Replaces IPv4 and IPv6 addresses, except loopback, unspecified and broadcast ones. */
export function redactIpAddresses(text: string, notice: string): string {
  const rest = text.includes('.') ? replaceFound(text, notice, searchBy(text, IPV4, v4In)) : text;
  return rest.includes(':') ? replaceFound(rest, notice, searchBy(rest, IPV6, v6In)) : rest;
}

function v4In(match: RegExpExecArray): Found | undefined {
  return isIPv4(match[0]) && !IMPERSONAL.test(match[0]) ? whole(match) : undefined;
}

/** Times, and `a::b` of programming languages, pass the expression but not the check. */
function v6In(match: RegExpExecArray): Found | undefined {
  const address = match[0].replace(/\.+$/, '').replace(/(?<!:):$/, '');
  if (!/\d/.test(address) || !isIPv6(address)) return undefined;
  return { start: match.index, end: match.index + address.length };
}
