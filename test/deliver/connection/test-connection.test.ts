import { createServer } from 'node:net';
import { context, createContextKey } from '@opentelemetry/api';
import { Agent, MockAgent } from 'undici';
import { describe, expect, it } from 'vitest';
import type { Region } from '../../../src/config/endpoint.ts';
import type { ConnectionResult } from '../../../src/deliver/connection/connection-result.ts';
import {
  type TestConnectionOptions,
  testConnection,
} from '../../../src/deliver/connection/test-connection.ts';
import { registerContextManager } from '../../support/als-context-manager.ts';
import { loopbackOfTest } from '../../support/loopback-of-test.ts';
import type { Scripted } from '../../support/loopback-posthog.ts';

const KEY = 'phc_Zq8vXw2LmN4rT6yU9aBcDeFgHiJkLmNoPqRsTuVw';

/** Tests a connection, and that no result ever holds the key. */
async function test(options: Partial<TestConnectionOptions>): Promise<ConnectionResult> {
  const result = await testConnection({
    apiKey: KEY,
    endpoint: 'https://invalid',
    timeoutMs: 2000,
    ...options,
  });
  expect(JSON.stringify(result)).not.toContain(KEY);
  expect(result.message).not.toBe('');
  expect(result.fix).not.toBe('');
  return result;
}

const html = { 'content-type': 'text/html' };
const answer = (status: number, body = '', headers: Record<string, string> = {}): Scripted => ({
  do: 'answer',
  status,
  body,
  headers,
});

describe('a key that PostHog knows', () => {
  it.each([
    ['cloud', 'available'],
    ['self-hosted', 'missing'],
  ] as const)('is ok on %s, with the AI route %s', async (mode, aiRoute) => {
    const posthog = await loopbackOfTest({ mode, knownKeys: [KEY] });
    expect(await test({ endpoint: `${posthog.url}/`, apiKey: ` ${KEY} ` })).toMatchObject({
      status: 'ok',
      endpoint: posthog.url,
      aiRoute,
    });
    expect(posthog.events).toEqual([]);
    expect(posthog.requests.map(({ method, path, json }) => ({ method, path, json }))).toEqual([
      {
        method: 'POST',
        path: '/flags/?v=2',
        json: { token: KEY, distinct_id: 'posthog-llm-exporter-connection-test', disable_flags: true },
      },
      { method: 'POST', path: '/i/v0/ai/batch/', json: { api_key: KEY, batch: [] } },
    ]);
  });

  it.each([
    ['a used up quota', answer(200, '{"quotaLimited":["feature_flags"],"flags":{}}')],
    ['a used up quota on older servers', answer(402, 'quota')],
    ['the shape of older servers', answer(200, '{"featureFlags":{}}')],
  ])('is ok with %s', async (_, flags) => {
    const posthog = await loopbackOfTest();
    posthog.script(flags);
    expect(await test({ endpoint: posthog.url })).toMatchObject({ status: 'ok', aiRoute: 'available' });
  });

  it.each([
    [answer(405), 'missing'],
    [answer(302, '', { location: '/login' }), 'missing'],
    [answer(200, '<!doctype html>', html), 'missing'],
    [answer(400, '<html>bad request</html>', html), 'missing'],
    [answer(401, 'unknown key'), 'available'],
    [answer(503), 'unknown'],
    [{ do: 'reset', when: 'before-answer' }, 'unknown'],
  ] satisfies [Scripted, string][])(
    'with the AI route answering %o has the route %s',
    async (ai, aiRoute) => {
      const posthog = await loopbackOfTest();
      posthog.script(undefined, ai);
      expect(await test({ endpoint: posthog.url })).toMatchObject({ status: 'ok', aiRoute });
    },
  );

  it('is found behind the path prefix of a proxy, with its headers', async () => {
    const posthog = await loopbackOfTest({
      respond: ({ path, headers }) =>
        path.startsWith('/ingest/') && headers['x-proxy'] === 'a'
          ? answer(path.includes('flags') ? 200 : 400, '{"flags":{}}')
          : undefined,
    });
    const headers = async () => ({ 'x-proxy': 'a' });
    expect(await test({ endpoint: `${posthog.url}/ingest`, headers })).toMatchObject({
      status: 'ok',
      aiRoute: 'available',
    });
  });
});

describe('a key that PostHog does not know', () => {
  const regionsOf = (us: string, eu: string): Region[] => [
    { name: 'us', endpoint: us, app: us },
    { name: 'eu', endpoint: eu, app: eu },
  ];

  it('is a wrong key on a self-hosted PostHog, and is shown to nobody else', async () => {
    const posthog = await loopbackOfTest({ knownKeys: [] });
    const other = await loopbackOfTest();
    const regions = regionsOf(other.url, other.url);
    expect(await test({ endpoint: posthog.url, regions })).toMatchObject({
      status: 'wrong-key',
      aiRoute: 'unknown',
    });
    expect(other.requests).toEqual([]);
  });

  it('is in the wrong region when another region knows it', async () => {
    const [us, eu] = [await loopbackOfTest({ knownKeys: [] }), await loopbackOfTest({ knownKeys: [KEY] })];
    const regions = regionsOf(us.url, eu.url);
    expect(await test({ endpoint: us.url, regions, headers: { 'x-proxy': 'secret' } })).toMatchObject({
      status: 'wrong-region',
      endpoint: us.url,
      region: 'eu',
      suggestedEndpoint: eu.url,
    });
    expect(us.requests[0]?.headers['x-proxy']).toBe('secret');
    expect(eu.requests[0]?.headers['x-proxy']).toBeUndefined();
  });

  it('is a wrong key when no region knows it', async () => {
    const [us, eu] = [await loopbackOfTest({ knownKeys: [] }), await loopbackOfTest({ knownKeys: [] })];
    const result = await test({ endpoint: eu.url, regions: regionsOf(us.url, eu.url) });
    expect(result.status).toBe('wrong-key');
    expect(result.message).not.toContain('could not be asked');
  });

  it('is a wrong key, with a word about it, when the other region gives no verdict', async () => {
    const [us, eu] = [
      await loopbackOfTest({ knownKeys: [] }),
      await loopbackOfTest({ respond: () => answer(503) }),
    ];
    const result = await test({ endpoint: us.url, regions: regionsOf(us.url, eu.url) });
    expect(result.status).toBe('wrong-key');
    expect(result.message).toContain('Region eu could not be asked');
  });

  it('is a wrong key also where the answer is JSON', async () => {
    const posthog = await loopbackOfTest();
    posthog.script(answer(401, '{"type":"authentication_error"}', { 'content-type': 'application/json' }));
    expect((await test({ endpoint: posthog.url })).status).toBe('wrong-key');
  });
});

describe('a key or endpoint that cannot be right', () => {
  it.each([
    [{ apiKey: 'phx_Zq8vXw2LmN4rT6yU9aBcDeFgHiJkLmNoPqRsTuVw' }, { status: 'personal-key' }],
    [{ apiKey: '' }, { status: 'wrong-key' }],
    [{ apiKey: 'phc_\u{1F511}' }, { status: 'wrong-key' }],
    [{ endpoint: 'mars' }, { status: 'host-unreachable', cause: 'invalid-endpoint', endpoint: '' }],
    [{ headers: { 'bad name': 'x' } }, { status: 'host-unreachable', cause: 'headers' }],
    [
      { headers: () => Promise.reject(new Error('phc_no')) },
      { status: 'host-unreachable', cause: 'headers' },
    ],
  ])('is told without a request: %o', async (options, expected) => {
    const posthog = await loopbackOfTest();
    expect(await test({ endpoint: posthog.url, ...options })).toMatchObject(expected);
    expect(posthog.requests).toEqual([]);
  });
});

describe('a host that answers, but not about the key', () => {
  it.each([
    [404, answer(404), 'key-not-verifiable', 'route-missing'],
    [405, answer(405), 'key-not-verifiable', 'route-missing'],
    ['a redirect', answer(308, '', { location: 'https://example.com/' }), 'key-not-verifiable', 'redirect'],
    ['a web page', answer(200, '<!DOCTYPE html><p>Hi', html), 'key-not-verifiable', 'not-posthog'],
    ['other JSON', answer(200, '{"status":"Ok"}'), 'key-not-verifiable', 'not-posthog'],
    ['JSON null', answer(200, 'null'), 'key-not-verifiable', 'not-posthog'],
    ['nothing', answer(204), 'key-not-verifiable', 'not-posthog'],
    ['a long page', answer(200, 'x'.repeat(500_000)), 'key-not-verifiable', 'not-posthog'],
    [400, answer(400, 'bad'), 'key-not-verifiable', 'not-posthog'],
    ['a paywall page', answer(402, '<html>', html), 'key-not-verifiable', 'not-posthog'],
    [403, answer(403), 'key-not-verifiable', 'access-denied'],
    ['a login page', answer(401, '<html>Log in', html), 'key-not-verifiable', 'access-denied'],
    ['a challenge', answer(401, '', { 'www-authenticate': 'Basic' }), 'key-not-verifiable', 'access-denied'],
    [500, answer(500), 'key-not-verifiable', 'server-error'],
    [503, answer(503), 'key-not-verifiable', 'server-error'],
    [429, answer(429), 'rate-limited', undefined],
  ])('with %s', async (_, flags, status, reason) => {
    const posthog = await loopbackOfTest({ respond: () => flags });
    const result = await test({ endpoint: posthog.url });
    expect(result).toMatchObject({ status, aiRoute: 'unknown', endpoint: posthog.url });
    expect('reason' in result ? result.reason : undefined).toBe(reason);
    expect(posthog.requests).toHaveLength(1);
  });
});

describe('a host that does not answer', () => {
  const unreachable = async (options: Partial<TestConnectionOptions>, cause: string) => {
    const result = await test(options);
    expect(result).toMatchObject({ status: 'host-unreachable', cause });
    return result.message;
  };

  it('because nothing listens there', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    expect(await unreachable({ endpoint: `http://127.0.0.1:${port}` }, 'refused')).toContain('ECONNREFUSED');
  });

  it('because its name is not known', async () => {
    const endpoint = 'https://posthog-llm-exporter.invalid';
    expect(await unreachable({ endpoint, timeoutMs: 10_000 }, 'dns')).toContain(
      'posthog-llm-exporter.invalid',
    );
  });

  it('because its certificate is not trusted', async () => {
    const posthog = await loopbackOfTest({ tls: 'self-signed' });
    await unreachable({ endpoint: posthog.url }, 'tls');
    const trusting = new Agent({ connect: { rejectUnauthorized: false } });
    expect((await test({ endpoint: posthog.url, dispatcher: trusting })).status).toBe('ok');
    await trusting.destroy();
  });

  it('because it speaks http where https was asked for', async () => {
    const posthog = await loopbackOfTest();
    await unreachable({ endpoint: posthog.url.replace('http:', 'https:') }, 'tls');
  });

  it.each([
    ['in time', { do: 'stall' }, 'timeout'],
    ['to the end in time', { do: 'stall-body' }, 'timeout'],
    ['but hangs up', { do: 'reset', when: 'on-request' }, 'network'],
    ['but hangs up within the answer', { do: 'reset', when: 'mid-answer' }, 'network'],
    ['with all it promised', { do: 'truncate' }, 'network'],
  ] satisfies [string, Scripted, string][])('%s', async (_, script, cause) => {
    const posthog = await loopbackOfTest({});
    posthog.script(script);
    const start_ = performance.now();
    await unreachable({ endpoint: posthog.url, timeoutMs: 300 }, cause);
    expect(performance.now() - start_).toBeLessThan(20_000);
  });

  it.each([0, 100])('because the caller stops after %i ms', async (ms) => {
    const posthog = await loopbackOfTest({ respond: () => ({ do: 'stall' }) });
    const signal = ms === 0 ? AbortSignal.abort() : AbortSignal.timeout(ms);
    await unreachable({ endpoint: posthog.url, signal }, 'aborted');
  });
});

describe('the requests', () => {
  it('go through the dispatcher that is given', async () => {
    const agent = new MockAgent();
    agent.disableNetConnect();
    const pool = agent.get('https://eu.i.posthog.com');
    pool.intercept({ path: '/flags/?v=2', method: 'POST' }).reply(200, { flags: {} });
    pool.intercept({ path: '/i/v0/ai/batch/', method: 'POST' }).reply(400, 'empty');
    expect(await test({ endpoint: 'eu', dispatcher: agent })).toMatchObject({
      status: 'ok',
      endpoint: 'https://eu.i.posthog.com',
      aiRoute: 'available',
    });
    agent.assertNoPendingInterceptors();
  });

  it('ask the other region of PostHog Cloud', async () => {
    const agent = new MockAgent();
    agent.disableNetConnect();
    const flags = { path: '/flags/?v=2', method: 'POST' };
    agent.get('https://us.i.posthog.com').intercept(flags).reply(401, 'unknown');
    agent.get('https://eu.i.posthog.com').intercept(flags).reply(200, { flags: {} });
    expect(await test({ endpoint: 'us', dispatcher: agent })).toMatchObject({
      status: 'wrong-region',
      region: 'eu',
      suggestedEndpoint: 'https://eu.i.posthog.com',
    });
  });

  it('are not traced', async () => {
    registerContextManager();
    const suppressed = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');
    const seen: unknown[] = [];
    const agent = new Agent().compose((dispatch) => (options, handler) => {
      seen.push(context.active().getValue(suppressed));
      return dispatch(options, handler);
    });
    const posthog = await loopbackOfTest();
    await test({ endpoint: posthog.url, dispatcher: agent });
    expect(seen).toEqual([true, true]);
    expect(context.active().getValue(suppressed)).toBeUndefined();
    context.disable();
  });
});
