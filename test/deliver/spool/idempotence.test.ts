import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { destinationOf } from '../../../src/deliver/spool/spool-name.ts';
import { PostHogLLMSpanExporter } from '../../../src/sdk/exporter/exporter.ts';
import { type BuiltPackage, buildPackage } from '../../cli/built-package.ts';
import { exportSpans } from '../../support/export-spans.ts';
import {
  type LoopbackOptions,
  type LoopbackPostHog,
  startLoopbackPostHog,
} from '../../support/loopback-posthog.ts';
import { chatAttributes, createSpanMaker } from '../../support/real-spans.ts';
import { filesIn, freshDirectory, startSpool } from '../../support/spool.ts';
import { sampleEvents } from '../sample-events.ts';

const KEY = 'phc_idempotence';

let built: BuiltPackage;
beforeAll(async () => {
  built = await buildPackage();
});
afterAll(() => built.remove());

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function server(options: LoopbackOptions = {}): Promise<LoopbackPostHog> {
  const posthog = await startLoopbackPostHog(options);
  closers.push(() => posthog.close());
  return posthog;
}

function exporterTo(endpoint: string, more: object = {}): PostHogLLMSpanExporter {
  const exporter = new PostHogLLMSpanExporter({ apiKey: KEY, endpoint, maxRetries: 0, ...more });
  closers.push(() => exporter.shutdown());
  return exporter;
}

const maker = createSpanMaker();
/** An agent with a tool, a call that failed, an embedding: every kind of event. */
const spans = [
  maker.make('chat', { ...chatAttributes(), 'user.id': 'user-1', 'trace.feature': 'x' }),
  maker.make('chat', { ...chatAttributes('anonymous') }, (span) => span.recordException(new Error('no'))),
  maker.make('embeddings', { 'gen_ai.operation.name': 'embeddings', 'gen_ai.request.model': 'e' }),
  maker.make('execute_tool', { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 't' }),
  maker.make('invoke_agent', { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'a' }),
];

/** What the events of a first, undisturbed delivery look like. */
async function plainly(): Promise<string[]> {
  const posthog = await server();
  await exportSpans(exporterTo(posthog.url), spans);
  return texts(posthog.events);
}

const texts = (events: readonly Record<string, unknown>[]) => events.map((event) => JSON.stringify(event));

describe('the same span gives byte-identical events', () => {
  it('when it is exported twice, and by two exporters', async () => {
    const posthog = await server();
    const exporter = exporterTo(posthog.url);
    await exportSpans(exporter, spans);
    await exportSpans(exporter, spans);
    const expected = await plainly();
    expect(expected).toHaveLength(spans.length);
    expect(texts(posthog.events)).toEqual([...expected, ...expected]);
  });

  it('when the answer was lost and it is sent again', async () => {
    const posthog = await server();
    posthog.script({ do: 'reset', when: 'mid-answer' }, { do: 'answer', status: 502 });
    await exportSpans(exporterTo(posthog.url, { maxRetries: 2 }), spans);
    const expected = await plainly();
    expect(posthog.requests.map(({ events }) => texts(events))).toEqual([expected, expected, expected]);
    const [first, second, third] = posthog.requests.map(({ wire }) => wire.toString('base64'));
    expect([second, third]).toEqual([first, first]);
  });

  it.each(['on-failure', 'always'] as const)('when another process replays it, spooled %s', async (mode) => {
    const directory = freshDirectory();
    const exporter = exporterTo('http://127.0.0.1:1', { spool: { directory, mode } });
    await exportSpans(exporter, spans);
    await exporter.shutdown();
    const posthog = await server();
    const stdout = await replay(directory, posthog);
    expect(stdout).toBe('Sent 5 of 5 events.\n');
    expect(texts(posthog.events)).toEqual(await plainly());
    expect(filesIn(directory)).toEqual([]);
  });
});

it('several processes on one directory send every event once', async () => {
  const directory = freshDirectory();
  const { spool } = startSpool({ directory, destination: destinationOf(KEY) });
  for (let index = 0; index < 60; index++) await spool.write(sampleEvents(20, { bytes: 2_000 }));
  const posthog = await server();
  const runs = await Promise.all(Array.from({ length: 3 }, () => replay(directory, posthog)));
  expect(runs.join('')).toMatch(/Sent [\d,]+ of/);
  expect(posthog.events).toHaveLength(1_200);
  expect(new Set(posthog.events.map(({ uuid }) => uuid)).size).toBe(1_200);
  expect(filesIn(directory)).toEqual([]);
});

async function replay(directory: string, posthog: LoopbackPostHog): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(built.folder, 'dist/cli/main.js'), 'replay', directory, '--endpoint', posthog.url],
    { env: { PATH: process.env['PATH'], HOME: directory, POSTHOG_API_KEY: KEY }, timeout: 60_000 },
  );
  return stdout;
}
