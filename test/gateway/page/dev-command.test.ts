import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { runDev } from '../../../src/cli/commands/run-dev.ts';
import { type CliIo, createOutput } from '../../../src/cli/io.ts';
import { type BuiltPackage, buildPackage } from '../../cli/built-package.ts';
import { loopbackOfTest } from '../../support/loopback-of-test.ts';
import { startDevProcess } from './dev-process.ts';

let built: BuiltPackage;
beforeAll(async () => {
  built = await buildPackage();
});
afterAll(() => built.remove());

const start = async (script: string, env: NodeJS.ProcessEnv = {}) => {
  const dev = await startDevProcess(built.folder, [process.execPath, '-e', script], env);
  onTestFinished(() => void dev.process.kill('SIGKILL'));
  return dev;
};

it('gives the command what makes it send here, and ends with its code', async () => {
  const names = ['ENDPOINT', 'PROTOCOL'].map((name) => `process.env.OTEL_EXPORTER_OTLP_${name}`);
  const dev = await start(`console.log(${names.join(" + ' ' + ")}); process.exitCode = 7`);
  expect(await dev.ended).toBe(7);
  expect((await dev.output).trim()).toBe(`${dev.otlpUrl} http/protobuf`);
});

it('sends nowhere what the command sends here, whatever its environment says', async () => {
  const posthog = await loopbackOfTest();
  const span = {
    traceId: '1'.repeat(32),
    spanId: '2'.repeat(16),
    name: 'chat',
    startTimeUnixNano: '1790000000000000000',
    endTimeUnixNano: '1790000001000000000',
    attributes: [{ key: 'gen_ai.operation.name', value: { stringValue: 'chat' } }],
  };
  const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
  const script = `fetch(process.env.OTEL_EXPORTER_OTLP_ENDPOINT + '/v1/traces', {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: ${JSON.stringify(body)},
  }).then(({ status }) => console.log(status))`;
  const dev = await start(script, {
    POSTHOG_API_KEY: 'phc_0123456789abcdef0123456789abcdef',
    POSTHOG_HOST: posthog.url,
  });
  expect(await dev.ended).toBe(0);
  expect((await dev.output).trim()).toBe('200');
  expect(posthog.requests).toEqual([]);
});

/** Runs until it gets a signal, so that the page can be asked meanwhile. */
const CALL = `const { trace } = require('@opentelemetry/api');
  const attributes = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'model-of-the-app' };
  trace.getTracer('app').startSpan('chat', { attributes }).end();
  setInterval(() => {}, 1000);`;
const EXPORTER = `const { PostHogLLMSpanProcessor } = require('posthog-llm-exporter');
  const { BasicTracerProvider } = require('@opentelemetry/sdk-trace-base');
  require('@opentelemetry/api').trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new PostHogLLMSpanProcessor()] }));`;

it.each([
  ['register', ['--import', 'posthog-llm-exporter/register', '-e', CALL]],
  ['the exporter in code', ['-e', `${EXPORTER}${CALL}`]],
])('shows what %s would send, and sends nothing to PostHog', async (_way, args) => {
  const posthog = await loopbackOfTest();
  const dev = await startDevProcess(built.folder, [process.execPath, ...args], {
    POSTHOG_API_KEY: 'phc_0123456789abcdef0123456789abcdef',
    POSTHOG_HOST: posthog.url,
  });
  onTestFinished(() => void dev.process.kill('SIGKILL'));
  const calls = async () => (await fetch(`${dev.pageUrl}/api/calls`)).json();
  await expect
    .poll(calls)
    .toEqual([
      expect.objectContaining({ event: '$ai_generation', model: 'model-of-the-app', fate: 'not sent' }),
    ]);
  dev.process.kill('SIGTERM');
  await dev.ended;
  expect(posthog.requests).toEqual([]);
});

it.skipIf(process.platform === 'win32')('passes SIGTERM on, and waits for the command', async () => {
  const dev = await start(`process.on('SIGTERM', () => { console.log('told'); process.exit(3) });
    console.log('ready'); setInterval(() => {}, 1000)`);
  await new Promise((resolve) => dev.process.stdout?.once('data', resolve));
  dev.process.kill('SIGTERM');
  expect(await dev.ended).toBe(3);
  expect(await dev.output).toContain('told');
});

it.skipIf(process.platform === 'win32')('ends as a shell does when a signal ends the command', async () => {
  const dev = await start(`process.kill(process.pid, 'SIGKILL')`);
  expect(await dev.ended).toBe(128 + 9);
});

it('says that a command cannot be run', async () => {
  const dev = await startDevProcess(built.folder, ['no-such-command-anywhere']);
  expect(await dev.ended).toBe(1);
});

it('keeps the page on a terminal when the command has ended, until it gets a signal', async () => {
  const { io, said } = terminal();
  const code = runDev(
    [process.execPath, '-e', 'process.exitCode = 5'],
    { port: 0, adminPort: 0 },
    io,
    createOutput(io),
  );
  await expect.poll(said).toContain('The command ended with 5. The page stays');
  const [, url = ''] = /Page:\s+(\S+)/.exec(said()) ?? [];
  expect((await fetch(`${url}/api/about`)).status).toBe(200);
  process.emit('SIGTERM');
  expect(await code).toBe(5);
});

function terminal(): { readonly io: CliIo; said(): string } {
  const stderr = new PassThrough();
  let text = '';
  stderr.on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8');
  });
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  return { io: { stdin, stdout: new PassThrough(), stderr, env: process.env }, said: () => text };
}
