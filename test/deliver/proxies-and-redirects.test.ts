import { createServer, request as httpRequest } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { environmentProxyFor } from '../../src/deliver/environment-proxy.ts';
import { PostHogLLMSpanExporter } from '../../src/sdk/exporter/exporter.ts';
import { cli, KEY } from '../cli/run-cli.ts';
import { exportSpans } from '../support/export-spans.ts';
import { loopbackOfTest } from '../support/loopback-of-test.ts';
import { chatAttributes, createSpanMaker } from '../support/real-spans.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';

const NAMES = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY'];
let before: NodeJS.ProcessEnv;
beforeEach(() => {
  before = { ...process.env };
  for (const name of NAMES) delete process.env[name];
});
afterEach(() => {
  for (const name of NAMES) delete process.env[name];
  Object.assign(process.env, before);
});

const spans = createSpanMaker();

interface ProxyOptions {
  /** What it says in place of connecting. */
  readonly refuseWith?: number;
  /** What it wants to be told first, as `user:password`. */
  readonly credentials?: string;
}

/** A real proxy, for both ways of asking one; says which hosts it was asked for. */
async function startProxy({ refuseWith, credentials }: ProxyOptions = {}) {
  const asked: string[] = [];
  const server = createServer((incoming, outgoing) => {
    const { host, hostname, port, pathname, search } = new URL(incoming.url ?? '');
    asked.push(host);
    const options = { host: hostname, port, path: pathname + search, method: incoming.method };
    const forwarded = httpRequest({ ...options, headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(forwarded);
  });
  server.on('connect', (incoming, socket) => {
    asked.push(String(incoming.url));
    const wanted = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;
    const isKnown = wanted === undefined || incoming.headers['proxy-authorization'] === wanted;
    const status = isKnown ? refuseWith : 407;
    if (status !== undefined) return void socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`);
    const [host = '', port = ''] = String(incoming.url).split(':');
    const target = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      target.pipe(socket);
      socket.pipe(target);
    });
    target.on('error', () => socket.destroy());
    socket.on('error', () => target.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { host, asked };
}

async function exportOne(endpoint: string) {
  const logger = createRecordingLogger();
  const exporter = new PostHogLLMSpanExporter({ apiKey: KEY, endpoint, logger, maxRetries: 0 });
  const outcome = await exportSpans(exporter, [spans.make('chat', chatAttributes())]);
  const connection = await exporter.testConnection();
  await exporter.shutdown();
  return { outcome, connection, lines: logger.lines };
}

describe('a proxy of the environment', () => {
  it('is used by exporter, connection test and command line, which say so', async () => {
    const [posthog, proxy] = [await loopbackOfTest(), await startProxy()];
    process.env['HTTP_PROXY'] = `http://user:hunter2@${proxy.host}`;
    const { outcome, connection } = await exportOne(posthog.url);
    expect(outcome).toEqual({ code: 0 });
    expect(proxy.asked.length).toBeGreaterThanOrEqual(2);
    expect(new Set(proxy.asked)).toEqual(new Set([new URL(posthog.url).host]));
    expect(connection).toMatchObject({ status: 'ok', proxy: proxy.host });

    const { out, code } = await cli(['check', '--endpoint', posthog.url], { env: { POSTHOG_API_KEY: KEY } });
    expect(code).toBe(0);
    expect(out).toContain(`Proxy     ${proxy.host}`);
    expect(out).not.toContain('hunter2');
  });

  // Each row of the table in docs/proxies.md.
  it.each<[number, string, string]>([
    [407, 'forbidden', 'put them into its address'],
    [403, 'forbidden', 'the proxy does not connect to this host'],
    [404, 'forbidden', 'the proxy does not connect to this host'],
    [502, 'server-error', 'could not take the request now'],
  ])('that refuses to connect with %i is told as %s', async (refuseWith, reason, words) => {
    const proxy = await startProxy({ refuseWith });
    process.env['HTTPS_PROXY'] = `http://${proxy.host}`;
    const { outcome, connection, lines } = await exportOne('https://posthog.example');
    expect(outcome.error).toMatchObject({ droppedByReason: { [reason]: 1 } });
    expect(lines.join('\n')).toContain(`status ${refuseWith}`);
    expect(lines.join('\n')).toContain(words);
    expect(connection).toMatchObject({ status: 'host-unreachable', cause: 'proxy', proxy: proxy.host });
    expect(connection.message).toBe(`The proxy does not connect to posthog.example (HTTP ${refuseWith}).`);
  });

  it('is told the user and password of its address', async () => {
    const posthog = await loopbackOfTest();
    const proxy = await startProxy({ credentials: 'user:p:ss' });
    process.env['HTTP_PROXY'] = `http://user:p%3Ass@${proxy.host}`;
    expect(await exportOne(posthog.url)).toMatchObject({
      outcome: { code: 0 },
      connection: { status: 'ok' },
    });
    process.env['HTTP_PROXY'] = `http://user:wrong@${proxy.host}`;
    expect((await exportOne(posthog.url)).outcome.error).toMatchObject({ droppedByReason: { forbidden: 1 } });
  });

  it('that shows a page of its own is no PostHog', async () => {
    const page = await loopbackOfTest({
      respond: () => ({
        ...{ do: 'answer', status: 200, body: '<html>Accept the terms' },
        headers: { 'content-type': 'text/html' },
      }),
    });
    process.env['HTTP_PROXY'] = `http://${(await startProxy()).host}`;
    const { outcome, connection } = await exportOne(page.url);
    expect(outcome.error).toMatchObject({ droppedByReason: { 'route-missing': 1 } });
    expect(connection).toMatchObject({ status: 'key-not-verifiable', reason: 'not-posthog' });
  });

  it('that opens TLS with a certificate of its own needs NODE_EXTRA_CA_CERTS', async () => {
    const posthog = await loopbackOfTest({ tls: 'self-signed' });
    process.env['HTTPS_PROXY'] = `http://${(await startProxy()).host}`;
    const { outcome, connection, lines } = await exportOne(posthog.url);
    expect(outcome.error).toMatchObject({ droppedByReason: { tls: 1 } });
    expect(lines.join('\n')).toContain('NODE_EXTRA_CA_CERTS');
    expect(connection).toMatchObject({ status: 'host-unreachable', cause: 'tls' });
    expect(connection.fix).toContain('NODE_EXTRA_CA_CERTS');
  });

  it('is passed by where NO_PROXY says so', async () => {
    const [posthog, proxy] = [await loopbackOfTest(), await startProxy()];
    process.env['HTTP_PROXY'] = `http://${proxy.host}`;
    process.env['NO_PROXY'] = '.example.com,127.0.0.1';
    const { outcome, connection } = await exportOne(posthog.url);
    expect(outcome).toEqual({ code: 0 });
    expect(proxy.asked).toEqual([]);
    expect(connection).not.toHaveProperty('proxy');
  });

  it.each([
    ['http://a.example', { HTTP_PROXY: 'http://p:1' }, 'p:1'],
    ['https://a.example', { HTTP_PROXY: 'http://p:1' }, 'p:1'],
    ['https://a.example', { HTTP_PROXY: 'http://p:1', HTTPS_PROXY: 'http://u:pw@q:2' }, 'q:2'],
    ['https://a.example', { https_proxy: 'http://r:3', HTTPS_PROXY: 'http://q:2' }, 'r:3'],
    ['https://a.example', { HTTPS_PROXY: 'http://q:2', NO_PROXY: '*' }, undefined],
    ['https://a.example', { HTTPS_PROXY: 'http://q:2', NO_PROXY: 'b.example, a.example' }, undefined],
    ['https://x.a.example', { HTTPS_PROXY: 'http://q:2', NO_PROXY: '*.a.example' }, undefined],
    ['https://a.example:8443', { HTTPS_PROXY: 'http://q:2', no_proxy: 'a.example:443' }, 'q:2'],
    ['https://a.example', { HTTPS_PROXY: 'http://q:2', no_proxy: 'a.example:443' }, undefined],
    ['https://a.example', { HTTPS_PROXY: 'not a url' }, 'a proxy whose address cannot be read'],
    ['https://a.example', {}, undefined],
  ])('for %s with %o is %s', (url, env, proxy) => {
    expect(environmentProxyFor(url, env as NodeJS.ProcessEnv)).toBe(proxy);
  });
});

describe('a redirect', () => {
  it.each([307, 308])(
    'of %i that only takes the slash at the end is followed, and remembered',
    async (status) => {
      const posthog = await loopbackOfTest({
        respond: ({ path }) => {
          const { pathname, search } = new URL(path, 'http://x');
          if (!pathname.endsWith('/')) return { do: 'answer', status: 200, body: '{"status":"Ok"}' };
          const location = `${pathname.slice(0, -1)}${search}`;
          return { do: 'answer', status, headers: { location } };
        },
      });
      const exporter = new PostHogLLMSpanExporter({ apiKey: KEY, endpoint: `${posthog.url}/ingest` });
      for (let round = 0; round < 2; round += 1) {
        expect(await exportSpans(exporter, [spans.make('chat', chatAttributes())])).toEqual({ code: 0 });
      }
      await exporter.shutdown();
      expect(posthog.requests.map(({ path, method }) => `${method} ${path}`)).toEqual([
        'POST /ingest/i/v0/ai/batch/',
        'POST /ingest/i/v0/ai/batch',
        'POST /ingest/i/v0/ai/batch',
      ]);
      expect(posthog.requests[1]?.events).toHaveLength(1);
    },
  );

  it.each([
    [301, 'https://other.example/x?token=secret', 'https://other.example'],
    [307, 'https://other.example/i/v0/ai/batch/', 'https://other.example'],
    [308, '/login?next=secret', '/login'],
    [302, '/key_of_the_proxy/i/v0/login', '/…/i/v0/login'],
    [301, `/${'x'.repeat(9_000)}`, `/${'x'.repeat(99)}…`],
  ])('of %i to %s is named, not followed', async (status, location, named) => {
    const posthog = await loopbackOfTest({
      respond: () => ({ do: 'answer', status, headers: { location } }),
    });
    const { outcome, connection, lines } = await exportOne(`${posthog.url}/key_of_the_proxy`);
    expect(outcome.code).toBe(1);
    expect(lines.join('\n')).toContain(`the URL redirects to ${named}, which is not followed`);
    expect(connection).toMatchObject({ status: 'key-not-verifiable', reason: 'redirect' });
    expect(connection.message).toContain(`(to ${named})`);
    expect(`${lines.join()}${connection.message}`).not.toContain('secret');
    expect(`${lines.join()}${connection.message}`).not.toContain('key_of_the_proxy');
  });

  it.each([
    [
      'adds and takes the slash in turn',
      (path: string) => (/\/$/.test(path) ? path.slice(0, -1) : `${path}/`),
    ],
    ['leads to itself', (path: string) => path],
    ['adds a slash each time', (path: string) => `${path}/`],
    ['is no address of the web', () => 'javascript:alert(1)'],
    ['is no URL', () => 'http://['],
  ])('that %s ends after a few requests', async (_, locationOf) => {
    const posthog = await loopbackOfTest({
      respond: ({ path }) => ({ do: 'answer', status: 308, headers: { location: locationOf(path) } }),
    });
    const { outcome, lines } = await exportOne(posthog.url);
    expect(outcome.error).toMatchObject({ droppedByReason: { 'route-missing': 1 } });
    expect(posthog.requests.length).toBeLessThanOrEqual(6);
    expect(lines.join()).not.toMatch(/redirects to (?:null|javascript)/);
  });
});
