import { type ChildProcess, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type BuiltPackage, buildPackage } from '../cli/built-package.ts';
import { loopbackOfTest } from '../support/loopback-of-test.ts';
import type { LoopbackPostHog, Scripted } from '../support/loopback-posthog.ts';
import { eventsIn, filesIn, freshDirectory } from '../support/spool.ts';
import { until } from '../support/until.ts';

let built: BuiltPackage;
beforeAll(async () => {
  built = await buildPackage();
  await writeFile(join(built.folder, 'app.mjs'), APP);
}, 60_000);
afterAll(() => built.remove());

const SPANS = 40;

/** An application that knows of OpenTelemetry's API only, and handles no signal itself. */
const APP = `
import { trace } from '@opentelemetry/api';
const tracer = trace.getTracer('app');
for (let index = 0; index < ${SPANS}; index++) {
  tracer.startSpan('chat', { attributes: {
    'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm', 'user.id': 'user-' + index,
  } }).end();
}
setInterval(() => {}, 1_000);
process.send('ready');
process.channel.unref();
`;

interface App {
  readonly process: ChildProcess;
  readonly ready: Promise<unknown>;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

function start(endpoint: string, env: Readonly<Record<string, string>>): App {
  const register = pathToFileURL(join(built.folder, 'dist/register.js')).href;
  const child = spawn(process.execPath, ['--import', register, join(built.folder, 'app.mjs')], {
    cwd: built.folder,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: {
      PATH: process.env['PATH'] ?? '',
      POSTHOG_API_KEY: 'phc_key_of_register',
      POSTHOG_HOST: endpoint,
      POSTHOG_LLM_INSTRUMENTATIONS: '',
      ...env,
    },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ready = new Promise((resolve) => child.once('message', resolve));
  const ended = new Promise<Awaited<App['ended']>>((resolve) =>
    child.once('exit', (code, signal) => resolve({ code, signal })),
  );
  return { process: child, ready, ended };
}

const usersOf = (posthog: LoopbackPostHog) => new Set(posthog.events.map((event) => event['distinct_id']));

describe('a process with register that gets SIGTERM', () => {
  it('delivers everything while PostHog is up, and ends by the signal', async () => {
    const posthog = await loopbackOfTest();
    const app = start(posthog.url, {});
    await app.ready;
    app.process.kill('SIGTERM');
    expect((await app.ended).signal).toBe('SIGTERM');
    expect(usersOf(posthog).size).toBe(SPANS);
  }, 60_000);

  it.each<[string, Scripted]>([
    ['never answers', { do: 'stall' }],
    ['answers 503', { do: 'answer', status: 503 }],
    ['resets connections', { do: 'reset', when: 'before-answer' }],
  ])(
    'has everything in the spool when PostHog %s, and ends within its time',
    async (_, scripted) => {
      const posthog = await loopbackOfTest({ respond: () => scripted });
      const directory = freshDirectory();
      const app = start(posthog.url, { POSTHOG_LLM_SPOOL_DIRECTORY: directory });
      await app.ready;
      const startMs = performance.now();
      app.process.kill('SIGTERM');
      expect((await app.ended).signal).toBe('SIGTERM');
      // It has 5 s; a machine that is busy adds to them. What it must not be is the time of requests and retries.
      expect(performance.now() - startMs).toBeLessThan(20_000);
      expect(eventsIn(directory)).toBe(SPANS);
    },
    60_000,
  );

  it('ends within its time also when nothing can be kept', async () => {
    const posthog = await loopbackOfTest({ respond: () => ({ do: 'stall' }) });
    const app = start(posthog.url, {});
    await app.ready;
    const startMs = performance.now();
    app.process.kill('SIGTERM');
    expect((await app.ended).signal).toBe('SIGTERM');
    expect(performance.now() - startMs).toBeLessThan(20_000);
  }, 60_000);
});

it('what a process with register had spooled before SIGKILL is sent by the next one', async () => {
  let isDown = true;
  const posthog = await loopbackOfTest({
    respond: () => (isDown ? { do: 'answer', status: 503 } : undefined),
  });
  const directory = freshDirectory();
  const first = start(posthog.url, { POSTHOG_LLM_SPOOL_DIRECTORY: directory });
  await first.ready;
  await until(() => eventsIn(directory) === SPANS, 60_000);
  first.process.kill('SIGKILL');
  await first.ended;
  isDown = false;
  const second = start(posthog.url, { POSTHOG_LLM_SPOOL_DIRECTORY: directory });
  await until(() => posthog.events.length >= 2 * SPANS && filesIn(directory).length === 0, 60_000);
  second.process.kill('SIGTERM');
  await second.ended;
  expect(new Set(posthog.events.map(({ uuid }) => uuid)).size).toBe(2 * SPANS);
});

it('a process with register that is stopped for seconds delivers when it goes on', async () => {
  const posthog = await loopbackOfTest();
  const app = start(posthog.url, {});
  await app.ready;
  app.process.kill('SIGSTOP');
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  app.process.kill('SIGCONT');
  app.process.kill('SIGTERM');
  await app.ended;
  expect(usersOf(posthog).size).toBe(SPANS);
}, 60_000);
