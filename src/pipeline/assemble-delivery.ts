import type { ResolvedConfig } from '../config/resolve-config.ts';
import type { Clock } from '../deliver/clock.ts';
import { createWeather } from '../deliver/outbox/outage-detector.ts';
import { createOutbox, type Outbox, type SpoolUse } from '../deliver/outbox/outbox.ts';
import type { ReplayFate } from '../deliver/outbox/replay.ts';
import { type Replayer, startReplayer } from '../deliver/outbox/replayer.ts';
import { createPostHogDelivery, type PostHogDelivery } from '../deliver/posthog-delivery.ts';
import { observeRetryAfter } from '../deliver/retry-after-memory.ts';
import { destinationOf } from '../deliver/spool/destination.ts';
import { createSpool, type Spool } from '../deliver/spool/spool.ts';
import type { SerialisedEvent } from '../deliver/transport.ts';
import { createUndiciTransport } from '../deliver/undici-transport.ts';
import { createDropWarning } from '../ledger/drop-warning.ts';
import { createLedger, type Ledger } from '../ledger/ledger.ts';
import { createMetrics, type ExporterMetrics } from '../ledger/metrics.ts';
import { packageName, packageVersion } from '../package-info.ts';
import type { DropReason } from '../sdk/exporter/export-error.ts';
import type { PostHogLLMExporterStats } from '../sdk/exporter/exporter-stats.ts';
import type { PostHogEvent } from '../translate/event/posthog-event.ts';
import { createSerialiser } from './serialise-events.ts';

/** Everything behind the translation: limits, account, delivery, disk. */
export interface Outgoing {
  readonly ledger: Ledger<DropReason>;
  readonly metrics: ExporterMetrics<DropReason>;
  readonly outbox: Outbox;
  /** The event as it is sent, cut if it must be; `undefined` when it cannot be written at all. */
  serialise(event: PostHogEvent): SerialisedEvent | undefined;
  stats(): PostHogLLMExporterStats;
  /** What delivery last said of this reason; without keys or content. */
  readonly why: (reason: DropReason) => string | undefined;
  /** Ends what runs in the background. */
  stop(): Promise<void>;
}

/** A claimed file is settled when its delivery is over; the rest is for slow disks and clocks that differ. */
const LEASE_MARGIN_MS = 60_000;

/**
 * @param stop ends requests under way
 * @param stopRetrying ends waits before retries
 */
export function createOutgoing(
  config: ResolvedConfig,
  clock: Clock,
  stop: AbortSignal,
  stopRetrying: AbortSignal,
): Outgoing {
  const { endpoint, compression, maxBatchBytes, maxInFlightBytes, deadlineMs, logger } = config;
  const apiKey = config.apiKey.reveal();
  // The latest words of delivery for each reason; they hold neither keys nor content.
  const causes = new Map<string, string>();
  const warning = createDropWarning(logger, packageName, (reason) => causes.get(reason));
  const metrics = createMetrics<DropReason>({
    meterProvider: config.meterProvider,
    scope: { name: packageName, version: packageVersion },
    componentType: 'PostHogLLMSpanExporter',
    endpoint,
  });
  const ledger = createLedger<DropReason>((count, from, to) => {
    metrics.onMove(count, from, to);
    if (typeof to === 'object') warning.note(to.dropped, count);
    if (to === 'spooled') replayer?.noteStored();
  });

  const serialiser = createSerialiser((action) => metrics.onTrimmed(action, 1));
  const recovered = { delivered: 0, dropped: 0 };
  const onReplayed = ({ fate, events, isOwn }: ReplayFate) => {
    if (isOwn) {
      ledger.unspool(fate, events);
    } else if (fate === 'delivered') {
      recovered.delivered += events;
    } else {
      recovered.dropped += events;
      warning.note(fate.dropped, events);
    }
  };

  const network = createUndiciTransport({ ...config, userAgent: `${packageName}/${packageVersion}` });
  const { transport, notBeforeMs } = observeRetryAfter(network, clock);
  const delivery = noteCauses(createPostHogDelivery({ ...config, apiKey, transport, clock }), causes);
  const weather = createWeather(() => replayer?.poke());
  const spool: Spool | undefined =
    config.enabled && config.spool
      ? createSpool({
          ...config.spool,
          destination: destinationOf(apiKey),
          leaseMs: deadlineMs + LEASE_MARGIN_MS,
          clock,
          logger,
          onLost: ({ events, reason, isOwn }) => onReplayed({ fate: { dropped: reason }, events, isOwn }),
        })
      : undefined;
  const spooling: SpoolUse | undefined =
    spool && config.spool ? { spool, mode: config.spool.mode } : undefined;
  const sending = { delivery, clock, weather, maxBatchBytes, shrink: serialiser.shrink, stop, stopRetrying };
  const outbox = createOutbox({ ...sending, spooling, maxInFlightBytes, compression });
  const replayer: Replayer | undefined =
    spool && startReplayer({ ...sending, spool, logger, deadlineMs, notBeforeMs, onFate: onReplayed });

  return {
    ledger,
    metrics,
    outbox,
    why: (reason) => causes.get(reason),
    serialise: (event) => serialiser.serialise(event, delivery.maxEventBytes()),
    stats: () => ({
      ...ledger.counts(),
      ...serialiser.trims(),
      inFlightBytes: outbox.heldBytes(),
      ...(spool ? { spool: { ...spool.status(), recovered: { ...recovered } } } : {}),
    }),
    stop: async () => {
      await replayer?.stop();
      warning.flush();
    },
  };
}

/** Remembers why events failed, for those who report it. */
function noteCauses(delivery: PostHogDelivery, causes: Map<string, string>): PostHogDelivery {
  return {
    ...delivery,
    deliver: async (events, options) => {
      const result = await delivery.deliver(events, options);
      for (const { reason, message } of result.failed) causes.set(reason, message);
      return result;
    },
  };
}
