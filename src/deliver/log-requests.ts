import type { Logger } from '../ledger/log.ts';
import { shownRequestUrl } from './posthog-routes.ts';
import type { Transport, TransportOutcome } from './transport.ts';

/** The transport with one debug line for each request: events, bytes, outcome, milliseconds. */
export function logRequests(transport: Transport, logger: Logger): Transport {
  return {
    send: async (request) => {
      const startedMs = performance.now();
      const outcome = await transport.send(request);
      const tookMs = Math.round(performance.now() - startedMs);
      const events = request.events === undefined ? '' : `${request.events} events, `;
      const encoding = request.headers['content-encoding'] === undefined ? '' : ' (gzip)';
      logger.debug(
        `POST ${shownRequestUrl(request.url)}: ${events}${request.body.length} bytes${encoding}, ${wordsOf(outcome)}, ${tookMs} ms`,
      );
      return outcome;
    },
  };
}

function wordsOf(outcome: TransportOutcome): string {
  switch (outcome.type) {
    case 'delivered':
      return 'status 200: delivered';
    case 'retry':
    case 'refused':
    case 'too-large':
    case 'route-missing':
      // The message begins with the status when there was one.
      return outcome.message;
  }
}
