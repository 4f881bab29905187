import { describe, expect, it } from 'vitest';
import type { Scripted } from '../support/loopback-posthog.ts';
import { labelOf, labelsOf, sampleEvent, sampleEvents } from './sample-events.ts';
import { AI, CAPTURE, failures, KIB, MIB, start } from './start-delivery.ts';

describe('route fallback', () => {
  it('falls back to /batch/ and remembers it', async () => {
    const { posthog, delivery, deliver, paths, logger } = await start({ mode: 'self-hosted' });
    expect(delivery.maxEventBytes()).toBe(8 * MIB);
    expect(await deliver(sampleEvents(3))).toEqual({ delivered: 3, failed: [] });
    expect(await deliver(sampleEvents(2))).toEqual({ delivered: 2, failed: [] });
    expect(paths()).toEqual([AI, CAPTURE, CAPTURE]);
    expect(delivery.maxEventBytes()).toBe(900 * KIB);
    expect(logger.lines).toEqual([`info PostHog at ${new URL(posthog.url).host} does not serve ${AI}.`]);
  });

  it('asks for a missing route with the batches under way only', async () => {
    const { deliver, paths } = await start({ mode: 'self-hosted' }, { maxBatchBytes: KIB });
    expect(await deliver(sampleEvents(50))).toEqual({ delivered: 50, failed: [] });
    expect(paths().filter((path) => path === AI).length).toBeLessThanOrEqual(2);
  });

  it('asks for the AI route again after an hour', async () => {
    const { clock, deliver, paths } = await start({ mode: 'self-hosted' });
    await deliver(sampleEvents(1));
    clock.advance(3_600_000);
    await deliver(sampleEvents(1));
    expect(paths()).toEqual([AI, CAPTURE, AI, CAPTURE]);
  });

  it.each<[string, Scripted]>([
    ['404', { do: 'answer', status: 404 }],
    ['405', { do: 'answer', status: 405 }],
    ['a redirect', { do: 'answer', status: 302, headers: { location: '/login' } }],
    ['a web page', { do: 'answer', status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' }],
    [
      'a forbidding web page',
      { do: 'answer', status: 403, headers: { 'content-type': 'text/html' }, body: '<html>' },
    ],
  ])('takes %s for a missing route', async (_, scripted) => {
    const { posthog, deliver, paths } = await start();
    posthog.script(scripted);
    expect(await deliver(sampleEvents(2))).toEqual({ delivered: 2, failed: [] });
    expect(paths()).toEqual([AI, CAPTURE]);
  });

  it('fails when there is no route at all, and starts afresh the next time', async () => {
    const { posthog, deliver, paths } = await start();
    posthog.script({ do: 'answer', status: 404 }, { do: 'answer', status: 302 });
    expect(failures(await deliver(sampleEvents(1)))).toEqual([['e0', 'route-missing']]);
    expect(await deliver(sampleEvents(1))).toEqual({ delivered: 1, failed: [] });
    expect(paths()).toEqual([AI, CAPTURE, AI]);
  });

  it('goes back to the AI route when /batch/ vanishes', async () => {
    const { posthog, deliver, paths } = await start();
    posthog.script({ do: 'answer', status: 404 }, undefined, { do: 'answer', status: 404 });
    await deliver(sampleEvents(1));
    expect(await deliver(sampleEvents(1))).toEqual({ delivered: 1, failed: [] });
    expect(paths()).toEqual([AI, CAPTURE, CAPTURE, AI]);
  });

  it('shrinks what is too large for /batch/, and fails what cannot be shrunk alone', async () => {
    const { posthog, deliver } = await start({ mode: 'self-hosted' });
    const events = [
      sampleEvent('small'),
      sampleEvent('large', { bytes: 2 * MIB }),
      sampleEvent('stubborn', { bytes: MIB }),
      sampleEvent('faulty', { bytes: MIB }),
    ];
    const result = await deliver(events, (event, maxEventBytes) => {
      expect(maxEventBytes).toBe(900 * KIB);
      switch (labelOf(event)) {
        case 'large':
          return sampleEvent('large', { bytes: maxEventBytes });
        case 'stubborn':
          return undefined;
        default:
          throw new Error('cannot');
      }
    });
    expect(result.delivered).toBe(2);
    expect(result.failed.map(({ event, reason }) => [event, reason])).toEqual([
      [events[2], 'too-large'],
      [events[3], 'too-large'],
    ]);
    expect(labelsOf(posthog.events)).toEqual(['small', 'large']);
  });
});
