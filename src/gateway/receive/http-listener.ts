import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** PEM texts of a listener. */
export interface ListenerTls {
  readonly key: Buffer;
  readonly cert: Buffer;
  /** Clients need a certificate of this authority. */
  readonly clientCa?: Buffer | undefined;
}

export interface HttpListener {
  /** Where it listens, with the port that the system chose for 0. */
  readonly address: { readonly host: string; readonly port: number };
  /** New connections are refused, requests under way end; after the time all connections are closed. */
  stop(timeoutMs: number): Promise<void>;
}

/** A request whose head or body takes longer is given up, as the OpenTelemetry Collector does. */
const REQUEST_TIMEOUT_MS = 60_000;

/** Longer than clients keep idle connections, so that they end first and none is reset between two requests. */
const KEEP_ALIVE_MS = 75_000;

/** @throws when the address cannot be listened on */
export async function listenHttp(
  handle: RequestListener,
  {
    host,
    port,
    tls,
  }: { readonly host: string; readonly port: number; readonly tls?: ListenerTls | undefined },
): Promise<HttpListener> {
  const options = { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: REQUEST_TIMEOUT_MS };
  const server: Server = tls
    ? createTlsServer(
        {
          ...options,
          key: tls.key,
          cert: tls.cert,
          ...(tls.clientCa ? { ca: tls.clientCa, requestCert: true, rejectUnauthorized: true } : {}),
        },
        handle,
      )
    : createServer(options, handle);
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const bound = server.address() as AddressInfo;
  return {
    address: { host: bound.address, port: bound.port },
    stop: (timeoutMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => server.closeAllConnections(), timeoutMs);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}
