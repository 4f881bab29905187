import type { FailureReason } from '../ledger/drop-reasons.ts';
import { splitInTwo, totalBytes } from './pack.ts';
import { SAFE_EVENT_BYTES } from './posthog-routes.ts';
import { type FittedEvent, fitToRoute, type Shrink } from './shrink-event.ts';
import type { Tally } from './tally.ts';
import type { TransportOutcome } from './transport.ts';

/**
 * After so many refusals without a delivery in between, refused batches are no longer split: then the refusal is not
 * about single events, and an export of 500 events would take a thousand requests to learn nothing.
 */
export const MAX_REFUSALS_IN_A_ROW = 32;

/** No event with ids, tokens and metadata is smaller, so none is shrunk further. */
const MIN_EVENT_BYTES = 512;

/** What the batches of one export share. */
export interface BatchRun {
  readonly send: (events: readonly FittedEvent[]) => Promise<TransportOutcome>;
  readonly shrink: Shrink | undefined;
  readonly tally: Tally;
  /** A body was too large although its halves, the larger of this size, were both taken. */
  readonly onBodyLimit: (bytes: number) => void;
  /** The route does not exist; these events have no fate yet. */
  readonly onRouteMissing: (events: readonly FittedEvent[], message?: string) => void;
  refusalsInARow: number;
  /** A failure that would meet every further request as well. */
  halted: { readonly reason: FailureReason; readonly message: string } | undefined;
}

/** How a batch ended: `whole` when all of it was taken as it was. */
type BatchEnd = 'whole' | 'otherwise';

/**
 * Sends a batch. A batch that is too large (413) or refused (400) is split until the event at fault stands alone, so
 * that its neighbours are delivered: about 2 log2(n) requests for one bad event among n.
 */
export async function deliverBatch(batch: readonly FittedEvent[], run: BatchRun): Promise<BatchEnd> {
  if (run.halted !== undefined) {
    return fail(batch, run.halted.reason, run.halted.message, run);
  }
  const outcome = await run.send(batch);
  switch (outcome.type) {
    case 'delivered':
      run.refusalsInARow = 0;
      run.tally.delivered(givenOf(batch));
      return 'whole';
    case 'route-missing':
      run.onRouteMissing(batch, outcome.message);
      return 'otherwise';
    case 'retry':
      return fail(batch, outcome.reason, outcome.message, run);
    case 'too-large':
      return splitOr(batch, 'bytes', run, () => sendShrunk(batch, outcome.message, run));
    case 'refused':
      return endRefused(batch, outcome, run);
  }
}

async function endRefused(
  batch: readonly FittedEvent[],
  { status, reason, message }: Extract<TransportOutcome, { type: 'refused' }>,
  run: BatchRun,
): Promise<BatchEnd> {
  if (status === 400) {
    return splitOr(batch, 'count', run, async () => fail(batch, reason, message, run));
  }
  if (reason !== 'bad-request' && reason !== 'server-error') {
    run.halted = { reason, message };
  }
  return fail(batch, reason, message, run);
}

async function splitOr(
  batch: readonly FittedEvent[],
  by: 'bytes' | 'count',
  run: BatchRun,
  otherwise: () => Promise<BatchEnd>,
): Promise<BatchEnd> {
  run.refusalsInARow += 1;
  if (batch.length === 1 || run.refusalsInARow > MAX_REFUSALS_IN_A_ROW) {
    return otherwise();
  }
  const [first, second] = splitInTwo(batch, by);
  const firstEnd = await deliverBatch(first, run);
  const secondEnd = await deliverBatch(second, run);
  if (firstEnd !== 'whole' || secondEnd !== 'whole') {
    return 'otherwise';
  }
  if (by === 'bytes') {
    run.onBodyLimit(Math.max(totalBytes(first), totalBytes(second)));
  }
  return 'whole';
}

/**
 * The server's limit is below the documented one. A single event is sent again shrunk: to the size that every PostHog
 * takes, then to half of its own each time, as long as it can be shrunk.
 */
async function sendShrunk(batch: readonly FittedEvent[], message: string, run: BatchRun): Promise<BatchEnd> {
  const [event, ...others] = batch;
  const maxEventBytes = Math.min(SAFE_EVENT_BYTES, (event?.json.length ?? 0) >> 1);
  if (event !== undefined && others.length === 0 && maxEventBytes >= MIN_EVENT_BYTES) {
    const smaller = fitToRoute(event.given, maxEventBytes, run.shrink);
    if (smaller.json.length <= maxEventBytes) {
      await deliverBatch([smaller], run);
      return 'otherwise';
    }
  }
  return fail(batch, 'too-large', message, run);
}

function fail(
  batch: readonly FittedEvent[],
  reason: FailureReason,
  message: string,
  run: BatchRun,
): BatchEnd {
  run.tally.failed(givenOf(batch), reason, message);
  return 'otherwise';
}

function givenOf(batch: readonly FittedEvent[]): readonly FittedEvent['given'][] {
  return batch.map(({ given }) => given);
}
