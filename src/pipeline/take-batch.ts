import type { ResolvedConfig } from '../config/resolve-config.ts';
import type { Clock } from '../deliver/clock.ts';
import type { DropReason } from '../ledger/drop-reasons.ts';
import type { Account } from '../ledger/ledger.ts';
import type { PostHogEvent } from '../translate/posthog-event.ts';
import { estimateSpanBytes } from '../translate/span/span-bytes.ts';
import type { SpanView } from '../translate/span/span-view.ts';
import type { DeliverySide } from './assemble-delivery.ts';
import { type ExportParts, exportBatch } from './export-batch.ts';

/** Events that were lost for one reason. */
export interface Loss {
  readonly reason: DropReason;
  readonly events: number;
  /** What delivery last said of this reason, in words without keys or content. */
  readonly detail: string | undefined;
}

/** How a hand-over ended. */
export interface TakeResult {
  /** Empty when every event was delivered, is safe in the spool, or was not to be sent. */
  readonly losses: readonly Loss[];
  /** Some are in the spool, and the disk did not confirm all of them: a power cut may take them. */
  readonly isUnconfirmed?: boolean;
  /** What failed inside of the pipeline itself. */
  readonly defect?: unknown;
}

/** What was handed over, and when. */
export interface GivenBatch {
  readonly spans: readonly (SpanView | undefined)[];
  readonly extras: readonly PostHogEvent[];
  /** It came after `shutdown`. */
  readonly isTooLate: boolean;
  /** Called when all events are safe on disk, if that is before the result. */
  readonly onStored: (() => void) | undefined;
}

/** What the batches of a pipeline share. */
export interface TakeParts {
  readonly config: ResolvedConfig;
  readonly clock: Clock;
  readonly delivery: DeliverySide;
  /** Aborted when a shutdown ends waits. */
  readonly stopRetrying: AbortSignal;
  readonly exporting: ExportParts;
}

/** A batch that is under way. */
export interface TakenBatch {
  /** Resolves when all of it has its fate; never rejects. */
  readonly result: Promise<TakeResult>;
  /** Counts what has no fate yet as dropped; what becomes of it later is not counted. */
  giveUp(): void;
}

/** Gives every span and event of a batch its fate. */
export function takeBatch(given: GivenBatch, parts: TakeParts): TakenBatch {
  const { delivery, clock } = parts;
  const startedMs = performance.now();
  // The caller awaits it: waits before retries must not let the process end, and a freeze must not use the time up.
  const release = clock.keepAwake();
  const account = delivery.ledger.open(given.spans.length + given.extras.length);
  const finish = (): Pick<TakeResult, 'losses'> => {
    release();
    return report(account, delivery, startedMs);
  };
  const finishStored = (isConfirmed: boolean): TakeResult => ({
    ...finish(),
    isUnconfirmed: account.spooled() > 0 && !isConfirmed,
  });
  const result = exportAccounted(given, account, parts).then(finishStored, (defect: unknown) => {
    account.close('internal');
    return { ...finish(), defect };
  });
  return { result, giveUp: () => account.close('shutdown') };
}

/** @returns whether the disk confirmed all that is on it */
async function exportAccounted(
  { spans, extras, isTooLate, onStored }: GivenBatch,
  account: Account<DropReason>,
  { config, clock, delivery, stopRetrying, exporting }: TakeParts,
): Promise<boolean> {
  if (isTooLate || !config.enabled) {
    account.setFate(isTooLate ? { dropped: 'shutdown' } : 'filtered', spans.length + extras.length);
    return true;
  }
  const lackOfRoom = (): DropReason => (stopRetrying.aborted ? 'shutdown' : 'overloaded');
  const deadlineAtMs = clock.monotonicMs() + config.deadlineMs;
  const room = delivery.waitForRoom(() => estimateSpanBytes(spans), deadlineAtMs);
  if (room && !(await room)) {
    account.close(lackOfRoom());
    return true;
  }
  const sink = delivery.open(deadlineAtMs, (fate, count) => account.setFate(fate, count));
  try {
    await exportBatch(sink, { spans, extras, account }, exporting);
  } finally {
    const finished = sink.finish();
    if (onStored) void sink.stored().then((isStored) => isStored && onStored());
    await finished;
  }
  account.close(lackOfRoom());
  return onStored === undefined || sink.stored();
}

function report(
  account: Account<DropReason>,
  { metrics, why }: DeliverySide,
  startedMs: number,
): Pick<TakeResult, 'losses'> {
  const losses = [...account.dropped()].map(([reason, events]) => ({ reason, events, detail: why(reason) }));
  const errorType = losses[0]?.reason ?? (account.isClean() ? undefined : 'spooled');
  metrics.onExport(performance.now() - startedMs, errorType);
  return { losses };
}
