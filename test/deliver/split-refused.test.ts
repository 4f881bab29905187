import { describe, expect, it } from 'vitest';
import { labelsOf, sampleEvent, sampleEvents } from './sample-events.ts';
import { failures, KIB, MIB, start } from './start-delivery.ts';

describe('413', () => {
  it('costs only the event at fault, which is uploaded a few times at most', async () => {
    const { posthog, deliver } = await start({ aiMaxEventBytes: 2 * MIB });
    const events = sampleEvents(100, { bytes: 4 * KIB });
    events[41] = sampleEvent('big', { bytes: 3 * MIB });
    const result = await deliver(events);
    expect(result.delivered).toBe(99);
    expect(failures(result)).toEqual([['big', 'too-large']]);
    expect(posthog.events).toHaveLength(99);
    expect(posthog.requests.filter(({ events: sent }) => labelsOf(sent).includes('big'))).toHaveLength(3);
  });

  it('shrinks a single event as far as needed', async () => {
    const { posthog, deliver } = await start({ aiMaxEventBytes: 300 * KIB });
    const events = [sampleEvent('a'), sampleEvent('big', { bytes: 3 * MIB }), sampleEvent('b')];
    const asked: number[] = [];
    const result = await deliver(events, (event, maxEventBytes) => {
      asked.push(maxEventBytes);
      return { uuid: event.uuid, json: sampleEvent('big', { bytes: maxEventBytes }).json };
    });
    expect(result).toEqual({ delivered: 3, failed: [] });
    expect(asked).toEqual([900 * KIB, 450 * KIB, 225 * KIB]);
    expect(labelsOf(posthog.events).sort()).toEqual(['a', 'b', 'big']);
  });

  it('learns the body limit of a proxy in front', async () => {
    const { posthog, deliver } = await start({ maxWireBytes: 300 * KIB }, { compression: 'none' });
    const events = sampleEvents(100, { bytes: 10 * KIB });
    expect(await deliver(events)).toEqual({ delivered: 100, failed: [] });
    expect(labelsOf(posthog.events)).toEqual(
      labelsOf(events.map(({ json }) => JSON.parse(json.toString('utf8')))),
    );
    const before = posthog.requests.length;
    expect(await deliver(events)).toEqual({ delivered: 100, failed: [] });
    expect(posthog.requests.slice(before).every(({ wire }) => wire.length <= 300 * KIB)).toBe(true);
  });

  it('does not split for ever', async () => {
    const { posthog, deliver } = await start({ respond: () => ({ do: 'answer', status: 413 }) });
    const result = await deliver(sampleEvents(500));
    expect(result.delivered).toBe(0);
    expect(result.failed).toHaveLength(500);
    expect(posthog.requests.length).toBeLessThan(50);
  });
});

describe('400', () => {
  it.each([
    ['the first', [0]],
    ['the last', [99]],
    ['one in the middle', [41]],
    ['several', [3, 4, 50, 97]],
    ['every second', Array.from({ length: 50 }, (_, index) => 2 * index)],
  ])('costs only the events at fault: %s', async (_, bad) => {
    const { posthog, deliver } = await start();
    const events = sampleEvents(100);
    for (const index of bad) {
      events[index] = sampleEvent(`e${index}`, { name: 'not_an_ai_event' });
    }
    const result = await deliver(events);
    expect(failures(result)).toEqual(bad.map((index) => [`e${index}`, 'bad-request']));
    expect(result.delivered).toBe(100 - bad.length);
    expect(posthog.events).toHaveLength(100 - bad.length);
    expect(posthog.requests.length).toBeLessThanOrEqual(bad.length * 15);
  });

  it('does not split for ever, and begins again with the next export', async () => {
    let isBroken = true;
    const { posthog, deliver } = await start({
      respond: () => (isBroken ? { do: 'answer', status: 400 } : undefined),
    });
    const result = await deliver(sampleEvents(500));
    expect(result.failed).toHaveLength(500);
    expect(posthog.requests.length).toBeLessThan(50);
    isBroken = false;
    const next = await deliver([...sampleEvents(9), sampleEvent('bad', { name: 'not_an_ai_event' })]);
    expect(next.delivered).toBe(9);
    expect(failures(next)).toEqual([['bad', 'bad-request']]);
  });

  it('is not split when it is another 4xx', async () => {
    const { posthog, deliver } = await start({ respond: () => ({ do: 'answer', status: 403, body: 'no' }) });
    const result = await deliver(sampleEvents(10));
    expect(result.failed).toHaveLength(10);
    expect(posthog.requests).toHaveLength(1);
  });
});
