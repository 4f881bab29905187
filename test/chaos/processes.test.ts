import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/deliver/clock.ts';
import { destinationOf } from '../../src/deliver/spool/spool-name.ts';
import { PostHogLLMSpanExporter } from '../../src/sdk/exporter/exporter.ts';
import { type BuiltPackage, buildPackage } from '../cli/built-package.ts';
import { sampleEvents } from '../deliver/sample-events.ts';
import { type LoopbackPostHog, type Scripted, startLoopbackPostHog } from '../support/loopback-posthog.ts';
import { CHAOS_FACTOR, chaosSeed, seededRandom } from '../support/seeded-random.ts';
import { filesIn, freshDirectory, startSpool } from '../support/spool.ts';
import { until } from '../support/until.ts';

const KILLS = 5 * CHAOS_FACTOR;

let built: BuiltPackage;
beforeAll(async () => {
  built = await buildPackage();
  await writeFile(join(built.folder, 'load.mjs'), LOAD);
  await writeFile(join(built.folder, 'function.mjs'), FUNCTION);
});
afterAll(() => built.remove());

/** Exports small batches as fast as it can, and says which calls it has handed over as soon as `export` returned. */
const LOAD = `
import { writeSync } from 'node:fs';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { PostHogLLMSpanExporter } from './dist/index.js';

const { endpoint, directory, firstNumber } = JSON.parse(process.argv[2]);
const memory = new InMemorySpanExporter();
const tracer = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(memory)] }).getTracer('load');
const exporter = new PostHogLLMSpanExporter({
  apiKey: 'phc_key_of_the_load', endpoint, maxRetries: 1, timeoutMs: 1_000, spool: { directory, mode: 'always' },
});
const text = (role, content) => JSON.stringify([{ role, parts: [{ type: 'text', content }] }]);

let number = firstNumber;
function exportSome() {
  const numbers = Array.from({ length: 1 + (number % 5) }, () => number++);
  for (const each of numbers) {
    tracer.startSpan('chat', { attributes: {
      'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm', 'user.id': 'user-' + each,
      'gen_ai.input.messages': text('user', 'call ' + each + ' ' + 'x'.repeat(each % 700)),
    } }).end();
  }
  const spans = [...memory.getFinishedSpans()];
  memory.reset();
  exporter.export(spans, () => {});
  writeSync(1, numbers.join('\\n') + '\\n');
  setTimeout(exportSome, 1);
}
exportSome();
`;

/** A serverless function: answers, and is ended at once when its platform thinks that it is done. */
const FUNCTION = `
import { trace } from '@opentelemetry/api';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { PostHogLLMSpanExporter } from './dist/index.js';

const { endpoint, style, timeoutMs, directory } = JSON.parse(process.argv[2]);
const exporter = new PostHogLLMSpanExporter({
  apiKey: 'phc_function', endpoint, ...(directory ? { spool: { directory } } : {}),
});
trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] }));
const tracer = trace.getTracer('function');
const promised = [];

async function handler(context) {
  for (let index = 0; index < 20; index++) {
    tracer.startSpan('chat', { attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm' } }).end();
  }
  if (style === 'await') console.log(JSON.stringify(await exporter.flushOnce({ timeoutMs })));
  if (style === 'waitUntil') exporter.flushOnce({ waitUntil: (work) => context.waitUntil(work) });
  return 'answer';
}

if (style !== 'idle') {
  await handler({ waitUntil: (work) => promised.push(work) });
  await Promise.all(promised);
  process.exit(0);
}
`;

interface Load {
  readonly process: ChildProcess;
  readonly given: number[];
}

function startLoad(posthog: LoopbackPostHog, directory: string, firstNumber: number): Load {
  const settings = JSON.stringify({ endpoint: posthog.url, directory, firstNumber });
  const child = spawn(process.execPath, [join(built.folder, 'load.mjs'), settings], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const given: number[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => given.push(Number(line)));
  return { process: child, given };
}

async function kill({ process: child }: Load): Promise<void> {
  const closed = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGKILL');
  await closed;
}

it(
  'loses nothing that export was given when it is killed again and again',
  async () => {
    const seed = chaosSeed();
    const random = seededRandom(seed);
    let isCalm = false;
    const posthog = await startLoopbackPostHog({ respond: () => (isCalm ? undefined : trouble(random())) });
    const directory = freshDirectory();
    const given: number[] = [];
    for (let round = 0; round < KILLS; round++) {
      const load = startLoad(posthog, directory, round * 100_000);
      await until(() => load.given.length > 0);
      await new Promise((resolve) => setTimeout(resolve, random() * 300));
      await kill(load);
      given.push(...load.given);
    }
    isCalm = true;
    // Another process takes over what all of them left.
    const exporter = new PostHogLLMSpanExporter({
      apiKey: 'phc_key_of_the_load',
      endpoint: posthog.url,
      spool: { directory },
    });
    // What was half-written at a kill stays to be looked at by hand; `export` had not returned then.
    await until(() => filesIn(directory).every(({ state }) => state.type === 'damaged'));
    await exporter.shutdown();
    await posthog.close();

    const arrived = new Map<string, Set<string>>();
    for (const event of posthog.requests.flatMap(({ events }) => events)) {
      const { uuid, ...rest } = event;
      const same = arrived.get(String(uuid)) ?? new Set();
      arrived.set(String(uuid), same.add(JSON.stringify(rest)));
    }
    const why = `seed ${seed}`;
    expect(
      [...arrived.values()].filter(({ size }) => size !== 1),
      why,
    ).toEqual([]);
    const accepted = new Map(posthog.events.map((event) => [String(event['uuid']), event]));
    const users = [...accepted.values()].map((event) => String(event['distinct_id']));
    const lost = given.filter((number) => !users.includes(`user-${number}`));
    expect(lost, why).toEqual([]);
    expect(new Set(users).size, why).toBe(users.length);
    for (const event of accepted.values()) {
      const number = Number(String(event['distinct_id']).slice('user-'.length));
      expect(event, why).toMatchObject({
        event: '$ai_generation',
        properties: { $ai_input: [{ role: 'user', content: `call ${number} ${'x'.repeat(number % 700)}` }] },
      });
    }
    expect(given.length, why).toBeGreaterThan(KILLS * 5);
  },
  60_000 * CHAOS_FACTOR,
);

/** Half of the requests go wrong in some way, so that files lie in all states when the process dies. */
function trouble(chance: number): Scripted | undefined {
  if (chance < 0.15) return { do: 'answer', status: 503 };
  if (chance < 0.25) return { do: 'reset', when: 'before-answer' };
  if (chance < 0.4) return { do: 'delay', ms: 50 };
  return chance < 0.5 ? { do: 'stall' } : undefined;
}

async function runFunction(settings: object): Promise<string> {
  const argv = [join(built.folder, 'function.mjs'), JSON.stringify(settings)];
  const { stdout } = await promisify(execFile)(process.execPath, argv, { timeout: 60_000 });
  return stdout;
}

it('lets a process end that has nothing else to do, whatever waits in the spool', async () => {
  const posthog = await startLoopbackPostHog({ respond: () => ({ do: 'answer', status: 503 }) });
  const directory = freshDirectory();
  const { spool } = startSpool({
    directory,
    destination: destinationOf('phc_function'),
    clock: systemClock,
  });
  await spool.write(sampleEvents(5));
  const startedMs = performance.now();
  await runFunction({ endpoint: posthog.url, style: 'idle', directory });
  expect(performance.now() - startedMs).toBeLessThan(20_000);
  expect(filesIn(directory).map(({ events }) => events)).toEqual([5]);
  await posthog.close();
});

describe('a serverless function that ends with its answer', () => {
  it.each([
    ['await', 20],
    ['waitUntil', 20],
    ['nothing', 0],
  ])('delivers what it did when it uses %s', async (style, expected) => {
    const posthog = await startLoopbackPostHog({ respond: () => ({ do: 'delay', ms: 100 }) });
    const told = await runFunction({ endpoint: posthog.url, style });
    expect(posthog.events).toHaveLength(expected);
    if (style === 'await') {
      expect(JSON.parse(told)).toEqual({
        complete: true,
        delivered: 20,
        spooled: 0,
        dropped: 0,
        inFlight: 0,
      });
    }
    await posthog.close();
  });

  it('does not wait longer than it may, and says so', async () => {
    const posthog = await startLoopbackPostHog({ respond: () => ({ do: 'stall' }) });
    const told = await runFunction({ endpoint: posthog.url, style: 'await', timeoutMs: 200 });
    expect(JSON.parse(told)).toEqual({ complete: false, delivered: 0, spooled: 0, dropped: 0, inFlight: 20 });
    await posthog.close();
  });
});
