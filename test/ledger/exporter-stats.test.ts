import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { PostHogLLMExporterStats } from '../../src/pipeline/exporter-stats.ts';
import { exportSpans } from '../support/export-spans.ts';
import { createExporterWithClock } from '../support/exporter-with-clock.ts';
import { createFastClock } from '../support/fast-clock.ts';
import { type LoopbackPostHog, type Scripted, startLoopbackPostHog } from '../support/loopback-posthog.ts';
import { chatAttributes, createSpanMaker } from '../support/real-spans.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { createRecordingMeter } from '../support/recording-meter.ts';
import { freshDirectory } from '../support/spool.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function start(answer: () => Scripted | undefined = () => undefined, options: object = {}) {
  const posthog: LoopbackPostHog = await startLoopbackPostHog({ respond: answer });
  const logger = createRecordingLogger();
  const exporter = createExporterWithClock(
    { apiKey: 'phc_stats', endpoint: posthog.url, maxRetries: 1, timeoutMs: 100, logger, ...options },
    createFastClock(20),
  );
  closers.push(
    () => posthog.close(),
    () => exporter.shutdown(),
  );
  return { posthog, exporter, logger };
}

const maker = createSpanMaker();
const chat = (prompt?: string) => maker.make('chat', chatAttributes(prompt));
const foreign = () => maker.make('GET /', { 'http.request.method': 'GET' });

function checkSum(stats: PostHogLLMExporterStats, seen: number): void {
  const { delivered, filtered, sampledOut, dropped, spooled, inFlight, droppedByReason } = stats;
  expect(stats.seen).toBe(seen);
  expect(delivered + filtered + sampledOut + dropped + spooled + inFlight).toBe(seen);
  expect(Object.values(droppedByReason).reduce((sum, count) => sum + count, 0)).toBe(dropped);
}

const batches = fc.array(
  fc.record({
    chats: fc.nat(8),
    foreign: fc.nat(4),
    nonsense: fc.nat(2),
    waitMs: fc.nat(8),
  }),
  { minLength: 1, maxLength: 8 },
);
const answers = fc.array(
  fc.constantFrom<Scripted | undefined>(
    undefined,
    { do: 'answer', status: 503 },
    { do: 'answer', status: 400 },
    { do: 'answer', status: 401 },
    { do: 'answer', status: 413 },
    { do: 'reset', when: 'before-answer' },
    { do: 'stall' },
  ),
  { minLength: 1, maxLength: 10 },
);

describe('stats', () => {
  it.each([
    ['without a spool', undefined],
    ['with a spool', 'on-failure'],
    ['with everything spooled', 'always'],
  ])('add up at any moment, %s', async (_, mode) => {
    await fc.assert(
      fc.asyncProperty(batches, answers, async (plan, script) => {
        let request = 0;
        const spool = mode === undefined ? {} : { spool: { directory: freshDirectory(), mode } };
        const { posthog, exporter } = await start(() => script[request++ % script.length], spool);
        const pending: Promise<unknown>[] = [];
        let seen = 0;
        let chats = 0;
        let nonsense = 0;
        for (const batch of plan) {
          const spans = [
            ...Array.from({ length: batch.chats }, () => chat()),
            ...Array.from({ length: batch.foreign }, foreign),
            ...Array.from({ length: batch.nonsense }, () => ({}) as never),
          ];
          seen += spans.length;
          chats += batch.chats;
          nonsense += batch.nonsense;
          pending.push(exportSpans(exporter, spans));
          checkSum(exporter.stats(), seen);
          await new Promise((resolve) => setTimeout(resolve, batch.waitMs));
          checkSum(exporter.stats(), seen);
        }
        await Promise.all(pending);
        const stats = exporter.stats();
        checkSum(stats, seen);
        expect(stats).toMatchObject({ inFlight: 0, inFlightBytes: 0, filtered: seen - chats - nonsense });
        expect(stats.droppedByReason.unreadable ?? 0).toBe(nonsense);
        const accepted = new Set(posthog.events.map(({ uuid }) => uuid));
        expect(stats.delivered).toBeLessThanOrEqual(accepted.size);
        await exporter.shutdown();
        checkSum(exporter.stats(), seen);
        await posthog.close();
      }),
      { numRuns: 4 },
    );
  });

  it('count every fate', async () => {
    const { exporter, posthog } = await start(undefined, { maxRetries: 0 });
    await exportSpans(exporter, [chat(), foreign(), chat()]);
    posthog.script({ do: 'answer', status: 503 });
    await exportSpans(exporter, [chat()]);
    await exporter.shutdown();
    await exportSpans(exporter, [chat(), chat()]);
    expect(exporter.stats()).toEqual({
      seen: 6,
      delivered: 2,
      filtered: 1,
      sampledOut: 0,
      dropped: 3,
      droppedByReason: { 'server-error': 1, shutdown: 2 },
      spooled: 0,
      inFlight: 0,
      trimmed: 0,
      trimmedByAction: {},
      inFlightBytes: 0,
      incompleteSpans: { cut: 0, withoutLogRecords: 0, withoutAttributes: 0, ofUnknownInstrumentation: 0 },
    });
  });

  it('count what is cut, and what is on its way', async () => {
    const { exporter, posthog } = await start(() => ({ do: 'delay', ms: 50 }));
    posthog.script({ do: 'answer', status: 413 });
    await exportSpans(exporter, [chat('p'.repeat(5_000))]);
    expect(exporter.stats()).toMatchObject({ delivered: 1, trimmed: 1, trimmedByAction: { content: 1 } });
    const next = exportSpans(exporter, [chat()]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(exporter.stats()).toMatchObject({ seen: 2, inFlight: 1 });
    expect(exporter.stats().inFlightBytes).toBeGreaterThan(500);
    await next;
  });

  it('need no network for an exporter that is switched off', async () => {
    const { exporter } = await start(undefined, { enabled: false });
    await exportSpans(exporter, [chat()]);
    expect(exporter.stats()).toMatchObject({ seen: 1, filtered: 1 });
  });
});

describe('a loss', () => {
  it('is said in one line, with reason and number and nothing of the content', async () => {
    const { exporter, logger } = await start(() => ({ do: 'answer', status: 503 }), { maxRetries: 0 });
    for (let index = 0; index < 20; index++) await exportSpans(exporter, [chat('SECRET'), chat('SECRET')]);
    expect(logger.lines).toEqual([
      expect.stringMatching(/^warn posthog-llm-exporter: 2 events were lost \(server-error: 2\): .*503/),
    ]);
    await exporter.shutdown();
    expect(logger.lines.slice(1)).toEqual([
      expect.stringMatching(/^warn posthog-llm-exporter: 38 events were lost \(server-error: 38\): .*503/),
    ]);
    expect(logger.lines.join()).not.toContain('SECRET');
  });
});

describe('metrics', () => {
  it('have the names and attributes of OpenTelemetry, and the figures of stats', async () => {
    const meterProvider = createRecordingMeter();
    const directory = freshDirectory();
    const { exporter, posthog } = await start(undefined, {
      meterProvider,
      maxRetries: 0,
      spool: { directory },
    });
    await exportSpans(exporter, [chat(), chat(), foreign()]);
    posthog.script({ do: 'answer', status: 400 });
    await exportSpans(exporter, [chat()]);
    posthog.script({ do: 'answer', status: 503 });
    await exportSpans(exporter, [chat()]);
    expect(exporter.stats()).toMatchObject({ delivered: 2, filtered: 1, dropped: 1, spooled: 1 });
    expect(meterProvider.sums()).toEqual({
      'otel.sdk.exporter.span.exported': 2,
      'otel.sdk.exporter.span.exported error.type=bad-request': 1,
      'otel.sdk.exporter.span.inflight': 0,
      'otel.sdk.exporter.operation.duration': 1,
      'otel.sdk.exporter.operation.duration error.type=bad-request': 1,
      'otel.sdk.exporter.operation.duration error.type=spooled': 1,
      'posthog_llm_exporter.span.filtered': 1,
      'posthog_llm_exporter.span.spooled': 1,
    });
    for (const attributes of meterProvider.attributes) {
      expect(attributes).toMatchObject({
        'otel.component.type': 'PostHogLLMSpanExporter',
        'otel.component.name': expect.stringMatching(/^PostHogLLMSpanExporter\/\d+$/),
        'server.address': '127.0.0.1',
        'server.port': Number(new URL(posthog.url).port),
      });
    }
    expect(meterProvider.units.get('histogram otel.sdk.exporter.operation.duration')).toBe('s');
    expect(meterProvider.units.get('up-down-counter otel.sdk.exporter.span.inflight')).toBe('{span}');
    expect(meterProvider.units.get('counter otel.sdk.exporter.span.exported')).toBe('{span}');
  });

  it.each([
    ['getMeter', { getMeter: fail }],
    ['an instrument', { getMeter: () => ({ createCounter: fail }) }],
    ['recording', { getMeter: () => brokenMeter() }],
  ])('cannot break an export when %s fails', async (_, meterProvider) => {
    const { exporter, posthog } = await start(undefined, { meterProvider });
    expect((await exportSpans(exporter, [chat()])).code).toBe(0);
    expect(posthog.events).toHaveLength(1);
  });
});

function fail(): never {
  throw new Error('must not get out');
}

function brokenMeter() {
  const instrument = () => ({ add: fail, record: fail });
  return { createCounter: instrument, createUpDownCounter: instrument, createHistogram: instrument };
}
