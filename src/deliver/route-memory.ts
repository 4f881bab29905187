import type { Clock } from './clock.ts';
import { ROUTES, type Route, type RouteName } from './posthog-routes.ts';

/** After this time the AI route, or a larger body, is tried again: deployments get upgraded, proxies reconfigured. */
const MEMORY_MS = 60 * 60 * 1000;

/** A smaller limit is not believed for later batches: it would turn each event into a request. */
const MIN_LEARNT_BATCH_BYTES = 64 * 1024;

/** What was learnt about one PostHog while sending to it. */
export interface RouteMemory {
  /** The routes to try, best first. */
  routes(): readonly Route[];
  /** The answer was that this route does not exist. */
  reportMissing(name: RouteName): void;
  /** Bytes of a body to aim for. */
  maxBatchBytes(): number;
  /** A body was refused as too large while both its halves were accepted; the larger one had this size. */
  reportBodyLimit(bytes: number): void;
}

/** Starts without knowledge: AI route first, bodies up to `maxBatchBytes`. Forgets after an hour. */
export function createRouteMemory(maxBatchBytes: number, clock: Pick<Clock, 'monotonicMs'>): RouteMemory {
  let aiMissingUntilMs = Number.NEGATIVE_INFINITY;
  let bodyLimit = { bytes: maxBatchBytes, untilMs: Number.NEGATIVE_INFINITY };
  const currentBodyLimit = (): number =>
    clock.monotonicMs() < bodyLimit.untilMs ? bodyLimit.bytes : maxBatchBytes;
  return {
    routes: () =>
      clock.monotonicMs() < aiMissingUntilMs ? [ROUTES.capture, ROUTES.ai] : [ROUTES.ai, ROUTES.capture],
    reportMissing: (name) => {
      // Without `/batch/` there is nothing to fall back to, so what was known is wrong.
      aiMissingUntilMs = name === 'ai' ? clock.monotonicMs() + MEMORY_MS : Number.NEGATIVE_INFINITY;
    },
    maxBatchBytes: currentBodyLimit,
    reportBodyLimit: (bytes) => {
      const learnt = Math.max(bytes, MIN_LEARNT_BATCH_BYTES);
      bodyLimit = { bytes: Math.min(learnt, currentBodyLimit()), untilMs: clock.monotonicMs() + MEMORY_MS };
    },
  };
}
