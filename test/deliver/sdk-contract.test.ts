import { afterEach, describe, expect, it } from 'vitest';
import type { PostHogLLMSpanExporterOptions } from '../../src/config/options.ts';
import { exportSpans } from '../support/export-spans.ts';
import { createExporterWithClock } from '../support/exporter-with-clock.ts';
import { loopbackOfTest } from '../support/loopback-of-test.ts';
import type { JsonObject } from '../support/loopback-rules.ts';
import { chatAttributes, createSpanMaker } from '../support/real-spans.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

// What PostHog asks of every SDK that captures events (format, identity of retries, which answers are retried, waits,
// compression), for both routes.

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const maker = createSpanMaker();
const chat = (user = 'user-1') => maker.make('chat', { ...chatAttributes(), 'user.id': user });
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,}Z$/;

describe.each([
  ['cloud', '/i/v0/ai/batch/'],
  ['self-hosted', '/batch/'],
] as const)('the contract of PostHog SDKs, on the route of %s', (mode, path) => {
  async function start(options: Partial<PostHogLLMSpanExporterOptions> = {}) {
    const posthog = await loopbackOfTest({ mode });
    const clock = createVirtualClock();
    const waitsMs: number[] = [];
    const watched = {
      ...clock,
      sleep: (ms: number, signal: AbortSignal) => {
        waitsMs.push(ms);
        return clock.sleep(ms, signal);
      },
    };
    const given = { apiKey: 'phc_contract', endpoint: posthog.url, logger: createRecordingLogger() };
    const exporter = createExporterWithClock({ ...given, deadlineMs: 300_000, ...options }, watched);
    closers.push(() => exporter.shutdown());
    // Learns which route there is, so that what is scripted afterwards meets this one.
    await exportSpans(exporter, [chat('warm-up')]);
    const before = posthog.requests.length;
    const requests = () => posthog.requests.slice(before);
    return { posthog, exporter, waitsMs, requests, events: () => requests().flatMap(({ events }) => events) };
  }
  const uuidsOf = (events: readonly JsonObject[]) => events.map(({ uuid }) => uuid);

  it('an event has name, distinct id, a version 7 uuid, a UTC timestamp and its library', async () => {
    const { exporter, requests } = await start();
    await exportSpans(exporter, [chat()]);
    expect(requests()).toMatchObject([{ method: 'POST', path, json: { api_key: 'phc_contract' } }]);
    expect(requests()[0]?.events).toMatchObject([
      {
        event: '$ai_generation',
        distinct_id: 'user-1',
        uuid: expect.stringMatching(UUID_V7),
        timestamp: expect.stringMatching(UTC),
        properties: { $lib: 'posthog-llm-exporter', $lib_version: expect.stringMatching(/^\d+\.\d+\.\d+/) },
      },
    ]);
  });

  it('the key stands in the body and in no header or address', async () => {
    const { exporter, requests } = await start();
    await exportSpans(exporter, [chat()]);
    const [request] = requests();
    expect(JSON.stringify([request?.headers, request?.path])).not.toContain('phc_contract');
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': expect.stringMatching(/^posthog-llm-exporter\/\d/),
    });
  });

  it('events are sent together in one batch, each with a uuid of its own', async () => {
    const { exporter, events, requests } = await start();
    await exportSpans(exporter, [chat(), chat(), chat()]);
    expect(requests()).toHaveLength(1);
    expect(new Set(uuidsOf(events())).size).toBe(3);
  });

  it('nothing is sent when there is nothing', async () => {
    const { exporter, requests } = await start();
    await exportSpans(exporter, []);
    await exporter.forceFlush();
    expect(requests()).toHaveLength(0);
  });

  it.each([
    ['gzip', 'gzip'],
    ['none', undefined],
  ] as const)('bodies are compressed as asked for: %s', async (compression, encoding) => {
    const { exporter, events, requests } = await start({ compression });
    await exportSpans(exporter, [chat(), chat(), chat(), chat()]);
    expect(requests()[0]?.headers['content-encoding']).toBe(encoding);
    expect(events()).toHaveLength(4);
  });

  it.each([408, 429, 500, 502, 503, 504])('%i is retried, with the same bytes', async (status) => {
    const { exporter, posthog, requests, events } = await start();
    posthog.script({ do: 'answer', status }, { do: 'answer', status });
    expect((await exportSpans(exporter, [chat(), chat()])).code).toBe(0);
    expect(requests()).toHaveLength(3);
    const bodies = requests().map(({ body }) => body?.toString());
    expect(new Set(bodies).size).toBe(1);
    expect(new Set(uuidsOf(events())).size).toBe(2);
    expect(exporter.stats()).toMatchObject({ delivered: 3, dropped: 0 });
  });

  it.each([400, 401])('%i is not retried, and the loss is counted', async (status) => {
    const { exporter, posthog, requests } = await start();
    posthog.script({ do: 'answer', status });
    expect((await exportSpans(exporter, [chat()])).code).toBe(1);
    expect(requests()).toHaveLength(1);
    expect(exporter.stats()).toMatchObject({ delivered: 1, dropped: 1 });
  });

  it('413 for a batch halves it, and only an event that is too large alone is dropped', async () => {
    const { exporter, posthog, requests } = await start();
    posthog.script({ do: 'answer', status: 413 });
    expect((await exportSpans(exporter, [chat(), chat(), chat(), chat()])).code).toBe(0);
    expect(requests().map(({ events }) => events.length)).toEqual([4, 2, 2]);
    posthog.script({ do: 'answer', status: 413 });
    expect((await exportSpans(exporter, [chat()])).code).toBe(1);
    expect(exporter.stats()).toMatchObject({ delivered: 5, dropped: 1, droppedByReason: { 'too-large': 1 } });
  });

  it.each([
    ['a number of seconds', '7'],
    ['a date', () => new Date(Date.now() + 30_000).toUTCString()],
  ])('Retry-After with %s is the least wait', async (_, value) => {
    const { exporter, posthog, waitsMs, requests } = await start();
    const after = typeof value === 'string' ? value : value();
    posthog.script({ do: 'answer', status: 503, headers: { 'retry-after': after } });
    expect((await exportSpans(exporter, [chat()])).code).toBe(0);
    expect(requests()).toHaveLength(2);
    expect(Math.max(...waitsMs)).toBeGreaterThanOrEqual(5_000);
  });

  it('waits grow from try to try, and the tries end', async () => {
    const { exporter, posthog, waitsMs, requests } = await start({ maxRetries: 4 });
    posthog.script(...Array.from({ length: 5 }, () => ({ do: 'answer', status: 503 }) as const));
    expect((await exportSpans(exporter, [chat()])).code).toBe(1);
    expect(requests()).toHaveLength(5);
    expect(waitsMs.length).toBeGreaterThanOrEqual(4);
    expect(exporter.stats()).toMatchObject({ dropped: 1, inFlight: 0 });
  });

  it.each(['on-request', 'mid-upload', 'before-answer', 'mid-answer'] as const)(
    'a connection that breaks %s is retried with the same uuids',
    async (when) => {
      const { exporter, posthog, events } = await start();
      posthog.script({ do: 'reset', when });
      expect((await exportSpans(exporter, [chat(), chat()])).code).toBe(0);
      expect(new Set(uuidsOf(events())).size).toBe(2);
    },
  );

  it('a flush waits for what is under way', async () => {
    const { exporter, posthog, events } = await start();
    posthog.script({ do: 'delay', ms: 50 });
    void exportSpans(exporter, [chat()]);
    await exporter.forceFlush();
    expect(events()).toHaveLength(1);
  });

  it('a shutdown delivers what is under way, and takes nothing afterwards', async () => {
    const { exporter, events } = await start();
    const exporting = exportSpans(exporter, [chat()]);
    await exporter.shutdown();
    expect((await exporting).code).toBe(0);
    expect((await exportSpans(exporter, [chat()])).code).toBe(1);
    expect(events()).toHaveLength(1);
  });
});
