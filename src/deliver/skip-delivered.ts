import type { PostHogDelivery } from './posthog-delivery.ts';
import type { SerialisedEvent } from './transport.ts';

/** Ids of events are kept for one to two of these. A sender that got no answer sends again within minutes. */
const GENERATION_MS = 5 * 60_000;

/** Ids in one generation at most: about 10 MB. */
const GENERATION_EVENTS = 50_000;

/**
 * Delivery that sends no event a second time which it has delivered lately. PostHog recognises a repeated event, and may
 * bill it all the same. For senders that repeat a whole request when one of several destinations failed.
 * @param nowMs of the monotonic clock
 */
export function skipDelivered(delivery: PostHogDelivery, nowMs: () => number): PostHogDelivery {
  let young = new Set<string>();
  let old = new Set<string>();
  let sinceMs = nowMs();
  const turn = (): void => {
    if (young.size < GENERATION_EVENTS && nowMs() - sinceMs < GENERATION_MS) return;
    old = young;
    young = new Set();
    sinceMs = nowMs();
  };
  const isKnown = ({ uuid }: SerialisedEvent): boolean => young.has(uuid) || old.has(uuid);
  return {
    ...delivery,
    async deliver(events, options) {
      turn();
      const fresh = events.filter((event) => !isKnown(event));
      const repeated = events.length - fresh.length;
      if (fresh.length === 0) return { delivered: repeated, failed: [] };
      const result = await delivery.deliver(fresh, options);
      const failed = new Set(result.failed.map(({ event }) => event));
      for (const event of fresh) if (!failed.has(event)) young.add(event.uuid);
      return { ...result, delivered: result.delivered + repeated };
    },
  };
}
