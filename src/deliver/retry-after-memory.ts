import type { Clock } from './clock.ts';
import type { Transport } from './transport.ts';

/** A transport that remembers when the server wants to be asked again at the earliest. */
export interface ObservedTransport {
  readonly transport: Transport;
  /** By the monotonic clock; in the past when the server is open. */
  notBeforeMs(): number;
}

/** A server that asks for more is asked again all the same: what is mended earlier must not wait for days. */
const MAX_HOLD_MS = 10 * 60 * 1000;

export function observeRetryAfter(inner: Transport, clock: Pick<Clock, 'monotonicMs'>): ObservedTransport {
  let notBeforeMs = Number.NEGATIVE_INFINITY;
  return {
    notBeforeMs: () => notBeforeMs,
    transport: {
      send: async (request) => {
        const outcome = await inner.send(request);
        if (outcome.type === 'delivered') notBeforeMs = Number.NEGATIVE_INFINITY;
        if (outcome.type === 'retry' && outcome.retryAfterMs !== undefined) {
          notBeforeMs = clock.monotonicMs() + Math.min(outcome.retryAfterMs, MAX_HOLD_MS);
        }
        return outcome;
      },
    },
  };
}
