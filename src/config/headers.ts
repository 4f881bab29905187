import { type HeadersSource, mergeHeaders } from '../deliver/request-headers.ts';
import type { HeaderMap } from './options.ts';
import { typeName } from './type-name.ts';

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
 * The headers as a function in either case, so that their values (often credentials) cannot be printed with the
 * configuration. It rejects when the application's function does.
 */
export function toHeadersFunction(headers: HeadersSource | undefined): () => Promise<HeaderMap> {
  if (typeof headers === 'function') {
    return async () => headers();
  }
  const fixed: HeaderMap = Object.freeze({ ...headers });
  return async () => fixed;
}
