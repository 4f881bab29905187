// Every option does something: with it, an export comes out otherwise than without. A row in the table of options without
// a case here, or whose use was forgotten, fails.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { propagation, ROOT_CONTEXT } from '@opentelemetry/api';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { Agent } from 'undici';
import { afterAll, describe, expect, it } from 'vitest';
import { PostHogLLMSpanProcessor } from '../../src/sdk/processor/span-processor.ts';
import {
  type LoopbackOptions,
  type LoopbackPostHog,
  startLoopbackPostHog,
} from '../support/loopback-posthog.ts';
import { chatAttributes } from '../support/real-spans.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { createRecordingMeter } from '../support/recording-meter.ts';
import { ALL_OPTIONS } from './support/options-pages.ts';

interface Run {
  readonly posthog: LoopbackPostHog;
  readonly processor: PostHogLLMSpanProcessor;
  readonly lines: readonly string[];
  /** What the case itself collected. */
  readonly seen: string[];
}

interface Case {
  /** The option under test, made anew for each run. */
  given(seen: string[], posthog: LoopbackPostHog): unknown;
  /** Other options of both runs. */
  readonly beside?: object;
  readonly loopback?: LoopbackOptions;
  /** What differs with and without the option. */
  differs(run: Run): unknown;
  /** Spans ended, in place of one call of the model. */
  readonly spans?: number;
  /** More of each span. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Characters of each prompt. */
  readonly promptLength?: number;
  /** No flush; what differs is awaited for this many milliseconds, since it may never come. */
  readonly lookAfterMs?: number;
}

/** Long enough on a busy machine for what comes at once or after a second. */
const LOOK_AFTER_MS = 6_000;

const KEY = 'phc_test_key_of_the_options';
const HANG: LoopbackOptions = { respond: () => ({ do: 'stall' }) };
const UNAVAILABLE: LoopbackOptions = { respond: () => ({ do: 'answer', status: 503 }) };

/** Other in each run, whatever the options. */
const BY_CHANCE: readonly string[] = ['$ai_trace_id', '$ai_span_id', '$ai_parent_id', '$ai_latency'];

const propertiesOf = ({ posthog }: Run) =>
  posthog.events.map(({ properties }) =>
    Object.entries(properties as object).filter(([name]) => !BY_CHANCE.includes(name)),
  );
const personOf = ({ posthog }: Run) =>
  String(posthog.events[0]?.['distinct_id']).replace(/^anon_.*/, 'anonymous');
const bodies = ({ posthog }: Run) => posthog.requests.filter(({ events }) => events.length > 0);
const delivered = ({ posthog }: Run) => posthog.events.length;

const CASES: Record<string, Case> = {
  apiKey: {
    given: () => 'phc_another_key_of_the_options',
    differs: ({ posthog }) => posthog.requests.map(({ json }) => (json as { api_key: string }).api_key),
  },
  endpoint: {
    given: (_, posthog) => `${posthog.url}/ingest`,
    differs: ({ posthog }) => posthog.requests[0]?.path,
  },
  headers: {
    given: () => ({ 'x-proxy': 'yes' }),
    differs: ({ posthog }) => posthog.requests[0]?.headers['x-proxy'],
  },
  dispatcher: {
    given: (seen) =>
      new Agent().compose((dispatch) => (options, handler) => {
        seen.push(options.path);
        return dispatch(options, handler);
      }),
    differs: ({ seen }) => seen,
  },
  enabled: { given: () => false, differs: delivered },
  configFile: {
    given: () => fileWith({ samplingRate: 0.0001 }),
    differs: delivered,
  },
  destination: {
    given: () => 'all',
    beside: {
      get configFile() {
        return fileWith({
          destinations: [
            { name: 'all', samplingRate: 1 },
            { name: 'few', samplingRate: 0.0001 },
          ],
        });
      },
      destination: 'few',
    },
    differs: delivered,
  },
  privacyMode: { given: () => true, differs: propertiesOf },
  media: {
    given: () => 'keep',
    differs: propertiesOf,
  },
  redact: { given: () => ['email'], differs: propertiesOf },
  mask: { given: () => () => 'masked', differs: propertiesOf },
  distinctId: { given: () => 'nightly', differs: personOf },
  metadataPrefix: { given: () => 'llm_', differs: propertiesOf },
  namedTraceEvents: {
    given: () => false,
    attributes: { 'trace.trace_name': 'A question' },
    differs: delivered,
  },
  modelPrices: {
    given: () => ({ '*': { inputUsdPerMillionTokens: 1, outputUsdPerMillionTokens: 2 } }),
    differs: propertiesOf,
  },
  disableGeoip: { given: () => false, differs: propertiesOf },
  maxMetadataDepth: { given: () => 1, differs: propertiesOf },
  includeAttributes: { given: () => ['app.*'], differs: propertiesOf },
  rules: {
    given: () => ({ field: 'provider', operator: 'equals', value: 'anthropic' }),
    differs: delivered,
  },
  filter: { given: () => () => false, differs: delivered },
  samplingRate: { given: () => 0.0001, differs: delivered },
  alwaysKeep: { given: () => ({ slowerThanMs: 0 }), beside: { samplingRate: 0.0001 }, differs: delivered },
  timeoutMs: {
    given: () => 100,
    beside: { scheduledDelayMs: 0 },
    lookAfterMs: LOOK_AFTER_MS,
    loopback: HANG,
    differs: ({ posthog }) => posthog.requests.length > 1,
  },
  deadlineMs: {
    given: () => 300,
    loopback: HANG,
    lookAfterMs: LOOK_AFTER_MS,
    beside: { scheduledDelayMs: 0, maxRetries: 0 },
    differs: ({ processor }) => processor.exporter.stats().dropped,
  },
  shutdownTimeoutMs: {
    given: () => 200,
    loopback: HANG,
    // By default what hangs is given up a second before the five are over.
    differs: async ({ processor }) => {
      const ended = processor.shutdown().then(() => 'ended');
      const late = new Promise((resolve) => setTimeout(() => resolve('late'), 2_500));
      return Promise.race([ended, late]);
    },
    lookAfterMs: 100,
  },
  maxConcurrentRequests: {
    given: () => 1,
    beside: { maxExportBatchSize: 1 },
    spans: 4,
    loopback: HANG,
    differs: ({ posthog }) => posthog.requests.length > 1,
    lookAfterMs: LOOK_AFTER_MS,
  },
  maxRetries: {
    given: () => 0,
    beside: { scheduledDelayMs: 0 },
    lookAfterMs: LOOK_AFTER_MS,
    loopback: UNAVAILABLE,
    differs: ({ posthog }) => posthog.requests.length > 1,
  },
  compression: {
    given: () => 'none',
    promptLength: 20_000,
    differs: ({ posthog }) => posthog.requests[0]?.headers['content-encoding'],
  },
  maxBatchBytes: { given: () => 1_024, spans: 8, differs: (run) => bodies(run).length },
  maxInFlightBytes: {
    given: () => 1_024,
    loopback: HANG,
    beside: { deadlineMs: 500, maxExportBatchSize: 1 },
    spans: 4,
    promptLength: 2_000,
    differs: ({ processor }) =>
      Object.keys(processor.exporter.stats().droppedByReason).includes('overloaded'),
  },
  spool: {
    given: (seen) => {
      const directory = temporaryFolder();
      seen.push(directory);
      return { directory };
    },
    beside: { deadlineMs: 200, scheduledDelayMs: 0 },
    loopback: UNAVAILABLE,
    lookAfterMs: LOOK_AFTER_MS,
    differs: ({ seen: [directory] }) => (directory === undefined ? 0 : readdirSync(directory).length),
  },
  logger: {
    given: (seen) => ({ ...createRecordingLogger(), warn: (line: string) => seen.push(line) }),
    beside: { colour: 'blue' },
    differs: ({ seen }) => seen,
  },
  debug: { given: () => true, differs: ({ lines }) => lines.length > 0 },
  onEvent: {
    given: (seen) => (event: { readonly event: string }) => seen.push(event.event),
    differs: ({ seen }) => seen,
  },
  uiHost: {
    given: () => 'https://posthog.example.com/',
    differs: ({ processor }) => processor.exporter.traceUrl('t 1'),
  },
  meterProvider: {
    given: (seen) => {
      const meter = createRecordingMeter();
      return {
        getMeter: (name: string) => {
          seen.push(name);
          return meter.getMeter('');
        },
      };
    },
    differs: ({ seen }) => seen,
  },

  scheduledDelayMs: { given: () => 60_000, lookAfterMs: LOOK_AFTER_MS, differs: delivered },
  maxExportBatchSize: {
    given: () => 1,
    beside: { scheduledDelayMs: 60_000 },
    lookAfterMs: LOOK_AFTER_MS,
    differs: delivered,
  },
  maxQueueSize: { given: () => 1, spans: 5, differs: ({ processor }) => processor.droppedSpans },
  maxQueueBytes: {
    given: () => 1_024,
    spans: 5,
    promptLength: 2_000,
    differs: ({ processor }) => processor.droppedSpans,
  },
  exportTimeoutMs: {
    given: () => 300,
    loopback: HANG,
    lookAfterMs: LOOK_AFTER_MS,
    beside: { scheduledDelayMs: 0, maxRetries: 0 },
    differs: ({ processor }) => processor.exporter.stats().dropped,
  },
  flushOnTraceEnd: {
    given: () => true,
    beside: { scheduledDelayMs: 60_000 },
    lookAfterMs: LOOK_AFTER_MS,
    differs: delivered,
  },
  acceptBaggage: { given: () => ['user'], differs: personOf },
};

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'posthog-llm-options-'));
  folders.push(folder);
  return folder;
}

function fileWith(options: object): string {
  const path = join(temporaryFolder(), 'config.json');
  writeFileSync(path, JSON.stringify(options), { mode: 0o600 });
  return path;
}

const IMAGE = `data:image/png;base64,${'iVBORw0KGgo'.repeat(40)}`;

function attributesOf(promptLength: number) {
  const messages = [
    {
      role: 'user',
      parts: [
        { type: 'text', content: `Write to ada@example.com ${'x'.repeat(promptLength)}` },
        { type: 'blob', modality: 'image', mime_type: 'image/png', content: IMAGE.split(',')[1] },
      ],
    },
  ];
  return {
    ...chatAttributes(),
    'gen_ai.input.messages': JSON.stringify(messages),
    'app.tenant': 'blue',
    'trace.metadata.order': JSON.stringify({ a: { b: { c: 1 } } }),
  };
}

async function run(name: string, one: Case, isGiven: boolean): Promise<unknown> {
  const posthog = await startLoopbackPostHog(one.loopback);
  const seen: string[] = [];
  const logger = createRecordingLogger();
  const common = { apiKey: KEY, endpoint: posthog.url, logger, maxRetries: 5, ...one.beside };
  const given = isGiven ? { [name]: one.given(seen, posthog) } : {};
  const processor = new PostHogLLMSpanProcessor({ ...common, ...given } as object);
  const provider = new BasicTracerProvider({ spanProcessors: [processor] });
  const baggage = propagation.createBaggage({ 'posthog.llm.user': { value: 'somebody' } });
  const incoming = propagation.setBaggage(ROOT_CONTEXT, baggage);
  for (let index = 0; index < (one.spans ?? 1); index += 1) {
    const attributes = { ...attributesOf(one.promptLength ?? 0), ...one.attributes };
    provider.getTracer('app').startSpan('chat', { attributes }, incoming).end();
  }
  if (one.lookAfterMs === undefined) await provider.forceFlush();
  const look = () => one.differs({ posthog, processor, lines: logger.lines, seen });
  const untilMs = Date.now() + (one.lookAfterMs ?? 0);
  while (Date.now() < untilMs && !look()) await new Promise((resolve) => setTimeout(resolve, 50));
  const differs = await look();
  await posthog.close();
  void provider.shutdown();
  return structuredClone(differs);
}

describe.concurrent.each(Object.keys(ALL_OPTIONS))('the option %s', (name) => {
  it('has an effect', async () => {
    const one = CASES[name];
    if (one === undefined) {
      throw new Error(`${name} has no case in test/config/option-effects.test.ts that shows what it does`);
    }
    const [without, again, given] = await Promise.all([
      run(name, one, false),
      run(name, one, false),
      run(name, one, true),
    ]);
    expect(again, 'what is compared changes by chance').toEqual(without);
    expect(given, 'the same with and without the option').not.toEqual(without);
  });
});
