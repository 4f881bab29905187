import type { Clock } from '../clock.ts';
import { MAX_BATCH_EVENTS } from '../pack.ts';
import type { PostHogDelivery } from '../posthog-delivery.ts';
import type { Shrink } from '../shrink-event.ts';
import type { DeliveryResult, SendEvents, SerialisedEvent } from '../transport.ts';
import type { TurnsTaken } from '../turns.ts';
import { joinSends } from './join-sends.ts';
import type { OutageDetector } from './outage-detector.ts';

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
  readonly turns: TurnsTaken;
  readonly maxConcurrentRequests: number;
  /** Bytes of events that are sent together. */
  readonly maxBatchBytes: number;
  /** What is not delivered stays on disk. */
  readonly hasSpool: boolean;
}

/** During an outage one attempt is enough to see whether it is over, and the spool takes what it does not deliver. */
const OUTAGE_ATTEMPT_MS = 2_000;

/** Delivery that learns of outages and, where there is a spool, does not wait for their end. */
export function createSender(options: SendOptions): SendEvents {
  const { delivery, outage, clock, shrink, hasSpool, stop, stopRetrying } = options;
  const deliver = async (
    events: readonly SerialisedEvent[],
    deadlineAtMs: number,
    maxRetries?: number,
  ): Promise<DeliveryResult> => {
    const how = { deadlineAtMs, signal: stop, stopRetrying, maxRetries, shrink };
    const result = await delivery.deliver(events, how);
    outage.observe(result);
    return result;
  };
  const joining = joinSends((events, deadlineAtMs) => deliver(events, deadlineAtMs), {
    ...options,
    maxJoined: options.maxConcurrentRequests,
    maxEvents: MAX_BATCH_EVENTS,
    maxBytes: options.maxBatchBytes,
  });
  return (events, deadlineAtMs) => {
    if (!hasSpool || !outage.isOutage()) return joining(events, deadlineAtMs);
    const attemptEndsAtMs = clock.monotonicMs() + OUTAGE_ATTEMPT_MS;
    return deliver(events, Math.min(deadlineAtMs, attemptEndsAtMs), 0);
  };
}
