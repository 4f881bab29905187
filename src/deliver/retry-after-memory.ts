import type { Clock } from './clock.ts';
import type { Transport } from './transport.ts';

/** A transport that remembers when the server wants to be asked again at the earliest. */
export interface ObservedTransport {
  readonly transport: Transport;
  /** Milliseconds since the epoch; 0 when it is open. */
  notBeforeMs(): number;
}

/** A server that asks for more is asked again all the same: what is mended earlier must not wait for days. */
const MAX_HOLD_MS = 10 * 60 * 1000;

export function observeRetryAfter(inner: Transport, clock: Pick<Clock, 'now'>): ObservedTransport {
  let notBeforeMs = 0;
  return {
    notBeforeMs: () => notBeforeMs,
    transport: {
      send: async (request) => {
        const outcome = await inner.send(request);
        if (outcome.type === 'delivered') notBeforeMs = 0;
        if (outcome.type === 'retry' && outcome.retryAfterMs !== undefined) {
          notBeforeMs = clock.now() + Math.min(outcome.retryAfterMs, MAX_HOLD_MS);
        }
        return outcome;
      },
    },
  };
}
