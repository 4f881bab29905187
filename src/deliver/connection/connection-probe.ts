import type { HttpDispatcher } from '../http-dispatcher.ts';
import { exchangeHttp } from '../http-exchange.ts';
import { describeNetworkError, type NetworkFailure } from '../network-failure.ts';
import { type HeadersSource, mergeHeaders } from '../request-headers.ts';
import { startTimeLimit, untilAborted } from '../time-limit.ts';
import type { UnreachableCause } from './connection-result.ts';

/** What came back from one POST. Closed: a probe never throws or rejects. */
export type ProbeOutcome =
  | {
      readonly type: 'answer';
      readonly status: number;
      readonly headers: Readonly<Record<string, string | string[] | undefined>>;
      /** The beginning of the answer. */
      readonly body: string;
    }
  | { readonly type: 'failed'; readonly cause: UnreachableCause; readonly errorCode: string | undefined };

export interface ProbeRequest {
  readonly url: string;
  readonly json: unknown;
  readonly headers: HeadersSource;
  readonly userAgent: string;
  readonly timeoutMs: number;
  readonly dispatcher: HttpDispatcher | undefined;
  readonly signal: AbortSignal | undefined;
}

const CAUSES: Readonly<Record<NetworkFailure['kind'], UnreachableCause>> = {
  dns: 'dns',
  refused: 'refused',
  tls: 'tls',
  timeout: 'timeout',
  reset: 'network',
  unusable: 'network',
  other: 'network',
};

/** Sends one JSON body. Redirects are not followed: the answer to a redirected POST proves nothing. */
export async function probe(query: ProbeRequest): Promise<ProbeOutcome> {
  const limit = startTimeLimit(query.timeoutMs, query.signal);
  const failed = (error: unknown): ProbeOutcome => {
    const { kind, code } = describeNetworkError(error);
    return { type: 'failed', cause: limit.cause() ?? CAUSES[kind], errorCode: code };
  };
  try {
    const headers = await headersFor(query, limit.signal);
    if (headers === undefined) {
      return { type: 'failed', cause: limit.cause() ?? 'headers', errorCode: undefined };
    }
    const answer = await exchangeHttp({
      url: query.url,
      method: 'POST',
      headers,
      body: Buffer.from(JSON.stringify(query.json)),
      dispatcher: query.dispatcher,
      signal: limit.signal,
    });
    // An answer that breaks off may hold half a verdict.
    return answer.cutOffBy === undefined
      ? { type: 'answer', status: answer.status, headers: answer.headers, body: answer.text }
      : failed(answer.cutOffBy);
  } catch (error) {
    return failed(error);
  } finally {
    limit.dispose();
  }
}

/** All headers of the request; `undefined` when the application's are unusable or its function failed. */
async function headersFor(
  { headers: source, userAgent }: ProbeRequest,
  signal: AbortSignal,
): Promise<Record<string, string> | undefined> {
  const own = { 'user-agent': userAgent, 'content-type': 'application/json', accept: 'application/json' };
  try {
    const theirs =
      typeof source === 'function' ? await untilAborted(Promise.resolve(source()), signal) : source;
    const merged = mergeHeaders(own, theirs);
    return merged.type === 'headers' ? merged.headers : undefined;
  } catch {
    return undefined;
  }
}
