import type { HttpDispatcher } from './http-dispatcher.ts';
import { untilAborted } from './time-limit.ts';

/** Text of an answer that is read. PostHog's are below 1 KiB; the rest is thrown away unread. */
const MAX_ANSWER_BYTES = 16 * 1024;

export interface HttpExchange {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** undici's global dispatcher when absent. */
  readonly dispatcher: HttpDispatcher | undefined;
  /** The only time limit on the exchange; undici's own for headers and body are switched off. */
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** False when the body is longer than what is read, or broke off. */
  readonly complete: boolean;
  /** Why the body broke off; `undefined` when it did not. */
  readonly cutOffBy: unknown;
}

/** At the first request: it takes longer to load than everything else of this package together. */
const loadUndici = () => import('undici');

/** Makes one HTTP request and reads a bounded part of the answer. Follows no redirect. Rejects without an answer. */
export async function exchangeHttp(exchange: HttpExchange): Promise<HttpAnswer> {
  const { url, method, headers, body, dispatcher, signal } = exchange;
  const options = {
    method,
    headers: { ...headers },
    signal,
    headersTimeout: 0,
    bodyTimeout: 0,
    ...(body === undefined ? {} : { body }),
  };
  const { origin, pathname, search } = new URL(url);
  // By its own method: a dispatcher may come from another version of undici, such as that inside of Node.
  const pending = dispatcher
    ? dispatcher.request({ ...options, origin, path: pathname + search })
    : loadUndici().then(({ request }) => request(url, options));
  // undici heeds the signal only once there is a connection, which can take longer than the caller wants to wait.
  const response = await untilAborted(pending, signal);
  const { statusCode: status, headers: answerHeaders } = response;
  return { status, headers: answerHeaders, ...(await readBounded(response.body)) };
}

async function readBounded(
  body: AsyncIterable<Buffer>,
): Promise<Pick<HttpAnswer, 'text' | 'complete' | 'cutOffBy'>> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let complete = true;
  let cutOffBy: unknown;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > MAX_ANSWER_BYTES) {
        complete = false;
        break; // Closes the connection: cheaper than reading an answer without end.
      }
    }
  } catch (error) {
    complete = false;
    cutOffBy = error;
  }
  return { text: Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES).toString('utf8'), complete, cutOffBy };
}
