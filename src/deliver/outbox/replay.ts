import { MAX_BATCH_EVENTS } from '../pack.ts';
import type { PostHogDelivery } from '../posthog-delivery.ts';
import type { Shrink } from '../shrink-event.ts';
import type { HeldFile } from '../spool/held-file.ts';
import type { Spool } from '../spool/spool.ts';
import type { DeliveryResult } from '../transport.ts';
import { type Failures, failuresOf, retryableLater } from './failures.ts';
import type { EventFate } from './persistence.ts';
import type { ShutdownSignals } from './send-events.ts';

export interface ReplayJob extends ShutdownSignals {
  readonly spool: Spool;
  readonly delivery: PostHogDelivery;
  readonly maxBatchBytes: number;
  readonly shrink: Shrink;
  /** `any`: whatever project the files are for. */
  readonly destination: 'own' | 'any';
  /** Learns what became of events; those that stay in the spool are not mentioned. */
  readonly onFate: (fate: ReplayFate) => void;
}

export interface ReplayFate {
  readonly fate: Exclude<EventFate, 'spooled'>;
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
  const failures = failuresOf(result);
  for (const file of files) await releaseFile(file, failures, job.onFate);
  const [first] = retryableLater(events, failures);
  const message = result.failed.find(({ event }) => event === first)?.message;
  return message === undefined ? { type: 'sent', result } : { type: 'failing', result, message };
}

async function releaseFile(file: HeldFile, failures: Failures, onFate: ReplayJob['onFate']): Promise<void> {
  const { events, isOwn } = file;
  const staying = new Set(await file.release(retryableLater(events, failures)));
  const gone = events.filter((event) => !staying.has(event));
  const delivered = gone.filter((event) => !failures.has(event));
  if (delivered.length > 0) onFate({ fate: 'delivered', events: delivered.length, isOwn });
  for (const event of gone) {
    const reason = failures.get(event);
    if (reason !== undefined) onFate({ fate: { dropped: reason }, events: 1, isOwn });
  }
}
