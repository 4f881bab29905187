import { mergeHeaders } from '../deliver/request-headers.ts';
import type { HeaderMap } from './options.ts';
import { typeName } from './type-name.ts';

/** Headers to add to the next request. Rejects when the application's function does. */
export type HeaderSource = () => Promise<HeaderMap>;

/** What is wrong with fixed headers, in words that never quote a value; `undefined` when nothing is. */
export function headersFlaw(headers: unknown): string | undefined {
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers)) {
    return `headers must be an object or a function, not ${typeName(headers)}`;
  }
  const merged = mergeHeaders({}, headers as HeaderMap);
  if (merged.type === 'unusable') {
    return merged.message;
  }
  const names = merged.ignored.map((name) => JSON.stringify(name)).join(', ');
  return merged.ignored.length === 0 ? undefined : `${names} cannot be given, the exporter sets it itself`;
}

/**
 * Makes one kind of source out of fixed headers and a function. A source is a function in either case, so that
 * header values (often credentials) cannot be printed with the configuration.
 */
export function toHeaderSource(
  headers: HeaderMap | (() => HeaderMap | Promise<HeaderMap>) | undefined,
): HeaderSource {
  if (typeof headers === 'function') {
    return async () => headers();
  }
  const fixed: HeaderMap = Object.freeze({ ...headers });
  return async () => fixed;
}
