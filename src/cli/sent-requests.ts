import { gunzipSync } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { isGzip } from './is-gzip.ts';

/** One request as it went on the wire. */
export interface SentRequest {
  /** With a leading slash; the prefix of a proxy included. */
  readonly path: string;
  readonly body: Buffer;
}

/** A dispatcher that passes everything on to `target`, and remembers what it passed on. */
export function recordRequests(target: Dispatcher): {
  readonly dispatcher: Dispatcher;
  readonly requests: readonly SentRequest[];
} {
  const requests: SentRequest[] = [];
  const dispatcher = target.compose((dispatch) => (options, handler) => {
    if (Buffer.isBuffer(options.body)) {
      requests.push({ path: options.path, body: options.body });
    }
    return dispatch(options, handler);
  });
  return { dispatcher, requests };
}

/** The events in a request to a batch route of PostHog; none in any other. */
export function eventsIn({ body }: SentRequest): readonly Readonly<Record<string, unknown>>[] {
  const { batch } = JSON.parse((isGzip(body) ? gunzipSync(body) : body).toString('utf8')) as {
    batch?: unknown;
  };
  return Array.isArray(batch) ? batch : [];
}
