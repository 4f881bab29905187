import { Agent, getGlobalDispatcher, interceptors, MockAgent } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildRequestBody } from '../../src/deliver/request-body.ts';
import type { HeadersSource } from '../../src/deliver/request-headers.ts';
import type { TransportOutcome, TransportRequest } from '../../src/deliver/transport.ts';
import { createUndiciTransport, type UndiciTransportOptions } from '../../src/deliver/undici-transport.ts';
import { type LoopbackPostHog, type Scripted, startLoopbackPostHog } from '../support/loopback-posthog.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { until } from '../support/until.ts';
import { sampleEvents } from './sample-events.ts';

let posthog: LoopbackPostHog;
beforeEach(async () => {
  posthog = await startLoopbackPostHog();
});
afterEach(() => posthog.close());

interface SendOptions extends Partial<UndiciTransportOptions> {
  readonly url?: string;
  readonly body?: Buffer;
  readonly request?: Partial<TransportRequest>;
}

async function send({ url, body, request, ...options }: SendOptions = {}): Promise<TransportOutcome> {
  const transport = createUndiciTransport({ timeoutMs: 5000, logger: createRecordingLogger(), ...options });
  return transport.send({
    url: `${url ?? posthog.url}/i/v0/ai/batch/`,
    body: body ?? buildRequestBody('phc_k', sampleEvents(2)),
    headers: { 'content-type': 'application/json' },
    ...request,
  });
}

describe('createUndiciTransport', () => {
  it('delivers', async () => {
    expect(await send({ userAgent: 'posthog-llm-exporter/1.2.3' })).toEqual({ type: 'delivered' });
    expect(posthog.events).toHaveLength(2);
    expect(posthog.requests[0]).toMatchObject({
      method: 'POST',
      path: '/i/v0/ai/batch/',
      headers: { 'content-type': 'application/json', 'user-agent': 'posthog-llm-exporter/1.2.3' },
    });
  });

  const large = Buffer.alloc(4 * 1024 * 1024, 'x');

  it.each<[string, Scripted, Partial<SendOptions>, string]>([
    ['a reset before the request is read', { do: 'reset', when: 'on-request' }, {}, 'network'],
    ['a reset in the middle of the upload', { do: 'reset', when: 'mid-upload' }, { body: large }, 'network'],
    ['a reset before the answer', { do: 'reset', when: 'before-answer' }, {}, 'network'],
    ['a reset in the middle of the answer', { do: 'reset', when: 'mid-answer' }, {}, 'network'],
    ['a truncated answer', { do: 'truncate' }, {}, 'network'],
    ['a server that never answers', { do: 'stall' }, { timeoutMs: 100 }, 'timeout'],
    ['headers that come too late', { do: 'delay', ms: 60_000 }, { timeoutMs: 100 }, 'timeout'],
    ['an answer that never ends', { do: 'stall-body' }, { timeoutMs: 100 }, 'timeout'],
    [
      'a limit of the request below the one of the transport',
      { do: 'stall' },
      { request: { timeoutMs: 100 } },
      'timeout',
    ],
  ])('%s may be retried', async (_, scripted, options, reason) => {
    posthog.script(scripted);
    const start = performance.now();
    expect(await send(options)).toMatchObject({ type: 'retry', reason });
    expect(performance.now() - start).toBeLessThan(20_000);
  });

  it('takes slow headers that come in time', async () => {
    posthog.script({ do: 'delay', ms: 50 });
    expect(await send()).toEqual({ type: 'delivered' });
  });

  it('counts connecting into the time limit', async () => {
    const dispatcher = new Agent({ connect: () => {} });
    expect(await send({ dispatcher, timeoutMs: 100 })).toMatchObject({ type: 'retry', reason: 'timeout' });
    await dispatcher.destroy();
  });

  it.each(['127.0.0.1', 'localhost'])('a refused connection to %s may be retried', async (host) => {
    const closed = await startLoopbackPostHog();
    await closed.close();
    const outcome = await send({ url: closed.url.replace('127.0.0.1', host) });
    const message = 'the connection was refused; check the port, and firewalls in between (ECONNREFUSED)';
    expect(outcome).toEqual({ type: 'retry', reason: 'network', message });
  });

  it.each(['ENOTFOUND', 'EAI_AGAIN'])(
    'a host name that cannot be resolved (%s) may be retried',
    async (code) => {
      const lookup = (
        _host: string,
        _options: unknown,
        done: (error: Error, addresses: []) => void,
      ): void => {
        done(Object.assign(new Error('getaddrinfo'), { code }), []);
      };
      const dispatcher = new Agent({ connect: { lookup } });
      const message = `the host name could not be resolved; check "endpoint" (POSTHOG_HOST) and DNS (${code})`;
      const outcome = await send({ url: 'http://posthog.invalid', dispatcher });
      expect(outcome).toEqual({ type: 'retry', reason: 'network', message });
      await dispatcher.destroy();
    },
  );

  it('takes the dispatcher of another undici, as that of a new Node', async () => {
    expect(await send({ dispatcher: getGlobalDispatcher() })).toEqual({ type: 'delivered' });
  });

  it('refuses a certificate nobody trusts, and HTTPS where there is none', async () => {
    const secure = await startLoopbackPostHog({ tls: 'self-signed' });
    expect(await send({ url: secure.url })).toMatchObject({ type: 'refused', reason: 'tls' });
    expect(secure.requests).toEqual([]);
    expect(await send({ url: posthog.url.replace('http', 'https') })).toMatchObject({
      type: 'refused',
      reason: 'tls',
    });
    const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
    expect(await send({ url: secure.url, dispatcher })).toEqual({ type: 'delivered' });
    await dispatcher.destroy();
    await secure.close();
  });

  it('does not retry what cannot be sent', async () => {
    const dispatcher = new Agent();
    await dispatcher.close();
    expect(await send({ dispatcher })).toMatchObject({ type: 'refused', reason: 'network' });
    expect(await send({ url: 'not a url' })).toMatchObject({ type: 'refused', reason: 'network' });
  });

  const retry = interceptors.retry({
    maxRetries: 1,
    minTimeout: 1,
    methods: ['POST'],
    statusCodes: [401, 413, 503],
  });
  it.each([
    ['responseError', interceptors.responseError(), 1],
    ['retry', retry, 2],
  ] as const)('an answer that the interceptor %s throws is that answer', async (_, interceptor, requests) => {
    const agent = new Agent();
    const dispatcher = agent.compose(interceptor);
    for (const [status, outcome] of [
      [413, { type: 'too-large' }],
      [401, { type: 'refused', reason: 'unauthorized' }],
      [503, { type: 'retry', reason: 'server-error', retryAfterMs: 1 }],
    ] as const) {
      const headers = { 'retry-after': '0.001' };
      posthog.script(...Array<Scripted>(requests).fill({ do: 'answer', status, headers }));
      expect(await send({ dispatcher })).toMatchObject(outcome);
    }
    await agent.destroy();
  });

  it('turns an exception of the dispatcher into an outcome', async () => {
    const dispatcher = new MockAgent();
    dispatcher.dispatch = () => {
      throw new TypeError('holds phc_secret');
    };
    expect(await send({ dispatcher })).toEqual({
      type: 'retry',
      reason: 'network',
      message: 'the request failed',
    });
  });

  it.each([301, 302, 303, 307, 308])('does not follow a %i', async (status) => {
    posthog.script({ do: 'answer', status, headers: { location: `${posthog.url}/batch/` } });
    expect(await send()).toMatchObject({ type: 'route-missing', status });
    expect(posthog.requests).toHaveLength(1);
  });

  it('does not take a web page for a success', async () => {
    posthog.script({
      do: 'answer',
      status: 200,
      headers: { 'content-type': 'text/html' },
      body: '<html></html>',
    });
    expect(await send()).toMatchObject({ type: 'route-missing', status: 200 });
  });

  it.each([
    ['in seconds', '7', 7000],
    ['as a date', 'Thu, 01 Jan 2026 00:00:09 GMT', 9000],
    ['that makes no sense', 'later', undefined],
  ])('reads a Retry-After %s', async (_, header, retryAfterMs) => {
    const headers = { 'retry-after': header, date: 'Thu, 01 Jan 2026 00:00:00 GMT' };
    posthog.script({ do: 'answer', status: 503, headers });
    // The clock of this machine is wrong by a year.
    const outcome = await send({ now: () => Date.UTC(2027, 0, 1) });
    expect(outcome).toMatchObject({ type: 'retry', status: 503 });
    expect('retryAfterMs' in outcome ? outcome.retryAfterMs : undefined).toBe(retryAfterMs);
  });

  it('reads only the beginning of an endless answer', async () => {
    const body = `{"status":"Ok","padding":"${'x'.repeat(3 * 1024 * 1024)}"}`;
    posthog.script({ do: 'answer', status: 200, body });
    expect(await send()).toEqual({ type: 'delivered' });
    expect(await send()).toEqual({ type: 'delivered' });
  });

  it('ends when the signal aborts during the request', async () => {
    posthog.script({ do: 'stall' });
    const controller = new AbortController();
    const sending = send({ request: { signal: controller.signal } });
    await until(() => posthog.requests.length === 1);
    controller.abort();
    expect(await sending).toMatchObject({ type: 'retry', reason: 'aborted' });
  });

  it('ends when the signal aborted before it', async () => {
    expect(await send({ request: { signal: AbortSignal.abort() } })).toMatchObject({ reason: 'aborted' });
    expect(posthog.requests).toHaveLength(0);
  });
});

describe('headers of the application', () => {
  it.each<[string, HeadersSource]>([
    ['a value', { 'X-Proxy-Token': 't', 'User-Agent': 'mine' }],
    ['a function', () => ({ 'X-Proxy-Token': 't', 'User-Agent': 'mine' })],
    ['an async function', async () => ({ 'X-Proxy-Token': 't', 'User-Agent': 'mine' })],
  ])('are added from %s', async (_, headers) => {
    expect(await send({ headers, userAgent: 'ours' })).toEqual({ type: 'delivered' });
    expect(posthog.requests[0]?.headers).toMatchObject({ 'x-proxy-token': 't', 'user-agent': 'mine' });
  });

  it('never replace those that describe the body, and say so once', async () => {
    const logger = createRecordingLogger();
    const headers = {
      'Content-Type': 'text/plain',
      'content-encoding': 'br',
      'Content-Length': '1',
      connection: 'close',
    };
    const transport = createUndiciTransport({ timeoutMs: 5000, logger, headers });
    const request = {
      url: `${posthog.url}/batch/`,
      body: buildRequestBody('phc_k', sampleEvents(1)),
      headers: { 'content-type': 'application/json' },
    };
    expect(await transport.send(request)).toEqual({ type: 'delivered' });
    expect(await transport.send(request)).toEqual({ type: 'delivered' });
    expect(posthog.requests[0]?.headers['content-type']).toBe('application/json');
    expect(logger.lines).toHaveLength(4);
  });

  it.each<[string, HeadersSource, Partial<TransportOutcome>]>([
    [
      'a function that throws',
      () => {
        throw new RangeError('token phc_secret expired');
      },
      { type: 'retry', reason: 'headers', message: 'the "headers" function failed (RangeError)' },
    ],
    [
      'a function that rejects',
      () => Promise.reject('phc_secret'),
      { type: 'retry', reason: 'headers', message: 'the "headers" function failed (string)' },
    ],
    [
      'a value that cannot be sent',
      { 'x-token': 'line\nbreak phc_secret' },
      { type: 'refused', reason: 'headers', message: 'the header "x-token" cannot be sent' },
    ],
    [
      'a name that cannot be sent',
      { 'x token': '1' },
      { type: 'refused', reason: 'headers', message: 'the header "x token" cannot be sent' },
    ],
    [
      'a value of the wrong type',
      () => JSON.parse('{"x-token":5}'),
      { type: 'refused', reason: 'headers', message: 'the header "x-token" cannot be sent' },
    ],
    ['nothing at all', () => JSON.parse('null'), { type: 'delivered' }],
  ])('with %s make an outcome without secrets', async (_, headers, expected) => {
    expect(await send({ headers })).toEqual(expected);
  });

  it('count into the time limit', async () => {
    const outcome = await send({ headers: () => new Promise(() => {}), timeoutMs: 50 });
    expect(outcome).toMatchObject({ type: 'retry', reason: 'timeout' });
    expect(posthog.requests).toEqual([]);
  });
});
