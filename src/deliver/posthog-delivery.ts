import type { Logger } from '../ledger/log.ts';
import type { Clock } from './clock.ts';
import type { Compression } from './compress.ts';
import { deliverOnRoute, type ExportJob } from './deliver-on-route.ts';
import { MAX_WIRE_BYTES, SAFE_EVENT_BYTES } from './posthog-routes.ts';
import { DEFAULT_BACKOFF, withRetry } from './retry.ts';
import { createRouteMemory } from './route-memory.ts';
import type { Shrink } from './shrink-event.ts';
import { startTally } from './tally.ts';
import type { DeliveryResult, SerialisedEvent, Transport } from './transport.ts';

export interface PostHogDeliveryOptions {
  /** Project API key; travels in the body. */
  readonly apiKey: string;
  /** URL without trailing slash, possibly with a path prefix. */
  readonly endpoint: string;
  readonly transport: Transport;
  readonly compression: Compression;
  /** Bytes of a body before compression that are aimed for; at most 20 MiB count. */
  readonly maxBatchBytes: number;
  /** Further attempts for each request after passing failures. */
  readonly maxRetries: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface DeliverOptions {
  /** By the monotonic clock of the delivery, when the export must be over. */
  readonly deadlineAtMs: number;
  /** Ends the export at once; what is not delivered by then fails with reason `aborted`. */
  readonly signal: AbortSignal;
  /** Ends waits before retries and forbids further attempts; requests under way may finish. */
  readonly stopRetrying?: AbortSignal | undefined;
  /** Further attempts after passing failures. Default: those of the delivery. */
  readonly maxRetries?: number | undefined;
  /** Asked to shrink an event that is larger than the route in use, or the server, takes. Default: it fails. */
  readonly shrink?: Shrink | undefined;
}

export interface PostHogDelivery {
  /** Sends events, each object given at most once, in order as far as retries allow. Never throws or rejects. */
  deliver(events: readonly SerialisedEvent[], options: DeliverOptions): Promise<DeliveryResult>;
  /** Largest event, in bytes of JSON, that the route in use takes. Falls when PostHog has no AI route. */
  maxEventBytes(): number;
}

/**
 * Delivery to PostHog's batch routes: packs, compresses, retries, and splits what is refused. Sends to the AI route,
 * or, where that is missing (404, 405, a redirect or a web page), to `/batch/`, and asks for the AI route again after
 * an hour. Each event is delivered or fails for its own reason only; a retry sends the same bytes.
 */
export function createPostHogDelivery(options: PostHogDeliveryOptions): PostHogDelivery {
  const { apiKey, endpoint, compression, transport, clock, maxRetries, logger } = options;
  // Without the path, which may hold a key.
  const { host } = new URL(endpoint);
  const memory = createRouteMemory(Math.min(options.maxBatchBytes, MAX_WIRE_BYTES), clock);

  /** Tries one route after the other with what the one before does not serve. */
  const deliverOnRoutes = async (events: readonly SerialisedEvent[], job: ExportJob): Promise<void> => {
    let waiting = events;
    for (const route of memory.routes()) {
      waiting = await deliverOnRoute(waiting, route, job);
      if (waiting.length === 0) {
        return;
      }
      memory.reportMissing(route.name);
      logger.info(`PostHog at ${host} does not serve ${route.path}.`);
    }
  };

  return {
    deliver: async (events, { deadlineAtMs, signal, stopRetrying, shrink, ...given }) => {
      const tally = startTally(events);
      const retrying = withRetry(transport, {
        backoff: DEFAULT_BACKOFF,
        maxRetries: given.maxRetries ?? maxRetries,
        deadlineAtMs,
        clock,
        stopRetrying,
      });
      try {
        let missing = '';
        const noteMissing = (message: string) => {
          missing = `: ${message}`;
        };
        const sending = { apiKey, endpoint, compression, transport: retrying, signal, shrink, memory, tally };
        const job = { ...sending, noteMissing };
        await deliverOnRoutes(events, job);
        return tally.close(
          'route-missing',
          `no ingestion route of PostHog found at ${host}${missing || '; check "endpoint" (POSTHOG_HOST)'}`,
        );
      } catch (error) {
        const name = error instanceof Error ? error.name : typeof error;
        return tally.close('internal', `delivery failed unexpectedly (${name})`);
      }
    },
    maxEventBytes: () => memory.routes()[0]?.maxEventBytes ?? SAFE_EVENT_BYTES,
  };
}
