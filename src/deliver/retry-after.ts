/** The three date forms of HTTP (RFC 9110, section 5.6.7) begin with a day and name GMT, or are in asctime form. */
const HTTP_DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*, .+ GMT$/;
const ASCTIME_DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/;

/**
 * Reads a `Retry-After` header: seconds or an HTTP date.
 *
 * @param header value of the header; a repeated header counts by its first value
 * @param nowMs milliseconds since the epoch, by the clock of the server if its answer tells it
 * @returns milliseconds to wait from now, 0 for a date in the past, `undefined` for anything else (then the header
 * is ignored)
 */
export function parseRetryAfter(
  header: string | readonly string[] | undefined,
  nowMs: number,
): number | undefined {
  const text = (typeof header === 'string' ? header : header?.[0])?.trim();
  if (text === undefined) {
    return undefined;
  }
  // Fractions are not in the RFC, but some proxies send them.
  if (/^\d+(?:\.\d+)?$/.test(text)) {
    return Math.min(Math.ceil(Number(text) * 1000), Number.MAX_SAFE_INTEGER);
  }
  const dateMs = parseHttpDate(text);
  return dateMs === undefined ? undefined : Math.max(0, dateMs - nowMs);
}

/** Milliseconds since the epoch of a date as HTTP headers have it; `undefined` for anything else. */
export function parseHttpDate(text: string): number | undefined {
  // `Date.parse` alone takes "-5" or "soon 1" for a date.
  const parsed = HTTP_DATE.test(text)
    ? Date.parse(text)
    : ASCTIME_DATE.test(text)
      ? Date.parse(`${text} GMT`)
      : Number.NaN;
  return Number.isNaN(parsed) ? undefined : parsed;
}
