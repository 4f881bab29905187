import { existsSync } from 'node:fs';
import { ROOT_CONTEXT } from '@opentelemetry/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { joinLogRecords } from '../../src/pipeline/log-content/join-log-records.ts';
import { PostHogLLMSpanProcessor } from '../../src/sdk/processor/span-processor.ts';
import { readOtlpJson, readOtlpLogsJson } from '../../src/translate/span/read-otlp-json.ts';
import type { ReadableSpanLike } from '../../src/translate/span/sdk-types.ts';
import { listFolders, listOtherRecordings, type Recording, readRecordings } from '../corpus/recordings.ts';
import { destination, gatewayOfTest } from '../gateway/gateway-of-test.ts';
import { type Send, TRANSPORTS } from '../gateway/support/transports.ts';
import { loopbackOfTest } from '../support/loopback-of-test.ts';
import { type LoopbackPostHog, startLoopbackPostHog } from '../support/loopback-posthog.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { freshDirectory } from '../support/spool.ts';
import { until } from '../support/until.ts';
import type { Load } from './support/corpus-load.ts';
import { ALL_ATTRIBUTES, API_KEY, runPlainly, runWithSpool } from './support/export-run.ts';
import { FORMS, plantForms } from './support/plant-forms.ts';
import { toSdkLogRecord, toSdkSpan } from './support/sdk-shapes.ts';
import { createSecretBook, secretsIn } from './support/secrets.ts';
import { readSpool } from './support/sinks.ts';

/** Recordings beside the project, which are many more; asked for by `PLANT_CORPUS=../shared/corpus`. */
const OTHER_CORPUS = process.env['PLANT_CORPUS'];

function recordings(): Recording[] {
  if (OTHER_CORPUS === undefined) return listFolders().flatMap(readRecordings);
  if (existsSync(OTHER_CORPUS)) return listOtherRecordings(OTHER_CORPUS).map(({ read }) => read());
  console.log(`skipped: no recordings in ${OTHER_CORPUS}`);
  return [];
}

const book = createSecretBook();
const forms = Object.entries(FORMS);

const planted = recordings().map(({ name, spans, logs }, index) => {
  const [form, write] = forms[index % forms.length] ?? ['prose', (secret: string) => secret];
  const message = write(book.next(name, form));
  return { spans: plantForms(spans ?? {}, message), logs: plantForms(logs ?? {}, message) };
});

const loads: Load[] = planted.map(({ spans, logs }, index): Load => {
  const records = readOtlpLogsJson(logs);
  const views = readOtlpJson(spans);
  return {
    name: String(index),
    views: joinLogRecords(views, records),
    spans: views.map((view) => toSdkSpan(view)),
    logRecords: records.map(toSdkLogRecord),
  };
});

function placesIn(parts: readonly string[]): string[] {
  const ids = new Set(parts.flatMap((part) => [...secretsIn(part)]));
  return [...ids].map((id) => `${book.planted[id]?.source}: ${book.planted[id]?.place}`);
}

describe.skipIf(loads.length === 0)('messages in forms that little understands, everywhere in a span', () => {
  it('do not leave in privacy mode, by any way out', async () => {
    const seen: string[] = [];
    const output = await runWithSpool(loads, 'always', {
      privacyMode: true,
      debug: true,
      onEvent: (event) => seen.push(JSON.stringify(event)),
    });
    expect(output.events.size).toBeGreaterThan(loads.length / 2);
    expect(seen.length).toBeGreaterThanOrEqual(output.events.size);
    for (const parts of [output.bodies, seen, output.spool, output.heads, output.diagnostics]) {
      expect(placesIn(parts)).toEqual([]);
    }
  });

  it('do not leave by single exports', async () => {
    const single = loads
      .filter((_, index) => index % 4 === 0)
      .flatMap((load) => load.spans.map((span) => ({ ...load, spans: [span] })));
    const { bodies } = await runPlainly(single, { privacyMode: true });
    expect(placesIn(bodies)).toEqual([]);
  });

  it('leave otherwise, so that they would be found', async () => {
    const { bodies } = await runPlainly(loads, {});
    expect(placesIn(bodies).length).toBeGreaterThan(loads.length / 2);
  });
});

describe.skipIf(loads.length === 0)('through the span processor', () => {
  it.each([
    ['do not leave in privacy mode', true, false],
    ['leave otherwise, so that they would be found', false, true],
  ] as const)('they %s', async (_, privacyMode, isFound) => {
    const posthog = await startLoopbackPostHog();
    const logger = createRecordingLogger();
    const processor = new PostHogLLMSpanProcessor({
      apiKey: API_KEY,
      endpoint: posthog.url,
      includeAttributes: ALL_ATTRIBUTES,
      privacyMode,
      // All at once; nothing here is to be dropped for want of room or time.
      maxQueueSize: 1_000_000,
      maxQueueBytes: 2 ** 31,
      deadlineMs: 600_000,
      debug: true,
      logger,
    });
    const logs = processor.logRecordProcessor();
    for (const { spans, logRecords } of loads) {
      for (const record of logRecords) logs.onEmit(record);
      // As they end: those within others first. All have started before.
      for (const each of spans) processor.onStart(each as ReadableSpanLike, ROOT_CONTEXT);
      for (const each of spans) processor.onEnd(each as ReadableSpanLike);
    }
    await processor.forceFlush();
    await processor.shutdown();
    await posthog.close();
    expect(processor.exporter.stats()).toMatchObject({ dropped: 0, inFlight: 0 });
    expect(posthog.events.length).toBeGreaterThan(loads.length / 2);
    const found = placesIn(posthog.requests.map(({ body }) => body?.toString() ?? ''));
    if (isFound) expect(found.length).toBeGreaterThan(loads.length / 2);
    else expect(found).toEqual([]);
    expect(placesIn(logger.lines)).toEqual([]);
  });
});

/** A destination that withholds what was said, and what it writes beside what it sends. */
function privateLane({ url: endpoint }: LoopbackPostHog) {
  const logger = createRecordingLogger();
  const directory = freshDirectory();
  const lane = destination({
    options: {
      endpoint,
      privacyMode: true,
      includeAttributes: ALL_ATTRIBUTES,
      spool: { directory, mode: 'always' },
      debug: true,
      logger,
    },
  });
  return { logger, directory, lane };
}

describe.skipIf(loads.length === 0)('through the gateway', () => {
  let posthog: LoopbackPostHog;
  beforeAll(async () => {
    posthog = await startLoopbackPostHog();
  });
  afterAll(() => posthog.close());

  it('they do not leave, and are neither logged, measured, spooled nor shown', async () => {
    const { logger, directory, lane } = privateLane(posthog);
    const { post, admin } = await gatewayOfTest([lane], { page: { content: true, token: undefined } });
    const spool: string[] = [];
    const some = planted.filter((_, index) => index % 5 === 0);
    for (const [index, { spans, logs }] of some.entries()) {
      await post('/v1/logs', JSON.stringify(logs));
      expect((await post('/v1/traces', JSON.stringify(spans))).status).toBe(200);
      if (index % 20 === 0) spool.push(...readSpool(directory));
    }
    await until(() => posthog.events.length > some.length / 2);
    const pages = await Promise.all(
      ['/metrics', '/readyz', '/api/about', '/api/calls', '/api/senders', '/api/destinations'].map(
        async (path) => (await admin(path)).text(),
      ),
    );
    expect(placesIn(posthog.requests.map(({ body }) => body?.toString() ?? ''))).toEqual([]);
    expect(placesIn([...pages, ...logger.lines, ...spool])).toEqual([]);
  });
});

describe.skipIf(loads.length === 0)('through the gateway, over every transport', () => {
  const openrouter: Send = async ({ post }, kind, document) => {
    const path = kind === 'traces' ? '/openrouter' : '/v1/logs';
    expect((await post(path, JSON.stringify(document))).status).toBe(200);
  };
  const transports = Object.entries({ ...TRANSPORTS, openrouter });
  it.each(transports)('%s: neither sent, logged, measured, spooled nor shown', async (name, send) => {
    let isAway = true;
    const posthog = await loopbackOfTest({
      respond: () => (isAway ? { do: 'answer', status: 503 } : undefined),
    });
    const { logger, directory, lane } = privateLane(posthog);
    const gateway = await gatewayOfTest([lane], {
      acknowledge: 'stored',
      listen: { grpc: { host: '127.0.0.1', port: 0 } },
    });
    await gateway.admin('/api/calls');
    const offset = transports.findIndex(([other]) => other === name);
    for (const { spans, logs } of planted.filter((_, index) => index % 70 === offset)) {
      await send(gateway, 'logs', logs as object);
      await send(gateway, 'traces', spans as object);
    }
    const spooled = readSpool(directory).filter((file) => file.includes('$ai_'));
    expect(spooled).not.toEqual([]);
    const calls = (await (await gateway.admin('/api/calls')).json()) as { id: string; traceId: string }[];
    expect(calls).not.toEqual([]);
    const paths = calls.flatMap(({ id, traceId }) => [
      `/api/call?id=${encodeURIComponent(id)}`,
      `/api/trace?traceId=${traceId}`,
      `/api/trace.json?traceId=${traceId}`,
    ]);
    const shown = await Promise.all(
      ['/metrics', '/readyz', '/api/about', '/api/calls', '/api/senders', '/api/destinations', ...paths].map(
        async (path) => (await gateway.admin(path)).text(),
      ),
    );
    isAway = false;
    await expect.poll(() => posthog.events.length).toBeGreaterThan(0);
    await gateway.gateway.stop();
    expect(placesIn(posthog.requests.map(({ body }) => body?.toString() ?? ''))).toEqual([]);
    expect(placesIn([...shown, ...logger.lines, ...spooled])).toEqual([]);
  });
});
