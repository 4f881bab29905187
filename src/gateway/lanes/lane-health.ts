import type { ConnectionResult } from '../../deliver/connection/connection-result.ts';
import type { Lane } from './lane.ts';

/**
 * - `ok`: the newest delivery succeeded, or there was none.
 * - `degraded`: the newest delivery failed for a reason that may pass; events wait or go to the disk.
 * - `refused`: PostHog does not know the key, or the endpoint is wrong. The configuration has to be corrected.
 */
export type LaneState = 'ok' | 'degraded' | 'refused';

export interface LaneHealth {
  readonly name: string;
  readonly state: LaneState;
  /** Since when it is not `ok`; ISO 8601. */
  readonly since?: string;
  /** What went wrong and what to do, in words without keys or content. */
  readonly message?: string;
  readonly spoolBytes?: number;
}

/** Findings of a connection test that no waiting mends. */
const NEEDS_A_PERSON: ReadonlySet<ConnectionResult['status']> = new Set([
  'wrong-key',
  'wrong-region',
  'personal-key',
]);

/** Whether a test says for sure that key or endpoint is wrong; an outage does not. */
export function isDefinitelyWrong(result: ConnectionResult): boolean {
  return (
    NEEDS_A_PERSON.has(result.status) ||
    (result.status === 'host-unreachable' && result.cause === 'invalid-endpoint') ||
    (result.status === 'key-not-verifiable' && result.reason === 'not-posthog')
  );
}

/** How a lane is, by its newest delivery and, while nothing was delivered, its newest test. */
export function laneHealth(
  { name, pipeline }: Lane,
  tested: { readonly result: ConnectionResult; readonly atMs: number } | undefined,
): LaneHealth {
  const trouble = pipeline.trouble();
  const spoolBytes = pipeline.stats().spool?.bytes;
  const common = { name, ...(spoolBytes === undefined ? {} : { spoolBytes }) };
  if (trouble) {
    const state = trouble.reason === 'unauthorized' ? 'refused' : 'degraded';
    return { ...common, state, since: new Date(trouble.sinceMs).toISOString(), message: trouble.message };
  }
  if (tested && tested.result.status !== 'ok' && pipeline.stats().delivered === 0) {
    const { result, atMs } = tested;
    return {
      ...common,
      state: isDefinitelyWrong(result) ? 'refused' : 'degraded',
      since: new Date(atMs).toISOString(),
      message: `${result.message} ${result.fix}`,
    };
  }
  return { ...common, state: 'ok' };
}
