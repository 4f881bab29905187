import type { ResolvedConfig } from '../config/resolve-config.ts';
import type { ReplayFate } from '../deliver/outbox/replay.ts';
import type { PostHogDelivery } from '../deliver/posthog-delivery.ts';
import { type DropReason, type FailureReason, isRetryableLater } from '../ledger/drop-reasons.ts';
import { createDropWarning } from '../ledger/drop-warning.ts';
import { createLedger, type Ledger } from '../ledger/ledger.ts';
import { createMetrics, type ExporterMetrics } from '../ledger/metrics.ts';
import { packageName, packageVersion } from '../package-info.ts';

/** Why events do not reach PostHog. */
export interface DeliveryTrouble {
  readonly reason: FailureReason;
  /** In words, without keys or content. */
  readonly message: string;
  /** When it was first met; milliseconds since the epoch. */
  readonly sinceMs: number;
}

/** What became of every span, as figures, metrics and log lines. */
export interface Accounts {
  readonly ledger: Ledger<DropReason>;
  readonly metrics: ExporterMetrics<DropReason>;
  /** Spooled events met their end. */
  onReplayed(fate: ReplayFate): void;
  /** The delivery, of whose failures the latest words are remembered. */
  noteCauses(delivery: PostHogDelivery): PostHogDelivery;
  /** What delivery last said of this reason; without keys or content. */
  why(reason: DropReason): string | undefined;
  /** What keeps events from PostHog, by the newest deliveries; `undefined` when the newest succeeded. */
  trouble(): DeliveryTrouble | undefined;
  /** Logs the losses that have not been logged yet. */
  finish(): void;
}

export function createAccounts({ endpoint, logger, meterProvider, spool }: ResolvedConfig): Accounts {
  // Without the path, which may hold a key.
  const host = URL.canParse(endpoint) ? new URL(endpoint).host : 'the endpoint';
  const causes = new Map<string, string>();
  const why = (reason: DropReason) => causes.get(reason);
  const warning = createDropWarning(logger, packageName, why);
  let isSpoolingReported = false;
  /** Events that wait on disk are not lost, but a user who misses them in PostHog has to learn where they are. */
  const reportSpooling = () => {
    const [cause] = [...causes.values()].slice(-1);
    if (isSpoolingReported || cause === undefined) return;
    isSpoolingReported = true;
    logger.warn(
      `${packageName}: events cannot be delivered now and wait in ${spool?.directory}: ${cause}: run "npx posthog-llm-exporter check" if this lasts`,
    );
  };
  const metrics = createMetrics<DropReason>({
    meterProvider,
    scope: { name: packageName, version: packageVersion },
    componentType: 'PostHogLLMSpanExporter',
    endpoint,
  });
  const ledger = createLedger<DropReason>((count, from, to) => {
    metrics.onMove(count, from, to);
    if (typeof to === 'object') warning.note(to.dropped, count);
    else if (to === 'spooled') reportSpooling();
  });
  let trouble: DeliveryTrouble | undefined;
  return {
    ledger,
    metrics,
    why,
    onReplayed: ({ fate, events, isOwn }) => {
      if (isOwn) {
        ledger.unspool(fate, events);
        return;
      }
      ledger.recover(fate, events);
      if (fate !== 'delivered') warning.note(fate.dropped, events);
    },
    noteCauses: (delivery) => ({
      ...delivery,
      deliver: async (events, options) => {
        const result = await delivery.deliver(events, options);
        const explained = (reason: FailureReason, message: string): string =>
          reason === 'headers' ? message : `${host}: ${message}`;
        for (const { reason, message } of result.failed) causes.set(reason, explained(reason, message));
        if (result.delivered > 0) trouble = undefined;
        // What this process ends itself says nothing about PostHog.
        const [first] = result.failed.filter(
          ({ reason }) => reason !== 'aborted' && isRetryableLater(reason),
        );
        if (first && result.delivered === 0) {
          const sinceMs = trouble?.sinceMs ?? Date.now();
          trouble = { reason: first.reason, message: explained(first.reason, first.message), sinceMs };
        }
        return result;
      },
    }),
    trouble: () => trouble,
    finish: warning.flush,
  };
}
