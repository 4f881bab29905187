import type { Shrink } from '../fit.ts';
import { MAX_BATCH_EVENTS } from '../pack.ts';
import type { PostHogDelivery } from '../posthog-delivery.ts';
import type { HeldFile } from '../spool/held-file.ts';
import type { Spool } from '../spool/spool.ts';
import type { DeliveryResult, FailureReason, SerialisedEvent } from '../transport.ts';
import { sortResult } from './kept-reasons.ts';

export interface ReplayJob {
  readonly spool: Spool;
  readonly delivery: PostHogDelivery;
  readonly maxBatchBytes: number;
  readonly shrink: Shrink;
  readonly stop: AbortSignal;
  readonly stopRetrying: AbortSignal;
  /** `any`: whatever project the files are for. */
  readonly destination: 'own' | 'any';
  /** Told what became of events; those that stay in the spool are not mentioned. */
  readonly onFate: (fate: ReplayFate) => void;
}

export interface ReplayFate {
  readonly fate: 'delivered' | { readonly dropped: FailureReason };
  readonly events: number;
  /** Whether this exporter had spooled them; else an earlier or another one had. */
  readonly isOwn: boolean;
}

/** `nothing` when no file waits; `failing` when events stay in the spool, with the reason of one of them. */
export type ReplayEnd =
  | { readonly type: 'nothing' }
  | { readonly type: 'sent'; readonly result: DeliveryResult }
  | { readonly type: 'failing'; readonly result: DeliveryResult; readonly message: string };

/**
 * Sends the oldest files of the spool. Never rejects.
 * @param size `one-file`: the least that shows whether PostHog takes events again
 */
export async function replayBatch(
  job: ReplayJob,
  deadlineAtMs: number,
  size: 'batch' | 'one-file' = 'batch',
): Promise<ReplayEnd> {
  const { spool, delivery, stop, stopRetrying, shrink } = job;
  const limits =
    size === 'batch'
      ? { maxEvents: MAX_BATCH_EVENTS, maxBytes: job.maxBatchBytes }
      : { maxEvents: 1, maxBytes: 1 };
  const files = await spool.claim({ ...limits, destination: job.destination });
  const events = files.flatMap((file) => file.events);
  if (files.length === 0) return { type: 'nothing' };
  const result = await delivery.deliver(events, { deadlineAtMs, signal: stop, stopRetrying, shrink });
  const { kept } = sortResult(result);
  for (const file of files) await settle(file, result, kept, job.onFate);
  const first = result.failed.find(({ event }) => kept.has(event));
  return first === undefined ? { type: 'sent', result } : { type: 'failing', result, message: first.message };
}

async function settle(
  file: HeldFile,
  { failed }: DeliveryResult,
  kept: ReadonlyMap<SerialisedEvent, unknown>,
  onFate: ReplayJob['onFate'],
): Promise<void> {
  const { events, isOwn } = file;
  const own = new Set(events);
  const lost = failed.filter(({ event }) => own.has(event) && !kept.has(event));
  const left = events.filter((event) => kept.has(event));
  await file.settle(left);
  const delivered = events.length - left.length - lost.length;
  if (delivered > 0) onFate({ fate: 'delivered', events: delivered, isOwn });
  for (const { reason } of lost) onFate({ fate: { dropped: reason }, events: 1, isOwn });
}
