import type { ConnectionResult } from '../../../deliver/connection/connection-result.ts';
import type { RecentCall } from '../../observe/recent-calls.ts';
import type { About, CallAnswer, DestinationsAnswer, SendersAnswer, WaterfallSpan } from '../api-answers.ts';
import type { TestTraceResult } from '../send-test-trace.ts';

/** What the gateway answers to the page. Every function throws `ApiError` when it answers with an error. */
export interface Api {
  about(): Promise<About>;
  calls(): Promise<readonly RecentCall[]>;
  /** @returns `undefined` when the gateway no longer holds it */
  call(id: string): Promise<CallAnswer | undefined>;
  trace(traceId: string): Promise<readonly WaterfallSpan[]>;
  traceFile(traceId: string): Promise<Blob>;
  destinations(): Promise<DestinationsAnswer>;
  senders(): Promise<SendersAnswer>;
  test(destination: string): Promise<ConnectionResult>;
  sendTest(destination: string): Promise<TestTraceResult>;
  /** The body of the stream of calls. */
  stream(signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
}

export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** @param token of the setting `page.token`; sent as a header, so that it stands in no address */
export function createApi(token: string | undefined): Api {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const ask = async (path: string, parameters: Record<string, string> = {}, init: RequestInit = {}) => {
    const query = new URLSearchParams(parameters).toString();
    const response = await fetch(query ? `${path}?${query}` : path, { headers, ...init });
    if (response.ok) return response;
    throw new ApiError(response.status, messageOf(await response.text()));
  };
  const get = async <T>(path: string, parameters?: Record<string, string>): Promise<T> =>
    (await (await ask(path, parameters)).json()) as T;
  const post = async <T>(path: string, destination: string): Promise<T> =>
    (await (await ask(path, { destination }, { method: 'POST' })).json()) as T;
  return {
    about: () => get('/api/about'),
    calls: () => get('/api/calls'),
    call: (id) => get<CallAnswer>('/api/call', { id }).catch(undefinedIfGone),
    trace: (traceId) => get('/api/trace', { traceId }),
    traceFile: async (traceId) => (await ask('/api/trace.json', { traceId })).blob(),
    destinations: () => get('/api/destinations'),
    senders: () => get('/api/senders'),
    test: (destination) => post('/api/test', destination),
    sendTest: (destination) => post('/api/send-test', destination),
    stream: async (signal) => {
      const { body } = await ask('/api/stream', {}, { signal });
      if (!body) throw new ApiError(200, 'The stream has no body.');
      return body;
    },
  };
}

function undefinedIfGone(error: unknown): undefined {
  if (error instanceof ApiError && error.status === 404) return undefined;
  throw error;
}

function messageOf(body: string): string {
  try {
    const { message } = JSON.parse(body) as { readonly message?: unknown };
    return typeof message === 'string' ? message : body;
  } catch {
    return body;
  }
}
