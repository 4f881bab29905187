import type { DropReason } from '../ledger/drop-reasons.ts';
import type { LedgerCounts } from '../ledger/ledger.ts';
import type { TrimAction } from '../translate/limits/trim-record.ts';
import type { IncompleteSpanCounts } from './incomplete-spans.ts';

/**
 * What became of everything that was handed to an exporter: at any moment
 * `seen = delivered + filtered + sampledOut + dropped + spooled + inFlight`. Evaluations, which have no span, count as
 * spans do.
 */
export interface PostHogLLMExporterStats extends LedgerCounts<DropReason> {
  /** Events of which something was cut because they were too large, as often as they were cut. */
  readonly trimmed: number;
  readonly trimmedByAction: Readonly<Partial<Record<TrimAction, number>>>;
  /** Bytes of the events in flight, as JSON. */
  readonly inFlightBytes: number;
  /** Spans of model calls that say less than they could; each is said once in the log. They are in the figures above too. */
  readonly incompleteSpans: IncompleteSpanCounts;
  /** Only with the option `spool`. */
  readonly spool?: SpoolStats;
}

export interface SpoolStats {
  /** Files in the directory, whoever wrote them, as far as known without looking. */
  readonly files: number;
  readonly bytes: number;
  /** Batches that the disk refused. */
  readonly failedWrites: number;
  readonly damagedFiles: number;
  /** Events that earlier or other processes had spooled and this one took over. They are in no other figure. */
  readonly recovered: { readonly delivered: number; readonly dropped: number };
}
