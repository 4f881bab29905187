import { Readable } from 'node:stream';
import { resolveConfig } from '../../config/resolve-config.ts';
import type { Logger } from '../../ledger/log.ts';
import type { LaneConfig } from './lane.ts';

/** Name of the destination of `dev`, which is none. */
export const DEV_LANE = 'dev';

/**
 * A destination that sends nowhere: every request is answered here, as PostHog would answer it, so that all that an
 * exporter does before it is done for real.
 */
export function devLane(logger: Logger): LaneConfig {
  const config = resolveConfig(
    {
      apiKey: 'phc_dev',
      compression: 'none',
      logger,
      dispatcher: {
        request: async () => ({
          statusCode: 200,
          headers: { 'content-type': 'application/json' },
          body: Readable.from([Buffer.from('{"status":"Ok"}')]),
        }),
      },
    },
    {},
  );
  return { name: DEV_LANE, config, fingerprint: DEV_LANE };
}
