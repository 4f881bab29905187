import { type ChildProcess, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltPackage, buildPackage } from '../cli/built-package.ts';
import { loopbackOfTest } from '../support/loopback-of-test.ts';
import type { LoopbackPostHog } from '../support/loopback-posthog.ts';
import { eventsIn, freshDirectory } from '../support/spool.ts';
import { until } from '../support/until.ts';

let built: BuiltPackage;
beforeAll(async () => {
  built = await buildPackage();
  await writeFile(join(built.folder, 'app.mjs'), APP);
});
afterAll(() => built.remove());

/** An application with our processor, or with our exporter behind one of the SDK's. */
const APP = `
import { BasicTracerProvider, BatchSpanProcessor, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { PostHogLLMSpanExporter, PostHogLLMSpanProcessor } from './dist/index.js';

const { processor: kind, options, spans, next } = JSON.parse(process.argv[2]);
const quiet = { error() {}, warn() {}, info() {}, debug() {} };
const all = { apiKey: 'phc_key_of_the_processor', logger: quiet, ...options };
const exporter = kind === 'own' ? undefined : new PostHogLLMSpanExporter(all);
const processor = kind === 'own' ? new PostHogLLMSpanProcessor(all)
  : kind === 'batch' ? new BatchSpanProcessor(exporter) : new SimpleSpanProcessor(exporter);
const provider = new BasicTracerProvider({ spanProcessors: [processor] });
const tracer = provider.getTracer('app');
for (let index = 0; index < spans; index++) {
  tracer.startSpan('chat', { attributes: {
    'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm', 'user.id': 'user-' + index,
  } }).end();
}
const stats = () => JSON.stringify((exporter ?? processor.exporter).stats());
process.on('message', () => {});
process.channel?.unref();
if (next === 'SIGTERM') {
  setInterval(() => {}, 1_000);
  process.once('SIGTERM', async () => {
    const startedMs = performance.now();
    await provider.shutdown();
    process.send({ tookMs: performance.now() - startedMs, stats: stats() }, () => process.exit(0));
  });
}
if (next === 'flush') { await processor.forceFlush(); process.send({ stats: stats() }); }
if (next === 'stop') { void processor.forceFlush(); setImmediate(() => process.kill(process.pid, 'SIGSTOP')); }
if (next === 'shutdown') { void provider.shutdown().then(() => process.send({ stats: stats() })); }
process.send({ ready: true });
`;

interface Settings {
  readonly processor: 'own' | 'batch' | 'simple';
  readonly options: object;
  readonly spans: number;
  readonly next: 'SIGTERM' | 'flush' | 'stop' | 'shutdown' | 'nothing';
}

interface App {
  readonly process: ChildProcess;
  readonly messages: Readonly<Record<string, unknown>>[];
  /** Resolves to the exit code. */
  readonly ended: Promise<number | null>;
}

function start(settings: Settings): App {
  const child = spawn(process.execPath, [join(built.folder, 'app.mjs'), JSON.stringify(settings)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const messages: Record<string, unknown>[] = [];
  child.on('message', (message) => messages.push(message as Record<string, unknown>));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { process: child, messages, ended };
}

const usersOf = (posthog: LoopbackPostHog) => new Set(posthog.events.map((event) => event['distinct_id']));

describe.each(['own', 'batch'] as const)(
  'a process with the %s processor that gets SIGTERM in an outage',
  (processor) => {
    it.each(['on-failure', 'always'])(
      'ends within its time with everything in the spool (%s)',
      async (mode) => {
        const posthog = await loopbackOfTest({ respond: () => ({ do: 'stall' }) });
        const directory = freshDirectory();
        const options = {
          endpoint: posthog.url,
          shutdownTimeoutMs: 15_000,
          deadlineMs: 4_000,
          spool: { directory, mode },
          ...(processor === 'own' ? { maxExportBatchSize: 50 } : {}),
        };
        const app = start({ processor, options, spans: 1_000, next: 'SIGTERM' });
        await until(() => app.messages.length > 0);
        app.process.kill('SIGTERM');
        expect(await app.ended).toBe(0);
        const { stats, tookMs } = app.messages[1] ?? {};
        // A generous bound: what it must not be is the time of many requests one after the other.
        expect(tookMs).toBeLessThan(40_000);
        expect(JSON.parse(String(stats))).toMatchObject({ dropped: 0, inFlight: 0 });
        expect(eventsIn(directory)).toBe(1_000);
      },
    );
  },
);

it('a process with much in its queue and no spool ends within its time, and counts what it lost', async () => {
  const posthog = await loopbackOfTest({ respond: () => ({ do: 'stall' }) });
  const options = {
    endpoint: posthog.url,
    shutdownTimeoutMs: 2_000,
    timeoutMs: 200_000,
    deadlineMs: 200_000,
  };
  const app = start({ processor: 'own', options, spans: 9_000, next: 'SIGTERM' });
  await until(() => app.messages.length > 0);
  app.process.kill('SIGTERM');
  expect(await app.ended).toBe(0);
  expect(app.messages[1]?.['tookMs']).toBeLessThan(60_000);
  expect(JSON.parse(String(app.messages[1]?.['stats']))).toMatchObject({
    seen: 9_000,
    dropped: 9_000,
    inFlight: 0,
  });
});

it.each(['own', 'simple'] as const)(
  'a process that awaits a flush with the %s processor lives until what failed at first is delivered',
  async (processor) => {
    const posthog = await loopbackOfTest();
    posthog.script({ do: 'answer', status: 503 });
    const app = start({ processor, options: { endpoint: posthog.url }, spans: 2, next: 'flush' });
    expect(await app.ended).toBe(0);
    expect(usersOf(posthog).size).toBe(2);
  },
);

it('a process that has nothing else to do lives until its exports are through', async () => {
  const posthog = await loopbackOfTest();
  posthog.script({ do: 'answer', status: 503 });
  const app = start({ processor: 'simple', options: { endpoint: posthog.url }, spans: 2, next: 'nothing' });
  expect(await app.ended).toBe(0);
  expect(usersOf(posthog).size).toBe(2);
});

it('a process that is stopped for longer than its deadline delivers when it goes on', async () => {
  // Much more than delivering takes on a busy machine: only the time of the stop can use it up.
  const deadlineMs = 10_000;
  const stoppedAndContinued = async (processor: 'own' | 'simple') => {
    const posthog = await loopbackOfTest();
    const common = { endpoint: posthog.url, deadlineMs, timeoutMs: deadlineMs / 2 };
    const options = processor === 'own' ? { ...common, scheduledDelayMs: 0 } : common;
    const app = start({ processor, options, spans: 20, next: 'stop' });
    await until(() => app.messages.length > 0);
    await new Promise((resolve) => setTimeout(resolve, deadlineMs + 1_500));
    app.process.kill('SIGCONT');
    expect(await app.ended, processor).toBe(0);
    expect(usersOf(posthog).size, processor).toBe(20);
  };
  await Promise.all([stoppedAndContinued('own'), stoppedAndContinued('simple')]);
});

it('a connection that is never made does not hold up the process after a shutdown', async () => {
  // TLS that is never answered.
  const silent = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
  await new Promise((resolve) => silent.once('listening', resolve));
  const { port } = silent.address() as { port: number };
  const options = { endpoint: `https://127.0.0.1:${port}`, shutdownTimeoutMs: 500, timeoutMs: 200_000 };
  const app = start({ processor: 'own', options, spans: 1, next: 'shutdown' });
  await until(() => app.messages.some(({ stats }) => stats !== undefined));
  const startedMs = performance.now();
  expect(await app.ended).toBe(0);
  expect(performance.now() - startedMs).toBeLessThan(60_000);
  silent.close();
});
