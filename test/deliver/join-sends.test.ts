import { BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { describe, expect, it, onTestFinished } from 'vitest';
import { joinSends } from '../../src/deliver/outbox/join-sends.ts';
import type { DeliveryResult, SerialisedEvent } from '../../src/deliver/transport.ts';
import { PostHogLLMSpanExporter } from '../../src/sdk/exporter/exporter.ts';
import { loopbackOfTest } from '../support/loopback-of-test.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { sampleEvents } from './sample-events.ts';

/** Sends that end when they are told to, and turns that are taken while one is under way. */
function start(changes: { maxEvents?: number; maxBytes?: number; maxJoined?: number } = {}) {
  const stop = new AbortController();
  const sent: { readonly events: readonly SerialisedEvent[]; end(result?: DeliveryResult): void }[] = [];
  const listeners: (() => void)[] = [];
  const turns = {
    areTaken: () => sent.length > 0,
    onFree: (listener: () => void) => void listeners.push(listener),
  };
  const send = (events: readonly SerialisedEvent[]) =>
    new Promise<DeliveryResult>((resolve) => {
      const delivered = { delivered: events.length, failed: [] };
      sent.push({ events, end: (result = delivered) => resolve(result) });
    });
  const limits = { maxEvents: 1_000, maxBytes: 1_000_000, maxJoined: 8, ...changes };
  const join = joinSends(send, { turns, stop: stop.signal, ...limits });
  const free = () => {
    for (const listener of listeners) listener();
  };
  return { join, sent, free, stop };
}

describe('sends that find all turns taken', () => {
  it('leave together when one is free, and each learns of its own', async () => {
    const { join, sent, free } = start();
    const [first = [], second = [], third = []] = [1, 2, 1].map((count) => sampleEvents(count));
    void join(first, 1_000);
    const ends = [join(second, 1_000), join(third, 1_500)];
    expect(sent.map(({ events }) => events.length)).toEqual([1]);
    free();
    expect(sent.map(({ events }) => events)).toEqual([first, [...second, ...third]]);
    const [lost] = second;
    sent[1]?.end({
      delivered: 2,
      failed: [{ event: lost as SerialisedEvent, reason: 'network', message: 'x' }],
    });
    expect(await Promise.all(ends)).toMatchObject([
      { delivered: 1, failed: [{ event: lost, reason: 'network' }] },
      { delivered: 1, failed: [] },
    ]);
  });

  it.each<
    [
      string,
      Parameters<typeof start>[0],
      readonly (readonly [events: number, deadlineAtMs: number])[],
      readonly number[],
    ]
  >([
    [
      'with too many events',
      { maxEvents: 3 },
      [
        [2, 0],
        [2, 0],
      ],
      [2],
    ],
    [
      'with too many bytes',
      { maxBytes: 300 },
      [
        [1, 0],
        [9, 0],
      ],
      [1],
    ],
    [
      'with deadlines far apart',
      {},
      [
        [1, 0],
        [1, 10_000],
      ],
      [1],
    ],
    [
      'that are larger than the limits alone',
      { maxEvents: 3 },
      [
        [9, 0],
        [1, 0],
      ],
      [9],
    ],
  ])('do not leave together %s', (_, changes, orders, expected) => {
    const { join, sent, free } = start(changes);
    void join(sampleEvents(1), 0);
    for (const [events, deadlineAtMs] of orders) void join(sampleEvents(events), deadlineAtMs);
    free();
    expect(sent.slice(1).map(({ events }) => events.length)).toEqual(expected);
  });

  it('leave one after the other when so many are under way already', async () => {
    const { join, sent, free } = start({ maxEvents: 1, maxJoined: 1 });
    void join(sampleEvents(1), 0);
    const ends = [join(sampleEvents(1), 0), join(sampleEvents(1), 0)];
    free();
    free();
    expect(sent).toHaveLength(2);
    sent[1]?.end();
    await ends[0];
    await new Promise(setImmediate);
    expect(sent).toHaveLength(3);
  });

  it('leave at once when everything stops', () => {
    const { join, sent, stop } = start({ maxEvents: 1, maxJoined: 1 });
    for (let index = 0; index < 4; index++) void join(sampleEvents(1), 0);
    stop.abort();
    void join(sampleEvents(1), 0);
    expect(sent).toHaveLength(5);
  });
});

it('three thousand single exports to a slow server take a few requests on eight connections, and lose nothing', async () => {
  let underWay = 0;
  let most = 0;
  const posthog = await loopbackOfTest({
    respond: () => {
      underWay += 1;
      most = Math.max(most, underWay);
      setTimeout(() => (underWay -= 1), 290);
      return { do: 'delay', ms: 300 };
    },
  });
  const exporter = new PostHogLLMSpanExporter({
    apiKey: 'phc_join',
    endpoint: posthog.url,
    logger: createRecordingLogger(),
  });
  onTestFinished(() => exporter.shutdown());
  const tracer = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).getTracer(
    't',
  );
  for (let index = 0; index < 3_000; index++) {
    tracer
      .startSpan('chat', { attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm' } })
      .end();
  }
  await exporter.forceFlush();
  expect(exporter.stats()).toMatchObject({ delivered: 3_000, dropped: 0, inFlight: 0 });
  expect(new Set(posthog.events.map(({ uuid }) => uuid)).size).toBe(3_000);
  expect(posthog.requests.length).toBeLessThan(40);
  expect(most).toBeLessThanOrEqual(8);
  expect(posthog.connections).toBeLessThanOrEqual(8);
});
