import { createPostHogDelivery, type PostHogDeliveryOptions } from '../../src/deliver/posthog-delivery.ts';
import type { DeliveryResult, SerialisedEvent } from '../../src/deliver/transport.ts';
import { createUndiciTransport } from '../../src/deliver/undici-transport.ts';
import { loopbackOfTest } from '../support/loopback-of-test.ts';
import type { LoopbackOptions } from '../support/loopback-posthog.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';
import { labelOf } from './sample-events.ts';

export const AI = '/i/v0/ai/batch/';
export const CAPTURE = '/batch/';
export const KIB = 1024;
export const MIB = 1024 * KIB;

/** A PostHog, a delivery to it, and a clock that jumps over waits. */
export async function start(server: LoopbackOptions = {}, changes: Partial<PostHogDeliveryOptions> = {}) {
  const posthog = await loopbackOfTest(server);
  const clock = createVirtualClock();
  const logger = createRecordingLogger();
  const delivery = createPostHogDelivery({
    apiKey: 'phc_k',
    endpoint: posthog.url,
    transport: createUndiciTransport({ timeoutMs: 5000, logger }),
    compression: 'gzip',
    maxBatchBytes: 5 * MIB,
    maxRetries: 3,
    clock,
    logger,
    ...changes,
  });
  const deliver = (
    events: readonly SerialisedEvent[],
    shrink?: (event: SerialisedEvent, maxEventBytes: number) => SerialisedEvent | undefined,
    signal = new AbortController().signal,
  ): Promise<DeliveryResult> =>
    delivery.deliver(events, { deadlineAtMs: clock.now() + 30_000, signal, shrink });
  return { posthog, clock, logger, delivery, deliver, paths: () => posthog.requests.map(({ path }) => path) };
}

/** Failures by label and reason. */
export function failures({ failed }: DeliveryResult): unknown[] {
  return failed.map(({ event, reason }) => [labelOf(event), reason]);
}
