/** What is asked of a dispatcher: one request, whose only limit in time is the signal. */
export interface HttpDispatcherRequest {
  readonly origin: string;
  readonly path: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Record<string, string>;
  readonly body?: Buffer;
  readonly signal: AbortSignal;
  readonly headersTimeout: number;
  readonly bodyTimeout: number;
}

export interface HttpDispatcherResponse {
  readonly statusCode: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: AsyncIterable<Buffer>;
}

/**
 * A dispatcher of undici: `Agent`, `Pool`, `ProxyAgent`, `EnvHttpProxyAgent`, `MockAgent`. A type of our own, so that any
 * version of undici fits and none need be installed.
 */
export interface HttpDispatcher {
  request(options: HttpDispatcherRequest): Promise<HttpDispatcherResponse>;
}
