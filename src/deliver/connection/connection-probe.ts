import type { Connections } from '../connections.ts';
import { describeNetworkError, type NetworkFailure } from '../network-failure.ts';
import { exchangeInForm, redirectTarget } from '../redirects.ts';
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
      /** Of a redirect: origin or path of where it leads. */
      readonly redirectsTo?: string | undefined;
    }
  | { readonly type: 'failed'; readonly cause: UnreachableCause; readonly errorCode: string | undefined };

export interface ProbeRequest {
  readonly url: string;
  readonly json: unknown;
  readonly headers: HeadersSource;
  readonly userAgent: string;
  readonly timeoutMs: number;
  readonly connections: Connections;
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

/** Sends one JSON body. Only a slash at the end is added or taken if the server wants so; no other redirect is followed. */
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
    const body = Buffer.from(JSON.stringify(query.json));
    const request = { url: query.url, method: 'POST', headers, body, signal: limit.signal } as const;
    const answer = await query.connections.use((dispatcher) =>
      exchangeInForm({ ...request, dispatcher }, new Map()),
    );
    if (answer.isOfProxy) return { type: 'failed', cause: 'proxy', errorCode: `HTTP ${answer.status}` };
    // An answer that breaks off may hold half of what is asked.
    return answer.cutOffBy === undefined
      ? {
          type: 'answer',
          status: answer.status,
          headers: answer.headers,
          body: answer.text,
          redirectsTo: redirectTarget(query.url, answer),
        }
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
