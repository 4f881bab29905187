import { setTimeout as setTimeoutAsync } from 'node:timers/promises';
import type { Lane } from '../lanes/lane.ts';
import type { LaneResult, LaneTaking } from '../lanes/lane-taking.ts';

/** What a positive answer means. */
export const ACKNOWLEDGEMENTS = ['accepted', 'stored', 'delivered'] as const;

/**
 * - `accepted`: the spans are in memory and decoded. An outage shorter than `deadlineMs` loses nothing, the end of the
 *   process does.
 * - `stored`: every destination has the events on its disk or has delivered them. Neither `kill -9` nor a power cut loses them.
 * - `delivered`: every destination has delivered the events, or got the answer that they will never be taken.
 */
export type Acknowledgement = (typeof ACKNOWLEDGEMENTS)[number];

/**
 * The Collector's gRPC exporter waits 5 s for an answer and sends again after that, so the answer comes before.
 */
export const ANSWER_WITHIN_MS = 4_000;

/** Waits for what the answer is to mean. @returns why the sender must send again, if it must */
export async function acknowledge(
  mode: Acknowledgement,
  takings: readonly (readonly [Lane, LaneTaking])[],
  withinMs: number,
): Promise<string | undefined> {
  if (mode === 'accepted' || takings.length === 0) return undefined;
  const waits = takings.map(async ([lane, taking]) => {
    const result = await (mode === 'stored' ? taking.stored : taking.done);
    return { lane, result };
  });
  const late = setTimeoutAsync(Math.max(withinMs, 0), undefined, { ref: false });
  const results = await Promise.race([Promise.all(waits), late]);
  if (results === undefined) return `Not ${mode} within ${Math.round(withinMs)} ms; send again.`;
  const failed = results.filter(({ result }) => isFailure(result)).map(({ lane }) => lane.name);
  return failed.length === 0 ? undefined : `Not ${mode} by ${failed.join(', ')}; send again.`;
}

function isFailure(result: LaneResult): boolean {
  return result === 'passing';
}
