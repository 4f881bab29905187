import type { Clock } from '../clock.ts';
import type { PostHogDelivery } from '../posthog-delivery.ts';
import type { Shrink } from '../shrink-event.ts';
import type { DeliveryResult, SerialisedEvent } from '../transport.ts';
import type { OutageDetector } from './outage-detector.ts';

/** Sends events once, with retries. Never rejects. */
export type SendEvents = (
  events: readonly SerialisedEvent[],
  deadlineAtMs: number,
) => Promise<DeliveryResult>;

/** How a shutdown reaches what is under way. */
export interface ShutdownSignals {
  /** Ends requests under way. */
  readonly stop: AbortSignal;
  /** Ends waits before retries. */
  readonly stopRetrying: AbortSignal;
}

export interface SendOptions extends ShutdownSignals {
  readonly delivery: PostHogDelivery;
  readonly outage: OutageDetector;
  readonly clock: Clock;
  readonly shrink: Shrink;
  /** What is not delivered is kept on disk. */
  readonly hasSpool: boolean;
}

/** During an outage one attempt is enough to see whether it is over, and the spool takes what it does not deliver. */
const OUTAGE_ATTEMPT_MS = 2_000;

/** Delivery that learns of outages and, where there is a spool, does not wait for their end. */
export function createSender(options: SendOptions): SendEvents {
  const { delivery, outage, clock, shrink, hasSpool, stop, stopRetrying } = options;
  return async (events, deadlineAtMs) => {
    const isOutage = hasSpool && outage.isOutage();
    const attemptEndsAtMs = clock.monotonicMs() + OUTAGE_ATTEMPT_MS;
    const result = await delivery.deliver(events, {
      deadlineAtMs: isOutage ? Math.min(deadlineAtMs, attemptEndsAtMs) : deadlineAtMs,
      signal: stop,
      stopRetrying,
      maxRetries: isOutage ? 0 : undefined,
      shrink,
    });
    outage.observe(result);
    return result;
  };
}
