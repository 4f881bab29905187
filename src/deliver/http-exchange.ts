import { brotliDecompressSync, constants, inflateSync, unzipSync } from 'node:zlib';
import type { HttpAnswer } from './http-answer.ts';
import type { HttpDispatcher } from './http-dispatcher.ts';
import { thrownAnswer } from './thrown-answer.ts';
import { untilAborted } from './time-limit.ts';

/** Text of an answer that is read. PostHog's are below 1 KiB; the rest is thrown away unread. */
export const MAX_ANSWER_BYTES = 16 * 1024;

/** A few bytes can be made to decode to gigabytes. */
const MAX_DECODED_BYTES = 64 * 1024;

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
  const response = await untilAborted(pending, signal).catch((error: unknown) => {
    const answer = thrownAnswer(error);
    if (answer) return answer;
    throw error;
  });
  if (!('body' in response)) return response;
  const { statusCode: status, headers: answerHeaders } = response;
  const { bytes, ...end } = await readBounded(response.body);
  return { status, headers: answerHeaders, ...decode(bytes, answerHeaders['content-encoding']), ...end };
}

async function readBounded(
  body: AsyncIterable<Buffer>,
): Promise<Pick<HttpAnswer, 'complete' | 'cutOffBy'> & { readonly bytes: Buffer }> {
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
  return { bytes: Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES), complete, cutOffBy };
}

const DECODERS: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  // What is there of an answer that broke off is decoded as well.
  gzip: (bytes) =>
    unzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: MAX_DECODED_BYTES }),
  deflate: (bytes) =>
    inflateSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: MAX_DECODED_BYTES }),
  br: (bytes) =>
    brotliDecompressSync(bytes, {
      finishFlush: constants.BROTLI_OPERATION_FLUSH,
      maxOutputLength: MAX_DECODED_BYTES,
    }),
};

/**
 * None of the codings was asked for, but some proxies compress every answer; and some dispatchers take the coding off and
 * leave the header.
 */
function decode(
  bytes: Buffer,
  coding: string | string[] | undefined,
): Pick<HttpAnswer, 'text' | 'isUndecoded'> {
  const name = String(coding ?? '')
    .trim()
    .toLowerCase()
    .replace(/^x-/, '');
  const asIs = { text: bytes.toString('utf8'), isUndecoded: name !== '' && name !== 'identity' };
  if (!Object.hasOwn(DECODERS, name)) return asIs;
  try {
    return { text: (DECODERS[name]?.(bytes) ?? bytes).toString('utf8'), isUndecoded: false };
  } catch {
    return asIs;
  }
}
