import { describe, expect, it } from 'vitest';
import type { PostHogDelivery } from '../../src/deliver/posthog-delivery.ts';
import { skipDelivered } from '../../src/deliver/skip-delivered.ts';
import type { SerialisedEvent } from '../../src/deliver/transport.ts';

const event = (uuid: string): SerialisedEvent => ({ uuid, json: Buffer.from('{}') });
const options = { deadlineAtMs: 1, signal: new AbortController().signal };

/** Notes what is sent, and fails what it is told to. */
function deliveryOf(failing: ReadonlySet<string>): { delivery: PostHogDelivery; sent: string[] } {
  const sent: string[] = [];
  const delivery: PostHogDelivery = {
    maxEventBytes: () => 1,
    deliver: async (events) => {
      sent.push(...events.map(({ uuid }) => uuid));
      const failed = events
        .filter(({ uuid }) => failing.has(uuid))
        .map((each) => ({ event: each, reason: 'network' as const, message: 'down' }));
      return { delivered: events.length - failed.length, failed };
    },
  };
  return { delivery, sent };
}

describe('events that were delivered', () => {
  it('are not sent again, and count as delivered; those that failed are', async () => {
    const failing = new Set(['b']);
    const { delivery, sent } = deliveryOf(failing);
    const skipping = skipDelivered(delivery, () => 0);
    expect(await skipping.deliver(['a', 'b'].map(event), options)).toMatchObject({
      delivered: 1,
      failed: [{ event: { uuid: 'b' } }],
    });
    failing.clear();
    expect(await skipping.deliver(['a', 'b', 'c'].map(event), options)).toEqual({ delivered: 3, failed: [] });
    expect(sent).toEqual(['a', 'b', 'b', 'c']);
    expect(await skipping.deliver(['a', 'b', 'c'].map(event), options)).toEqual({ delivered: 3, failed: [] });
    expect(sent).toHaveLength(4);
  });

  it('are forgotten after ten minutes, and when there are too many', async () => {
    let nowMs = 0;
    const { delivery, sent } = deliveryOf(new Set());
    const skipping = skipDelivered(delivery, () => nowMs);
    const again = async (): Promise<boolean> => {
      const before = sent.length;
      await skipping.deliver([event('a')], options);
      return sent.length > before;
    };
    expect(await again()).toBe(true);
    nowMs += 5 * 60_000;
    expect(await again()).toBe(false);
    nowMs += 5 * 60_000;
    expect(await again()).toBe(true);
    for (let round = 0; round < 3; round += 1) {
      await skipping.deliver(
        Array.from({ length: 50_000 }, (_, index) => event(`${round}-${index}`)),
        options,
      );
    }
    expect(await again()).toBe(true);
  });
});
