import { request as httpsRequest } from 'node:https';
import { json } from 'node:stream/consumers';
import * as grpc from '@grpc/grpc-js';
import { beforeEach, describe, expect, it } from 'vitest';
import { loopbackOfTest } from '../support/loopback-of-test.ts';
import type { LoopbackPostHog } from '../support/loopback-posthog.ts';
import { otlpCall, otlpRequest } from '../support/otlp-call.ts';
import { encodeOtlp } from '../support/otlp-protobuf.ts';
import { SELF_SIGNED } from '../support/self-signed.ts';
import { destination, gatewayOfTest } from './gateway-of-test.ts';

const CERT = Buffer.from(SELF_SIGNED.cert);
const KEY = Buffer.from(SELF_SIGNED.key);
const TRACES = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';

const SPANS = otlpRequest([otlpCall()]);

let posthog: LoopbackPostHog;
beforeEach(async () => {
  posthog = await loopbackOfTest();
});

async function gatewayWith(asksForCertificates: boolean) {
  const { gateway } = await gatewayOfTest([destination({ options: { endpoint: posthog.url } })], {
    listen: {
      grpc: { host: '127.0.0.1', port: 0 },
      tls: { cert: CERT, key: KEY, clientCa: asksForCertificates ? CERT : undefined },
    },
  });
  return { http: gateway.addresses.http.port, grpc: gateway.addresses.grpc?.port ?? 0 };
}

/** @returns the status of the answer, or the code of the error */
function overHttps(port: number, own: { cert?: Buffer; key?: Buffer }): Promise<number | string> {
  return new Promise((resolve) => {
    const headers = { 'content-type': 'application/json' };
    const options = {
      host: '127.0.0.1',
      port,
      path: '/v1/traces',
      method: 'POST',
      ca: CERT,
      headers,
      agent: false,
    };
    const request = httpsRequest({ ...options, ...own }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    request.end(JSON.stringify(SPANS));
  });
}

/** @returns the status code of the call */
function overGrpc(port: number, own: { cert?: Buffer; key?: Buffer }): Promise<number> {
  const credentials = grpc.credentials.createSsl(CERT, own.key ?? null, own.cert ?? null);
  const client = new grpc.Client(`127.0.0.1:${port}`, credentials, {
    'grpc.ssl_target_name_override': 'localhost',
  });
  const asIs = (bytes: Buffer): Buffer => bytes;
  const body = Buffer.from(encodeOtlp('traces', SPANS));
  const deadline = { deadline: Date.now() + 20_000 };
  return new Promise((resolve) => {
    client.makeUnaryRequest(TRACES, asIs, asIs, body, new grpc.Metadata(), deadline, (error) => {
      client.close();
      resolve(error?.code ?? 0);
    });
  });
}

describe('health, metrics and the page', () => {
  const about = (port: number, scheme: 'http' | 'https', path: string): Promise<unknown> =>
    scheme === 'http'
      ? fetch(`http://127.0.0.1:${port}${path}`).then((answer) => answer.json())
      : new Promise((resolve, reject) => {
          const options = { host: '127.0.0.1', port, path, ca: CERT, agent: false };
          httpsRequest(options, (response) => json(response).then(resolve, reject))
            .on('error', reject)
            .end();
        });

  it.each([
    { isForAdmin: true, right: 'https', wrong: 'http' },
    { isForAdmin: false, right: 'http', wrong: 'https' },
  ] as const)('come over $right alone, and ask for no certificate', async ({ isForAdmin, right, wrong }) => {
    const { gateway } = await gatewayOfTest([destination({ options: { endpoint: posthog.url } })], {
      listen: { tls: { cert: CERT, key: KEY, clientCa: CERT, isForAdmin } },
    });
    const { port } = gateway.addresses.admin;
    expect(await about(port, right, '/healthz')).toEqual({ status: 'ok' });
    expect(await about(port, right, '/api/about')).toMatchObject({ isTls: true });
    await expect(about(port, wrong, '/healthz')).rejects.toThrow();
  });
});

describe.each([
  { way: 'HTTPS', send: overHttps, port: 'http', fine: 200 },
  { way: 'gRPC over TLS', send: overGrpc, port: 'grpc', fine: 0 },
] as const)('$way', ({ send, port, fine }) => {
  it('is taken', async () => {
    const ports = await gatewayWith(false);
    expect(await send(ports[port], {})).toBe(fine);
    expect(posthog.events).toHaveLength(1);
  });

  it('asks for a certificate of the authority when the file names one', async () => {
    const ports = await gatewayWith(true);
    expect(await send(ports[port], {})).not.toBe(fine);
    expect(posthog.events).toEqual([]);
    expect(await send(ports[port], { cert: CERT, key: KEY })).toBe(fine);
    expect(posthog.events).toHaveLength(1);
  });

  it('refuses who speaks no TLS', async () => {
    const ports = await gatewayWith(false);
    await expect(
      fetch(`http://127.0.0.1:${ports[port]}/v1/traces`, { method: 'POST', body: '{}' }),
    ).rejects.toThrow();
  });
});
