import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import type { PostHogLLMSpanExporterOptions } from '../../src/config/options.ts';
import { PostHogLLMSpanExporter } from '../../src/sdk/exporter/exporter.ts';
import { cli, KEY } from '../cli/run-cli.ts';
import { destination, gatewayOfTest } from '../gateway/gateway-of-test.ts';
import { exportSpans } from '../support/export-spans.ts';
import { loopbackOfTest } from '../support/loopback-of-test.ts';
import type { Scripted } from '../support/loopback-posthog.ts';
import { otlpCall, otlpRequest } from '../support/otlp-call.ts';
import { chatAttributes, createSpanMaker } from '../support/real-spans.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';

/** Unlike any word, port, id or hash in what is printed. */
const secretText = fc
  .array(fc.constantFrom(...'GHJKLMNPQRSTVWXZghjkmnpqrstvwxz'), { minLength: 14, maxLength: 24 })
  .map((letters) => `hunter_${letters.join('')}`);

const span = createSpanMaker().make('chat', chatAttributes());

function expectNothingOf(secret: string, surface: string, said: unknown): void {
  const text = typeof said === 'string' ? said : `${JSON.stringify(said)} ${inspect(said, { depth: 9 })}`;
  // A beginning of it would be too much as well.
  expect(text.includes(secret.slice(0, 14)), `${surface}: ${text.slice(0, 2_000)}`).toBe(false);
}

/** What a server below the secret path answers, with where else the secret stands in it. */
const ANSWERS: Readonly<Record<string, (path: string) => Scripted | undefined>> = {
  accepted: () => ({ do: 'answer', status: 200, body: '{"status":"Ok","flags":{}}' }),
  'unknown key': (path) => ({ do: 'answer', status: 401, body: `no key at ${path}` }),
  forbidden: (path) => ({ do: 'answer', status: 403, body: `not at ${path}` }),
  'no such route': (path) => ({ do: 'answer', status: 404, body: `no ${path}` }),
  'a web page': (path) => ({
    do: 'answer',
    status: 200,
    body: `<html>${path}`,
    headers: { 'content-type': 'text/html' },
  }),
  redirect: (path) => ({
    do: 'answer',
    status: 302,
    headers: { location: `${path.split('/i/')[0]}/login?next=${path}` },
  }),
  'too many': (path) => ({ do: 'answer', status: 429, body: path }),
  trouble: (path) => ({ do: 'answer', status: 500, body: `error at ${path}` }),
};

async function saidByExporter(options: PostHogLLMSpanExporterOptions): Promise<Record<string, unknown>> {
  const logger = createRecordingLogger();
  const exporter = new PostHogLLMSpanExporter({
    apiKey: KEY,
    maxRetries: 0,
    debug: true,
    ...options,
    logger,
  });
  const result = await exportSpans(exporter, [span]);
  const connection = await exporter.testConnection();
  await exporter.shutdown();
  const { message, stack, cause } = result.error ?? {};
  return {
    result: [message, stack, cause, inspect(result)],
    connection,
    stats: exporter.stats(),
    exporter: inspect(exporter, { depth: 9, showHidden: true }),
    lines: logger.lines,
  };
}

it('a secret in the path of the endpoint is said by nothing, whatever the server answers', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'posthog-llm-url-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  await fc.assert(
    fc.asyncProperty(secretText, fc.constantFrom(...Object.keys(ANSWERS)), async (secret, name) => {
      const answer = ANSWERS[name];
      const posthog = await loopbackOfTest({ respond: ({ path }) => answer?.(path) });
      const endpoint = `${posthog.url}/${secret}/ingest`;
      expectNothingOf(secret, `exporter, ${name}`, await saidByExporter({ endpoint }));

      const flags = ['--api-key', KEY, '--endpoint', endpoint];
      const file = join(directory, `${secret}.yaml`.replace(secret, String(Date.now())));
      for (const argv of [
        ['check', ...flags],
        ['check', '--json', ...flags],
        ['check', '--api-key', 'phx_0123456789abcdef', '--endpoint', endpoint],
        ['send-test', ...flags],
        ['configure', ...flags, '--file', file],
        ['destinations', 'add', 'spend', ...flags, '--file', file],
        ['destinations', 'list', '--file', file],
        ['destinations', 'list', '--json', '--file', file],
      ])
        expectNothingOf(secret, `${argv.join(' ').replaceAll(secret, '…')}, ${name}`, await cli(argv));
      const { out, err } = await cli(['configure', '--file', file], {
        env: { POSTHOG_HOST: endpoint },
        answers: [KEY, '', 'n'],
      });
      expectNothingOf(secret, `configure with answers, ${name}`, out + err);

      const logger = createRecordingLogger();
      const gateway = await gatewayOfTest([
        destination({ options: { endpoint, logger, maxRetries: 0, deadlineMs: 300 } }),
      ]);
      const answered = await gateway.post('/v1/traces', JSON.stringify(otlpRequest([otlpCall({})])));
      expectNothingOf(secret, `gateway, ${name}`, await answered.text());
      for (const path of ['/healthz', '/readyz', '/metrics', '/api/destinations', '/api/calls', '/'])
        expectNothingOf(secret, `gateway ${path}, ${name}`, await (await gateway.admin(path)).text());
      await gateway.gateway.stop();
      expectNothingOf(secret, `gateway's lines, ${name}`, logger.lines);
    }),
    // Each answer comes up.
    {
      numRuns: 10,
      examples: Object.keys(ANSWERS).map((name): [string, string] => ['hunter_hunter2hunter2', name]),
    },
  );
});

/** Endpoints and addresses that are refused, or that must not be quoted. */
const PLACES: Readonly<Record<string, (secret: string) => PostHogLLMSpanExporterOptions>> = {
  'user name': (secret) => ({ endpoint: `https://${secret}@example.com` }),
  password: (secret) => ({ endpoint: `https://name:${secret}@example.com/x` }),
  query: (secret) => ({ endpoint: `https://example.com/?key=${secret}` }),
  fragment: (secret) => ({ endpoint: `https://example.com/#${secret}` }),
  'path behind a route': (secret) => ({ endpoint: `https://example.com/i/v0/${secret}` }),
  'no URL': (secret) => ({ endpoint: `example.com/${secret}` }),
  'a broken URL': (secret) => ({ endpoint: `https://exa mple.com/${secret}` }),
  'host that is not there': (secret) => ({ endpoint: `http://127.0.0.1:1/${secret}` }),
  'user name of uiHost': (secret) => ({
    endpoint: 'http://127.0.0.1:1',
    uiHost: `https://${secret}@x.example`,
  }),
  'query of uiHost': (secret) => ({
    endpoint: 'http://127.0.0.1:1',
    uiHost: `https://x.example/?key=${secret}`,
  }),
  'a header': (secret) => ({
    endpoint: 'http://127.0.0.1:1',
    headers: { authorization: `Bearer ${secret}` },
  }),
  'a header that cannot be sent': (secret) => ({
    endpoint: 'http://127.0.0.1:1',
    headers: { authorization: `${secret}\n` },
  }),
  'headers that cannot be made': (secret) => ({
    endpoint: 'http://127.0.0.1:1',
    headers: () => {
      throw new Error(`no token for ${secret}`);
    },
  }),
  'the key': (secret) => ({ endpoint: 'http://127.0.0.1:1', apiKey: `phc_${secret.slice(7)}${secret}` }),
  'a key that is none': (secret) => ({ endpoint: 'http://127.0.0.1:1', apiKey: `phx_${secret}` }),
};

it.each(Object.keys(PLACES))('a secret in its place is said by nothing: %s', async (place) => {
  await fc.assert(
    fc.asyncProperty(secretText, async (secret) => {
      const options = PLACES[place]?.(secret) ?? {};
      const said = await saidByExporter(options).catch((error: unknown) => [
        inspect(error, { depth: 9, showHidden: true }),
        JSON.stringify(error),
        String(error),
      ]);
      expectNothingOf(secret, place, said);
      const { endpoint = 'us', apiKey = KEY } = options;
      for (const argv of [
        ['check'],
        ['check', '--json'],
        ['send-test'],
        ['configure', '--file', '/nowhere/x'],
      ]) {
        const flags = ['--endpoint', endpoint, '--api-key', String(apiKey)];
        if (endpoint !== 'us') expectNothingOf(secret, argv.join(' '), await cli([...argv, ...flags]));
        const env = { POSTHOG_API_KEY: String(apiKey), POSTHOG_HOST: endpoint };
        expectNothingOf(secret, argv.join(' '), await cli(argv, { env }));
      }
    }),
    { numRuns: 3 },
  );
});
