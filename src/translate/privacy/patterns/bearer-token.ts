import type { Steps } from '../../../json/steps.ts';
import { type Found, isWordBegin, lastGroup, replaceFound, searchBy } from './scan.ts';

/** A token behind the word `Bearer`. */
const BEARER = /Bearer[ \t]{1,4}([A-Za-z0-9._~+/=-]{16,1000000})/gi;

/** The value of an `Authorization` header: a header line, code, or JSON (also inside JSON text). */
const AUTHORIZATION =
  /authorization["'\\]{0,4}[ \t]{0,4}[:=][ \t]{0,4}["'\\]{0,4}(?:(?:basic|bearer|token|digest|api-?key|key)[ \t]{1,4})?([A-Za-z0-9._~+/=-]{8,1000000})/gi;

/** Replaces tokens behind `Bearer` and in `Authorization` headers; the words around them stay. */
export function* redactBearerTokens(text: string, notice: string): Steps<string> {
  const rest = yield* replaceFound(text, notice, searchBy(text, AUTHORIZATION, lastGroup));
  return yield* replaceFound(rest, notice, searchBy(rest, BEARER, tokenIn, 'behind'));
}

/** `Bearer certificates` is prose; tokens have digits. */
function tokenIn(match: RegExpExecArray): Found | undefined {
  return /\d/.test(match[1] ?? '') && isWordBegin(match.input, match.index) ? lastGroup(match) : undefined;
}
