import type { Lanes } from '../lanes/lanes.ts';
import { type AdminRoute, json } from './admin-http.ts';

/** How long the memory may be full before the gateway asks for no further requests. */
const FULL_FOR_MS = 30_000;

/** What is to be known of a gateway to say whether it takes requests. */
export interface Readiness {
  /** `false` until destinations were tested and everything is listened on. */
  readonly isStarted: () => boolean;
  readonly isStopping: () => boolean;
  /** Of the monotonic clock. */
  readonly fullSinceMs: () => number | undefined;
}

/** Why no requests should be sent here now; `undefined` when they should. */
export function unreadyReason({ isStarted, isStopping, fullSinceMs }: Readiness): string | undefined {
  if (isStopping()) return 'stopping';
  if (!isStarted()) return 'starting';
  const since = fullSinceMs();
  return since !== undefined && performance.now() - since > FULL_FOR_MS ? 'full' : undefined;
}

/**
 * Probes, as Kubernetes asks for them. A destination in trouble is named and is no reason to restart or to send elsewhere,
 * since neither mends it.
 */
export function healthRoutes(readiness: Readiness, lanes: Lanes): readonly AdminRoute[] {
  return [
    { path: '/healthz', method: 'GET', access: 'anybody', answer: () => json(200, { status: 'ok' }) },
    {
      path: '/readyz',
      method: 'GET',
      access: 'anybody',
      answer: () => {
        const reason = unreadyReason(readiness);
        const destinations = lanes.health();
        return json(reason === undefined ? 200 : 503, { status: reason ?? 'ready', destinations });
      },
    },
  ];
}
