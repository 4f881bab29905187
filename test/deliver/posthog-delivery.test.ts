import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPostHogDelivery } from '../../src/deliver/posthog-delivery.ts';
import type { Transport, TransportOutcome } from '../../src/deliver/transport.ts';
import { createUndiciTransport } from '../../src/deliver/undici-transport.ts';
import type { Scripted } from '../support/loopback-posthog.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';
import { sampleEvent, sampleEvents } from './sample-events.ts';
import { AI, failures, KIB, MIB, start } from './start-delivery.ts';

describe('delivery', () => {
  it('sends one gzip body to the AI route, events in order', async () => {
    const { posthog, deliver } = await start();
    const events = sampleEvents(20);
    expect(await deliver(events)).toEqual({ delivered: 20, failed: [] });
    expect(posthog.requests).toHaveLength(1);
    expect(posthog.requests[0]).toMatchObject({
      path: AI,
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      json: { api_key: 'phc_k', batch: events.map(({ json }) => JSON.parse(json.toString('utf8'))) },
    });
  });

  it('sends plain bodies when compression is off', async () => {
    const { posthog, deliver } = await start({}, { compression: 'none' });
    await deliver(sampleEvents(20));
    expect(posthog.requests[0]?.headers['content-encoding']).toBeUndefined();
    expect(posthog.events).toHaveLength(20);
  });

  it('makes no request for nothing', async () => {
    const { posthog, deliver } = await start();
    expect(await deliver([])).toEqual({ delivered: 0, failed: [] });
    expect(posthog.requests).toEqual([]);
  });

  it('keeps a path prefix of the endpoint', async () => {
    const { posthog, deliver } = await start({ respond: () => ({ do: 'answer', status: 200, body: '{}' }) });
    const { delivery, clock } = await start({}, { endpoint: `${posthog.url}/ingest` });
    const signal = new AbortController().signal;
    await delivery.deliver(sampleEvents(1), { deadlineAtMs: clock.now() + 1000, signal });
    expect(posthog.requests[0]?.path).toBe(`/ingest${AI}`);
    await deliver(sampleEvents(1));
    expect(posthog.requests[1]?.path).toBe(AI);
  });

  it('packs by bytes and count', async () => {
    const { posthog, deliver } = await start({}, { maxBatchBytes: 100 * KIB });
    await deliver(sampleEvents(10, { bytes: 40 * KIB }));
    expect(posthog.requests.map(({ events }) => events.length)).toEqual([2, 2, 2, 2, 2]);
    for (const { body } of posthog.requests) {
      expect(body?.length).toBeLessThanOrEqual(100 * KIB);
    }
    const roomy = await start({}, { maxBatchBytes: 5000 * KIB });
    await roomy.deliver(sampleEvents(2001));
    expect(roomy.posthog.requests.map(({ events }) => events.length)).toEqual([1000, 1000, 1]);
  });

  it('fails an event above the limit alone', async () => {
    const { posthog, deliver } = await start();
    const events = [sampleEvent('a'), sampleEvent('huge', { bytes: 8 * MIB + 1 }), sampleEvent('b')];
    const result = await deliver(events);
    expect(result.delivered).toBe(2);
    expect(result.failed).toEqual([{ event: events[1], reason: 'too-large', message: expect.any(String) }]);
    expect(posthog.requests).toHaveLength(1);
  });

  it('takes an event at the limit to the byte', async () => {
    const { deliver } = await start();
    expect(await deliver([sampleEvent('large', { bytes: 8 * MIB })])).toEqual({ delivered: 1, failed: [] });
  });

  it('has two requests under way at most', async () => {
    let open = 0;
    let most = 0;
    const transport: Transport = {
      send: async () => {
        most = Math.max(most, ++open);
        await new Promise((resolve) => setTimeout(resolve, 5));
        open -= 1;
        return { type: 'delivered' };
      },
    };
    const { deliver } = await start({}, { transport, maxBatchBytes: 1 });
    expect(await deliver(sampleEvents(8))).toEqual({ delivered: 8, failed: [] });
    expect(most).toBe(2);
  });
});

describe('passing failures', () => {
  it.each<[string, Scripted]>([
    ['503', { do: 'answer', status: 503 }],
    ['429', { do: 'answer', status: 429 }],
    ['408', { do: 'answer', status: 408 }],
    ['a reset', { do: 'reset', when: 'mid-answer' }],
    ['a truncated answer', { do: 'truncate' }],
  ])('after %s the same bytes are sent again', async (_, scripted) => {
    const { posthog, clock, deliver } = await start();
    posthog.script(scripted, scripted);
    expect(await deliver(sampleEvents(20))).toEqual({ delivered: 20, failed: [] });
    expect(clock.waits).toHaveLength(2);
    const [first, second, third] = posthog.requests;
    expect(second?.wire.equals(first?.wire ?? Buffer.alloc(0))).toBe(true);
    expect(third?.wire.equals(first?.wire ?? Buffer.alloc(0))).toBe(true);
    expect(third?.headers['content-encoding']).toBe('gzip');
  });

  it('waits as long as the server asks', async () => {
    const { posthog, clock, deliver } = await start();
    posthog.script({ do: 'answer', status: 429, headers: { 'retry-after': '20' } });
    expect(await deliver(sampleEvents(1))).toEqual({ delivered: 1, failed: [] });
    expect(clock.waits).toEqual([20_000]);
  });

  it('fails with the last reason after the last attempt', async () => {
    const { posthog, deliver } = await start({ respond: () => ({ do: 'answer', status: 503 }) });
    const result = await deliver(sampleEvents(2));
    expect(failures(result)).toEqual([
      ['e0', 'server-error'],
      ['e1', 'server-error'],
    ]);
    expect(posthog.requests).toHaveLength(4);
  });

  it('makes no request after the deadline', async () => {
    const { posthog, clock, delivery } = await start();
    const signal = new AbortController().signal;
    const result = await delivery.deliver(sampleEvents(1), { deadlineAtMs: clock.now(), signal });
    expect(failures(result)).toEqual([['e0', 'deadline']]);
    expect(posthog.requests).toEqual([]);
  });

  it('ends at once when aborted', async () => {
    const transport = createUndiciTransport({ timeoutMs: 200_000, logger: createRecordingLogger() });
    const { posthog, deliver } = await start({ respond: () => ({ do: 'stall' }) }, { transport });
    const controller = new AbortController();
    const begin = performance.now();
    const pending = deliver(sampleEvents(2, { bytes: 3 * MIB }), undefined, controller.signal);
    setTimeout(() => controller.abort(), 100);
    const result = await pending;
    expect(performance.now() - begin).toBeLessThan(60_000);
    expect(failures(result)).toEqual([
      ['e0', 'aborted'],
      ['e1', 'aborted'],
    ]);
    expect(posthog.requests.length).toBeLessThanOrEqual(2);
  });
});

describe('whatever the answers are', () => {
  const answers = fc.constantFrom<TransportOutcome>(
    { type: 'delivered' },
    { type: 'too-large', status: 413, message: '' },
    { type: 'route-missing', status: 404, message: '' },
    { type: 'refused', reason: 'bad-request', status: 400, message: '' },
    { type: 'refused', reason: 'unauthorized', status: 401, message: '' },
    { type: 'retry', reason: 'network', message: '' },
    { type: 'retry', reason: 'rate-limited', retryAfterMs: 9000, message: '' },
  );

  it('every event has one fate', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(answers, { minLength: 1 }),
        fc.integer({ min: 0, max: 40 }),
        async (outcomes, count) => {
          let requests = 0;
          const transport: Transport = {
            send: async () => outcomes[requests++ % outcomes.length] ?? { type: 'delivered' },
          };
          const clock = createVirtualClock();
          const logger = createRecordingLogger();
          const delivery = createPostHogDelivery({
            apiKey: 'phc_k',
            endpoint: 'http://localhost',
            transport,
            compression: 'none',
            maxBatchBytes: 20_000,
            maxRetries: 2,
            clock,
            logger,
          });
          const events = sampleEvents(count, { bytes: 3000 });
          const options = { deadlineAtMs: clock.now() + 60_000, signal: new AbortController().signal };
          const { delivered, failed } = await delivery.deliver(events, {
            ...options,
            shrink: (event, maxEventBytes) => ({
              uuid: event.uuid,
              json: event.json.subarray(0, maxEventBytes),
            }),
          });
          expect(delivered + failed.length).toBe(count);
          expect(new Set(failed.map(({ event }) => event)).size).toBe(failed.length);
          expect(failed.every(({ event, reason }) => events.includes(event) && reason !== 'internal')).toBe(
            true,
          );
        },
      ),
    );
  });
});

describe('failures that meet every request', () => {
  it('fails all at once when the key is refused', async () => {
    const { posthog, deliver } = await start(
      { captureKeyCheck: 'enforce', knownKeys: [] },
      { maxBatchBytes: KIB },
    );
    const result = await deliver(sampleEvents(50));
    expect(new Set(result.failed.map(({ reason }) => reason))).toEqual(new Set(['unauthorized']));
    expect(result.failed).toHaveLength(50);
    expect(posthog.requests.length).toBeLessThanOrEqual(2);
  });

  it.each<TransportOutcome>([
    { type: 'refused', reason: 'tls', message: 'm' },
    { type: 'refused', reason: 'headers', message: 'm' },
  ])('fails all at once for $reason', async (outcome) => {
    let requests = 0;
    const transport: Transport = {
      send: async () => {
        requests += 1;
        return outcome;
      },
    };
    const { deliver } = await start({}, { transport, maxBatchBytes: 1 });
    const result = await deliver(sampleEvents(9));
    expect(result.failed.map(({ message }) => message)).toEqual(Array.from({ length: 9 }, () => 'm'));
    expect(requests).toBeLessThanOrEqual(2);
  });

  it('does not throw when the transport does', async () => {
    const transport: Transport = { send: () => Promise.reject(new Error('phc_secret')) };
    const { deliver } = await start({}, { transport });
    const result = await deliver(sampleEvents(2));
    expect(result.failed).toHaveLength(2);
    expect(result.failed[0]).toMatchObject({
      reason: 'internal',
      message: 'delivery failed unexpectedly (Error)',
    });
  });
});
