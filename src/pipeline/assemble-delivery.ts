import type { ResolvedConfig } from '../config/resolve-config.ts';
import { admitRequests } from '../deliver/admit-requests.ts';
import type { Clock } from '../deliver/clock.ts';
import { createConnections } from '../deliver/connections.ts';
import { logRequests } from '../deliver/log-requests.ts';
import { type ByteBudget, createByteBudget } from '../deliver/outbox/byte-budget.ts';
import { type ExportSink, openExportSink } from '../deliver/outbox/export-sink.ts';
import { createOutageDetector } from '../deliver/outbox/outage-detector.ts';
import { startPace } from '../deliver/outbox/pacing.ts';
import { createPersistence, type OnFate, type SpoolUse } from '../deliver/outbox/persistence.ts';
import type { ReplayFate } from '../deliver/outbox/replay.ts';
import { type Replayer, startReplayer } from '../deliver/outbox/replayer.ts';
import { createSender, type ShutdownSignals } from '../deliver/outbox/send-events.ts';
import { createPostHogDelivery, type PostHogDelivery } from '../deliver/posthog-delivery.ts';
import { skipDelivered } from '../deliver/skip-delivered.ts';
import { createSpool } from '../deliver/spool/spool.ts';
import { leaseFor } from '../deliver/spool/spool-context.ts';
import { destinationOf } from '../deliver/spool/spool-name.ts';
import type { SerialisedEvent, Transport } from '../deliver/transport.ts';
import { createUndiciTransport } from '../deliver/undici-transport.ts';
import type { DropReason } from '../ledger/drop-reasons.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { namedLogger } from '../ledger/log.ts';
import type { ExporterMetrics } from '../ledger/metrics.ts';
import { packageName, packageVersion } from '../package-info.ts';
import type { FitResult } from '../translate/limits/fit-event.ts';
import type { SharedReads } from '../translate/reading/shared-reads.ts';
import type { CountFrom } from '../translate/trace/count-from.ts';
import { type Accounts, createAccounts, type DeliveryTrouble } from './accounts.ts';
import type { PostHogLLMExporterStats } from './exporter-stats.ts';
import { createSerialiser, type Serialiser } from './serialise-events.ts';

/** Everything behind the translation: limits, account, delivery, disk. */
export interface DeliverySide {
  readonly ledger: Ledger<DropReason>;
  readonly metrics: ExporterMetrics<DropReason>;
  /** Begins an export. */
  open(deadlineAtMs: number, onFate: OnFate): ExportSink;
  /** Room for an export to begin, as `ExportSink.waitForRoom`; with a spool there always is. */
  waitForRoom(waitingBytes: () => number, deadlineAtMs: number): Promise<boolean> | undefined;
  /** The event as it is delivered; `undefined` when it cannot be written within the limit. */
  serialised(uuid: string, fitted: FitResult): SerialisedEvent | undefined;
  /** Largest event, in bytes of JSON, that the route in use takes. */
  maxEventBytes(): number;
  stats(): Omit<PostHogLLMExporterStats, 'incompleteSpans'>;
  /** What delivery last said of this reason; without keys or content. */
  why(reason: DropReason): string | undefined;
  /** What keeps events from PostHog, by the newest deliveries; `undefined` when the newest succeeded. */
  trouble(): DeliveryTrouble | undefined;
  /** Ends what runs in the background. */
  stop(): Promise<void>;
  /** Ends the connections. */
  close(): void;
}

/** What a pipeline is used for, beside the options of its destination. */
export interface PipelineSettings {
  /** Events that were delivered lately are not sent again: their sender repeats whole requests. */
  readonly skipsDelivered?: boolean;
  /** Which side records calls through OpenRouter. Default: `both`. */
  readonly countFrom?: CountFrom | undefined;
  /** Traces whose spans are remembered. Default: 2,500. */
  readonly maxTraces?: number | undefined;
  /**
   * Whoever hands spans over waits until they are stored, and else sends them again, so none of them need be on disk before
   * the others.
   */
  readonly isAwaited?: boolean;
  /** Shared with other pipelines that get the same spans. */
  readonly sharedReads?: SharedReads | undefined;
}

/** The whole way from events to PostHog: request, retry, outage, disk, pace, account; each is given the one before. */
export function assembleDelivery(
  config: ResolvedConfig,
  clock: Clock,
  signals: ShutdownSignals,
  settings: PipelineSettings = {},
): DeliverySide {
  const accounts = createAccounts(config);
  const serialiser = createSerialiser((action) => accounts.metrics.onTrimmed(action, 1));
  // What delivers does not know whose it is.
  const logger = namedLogger(config.logger, packageName);
  const named = { ...config, logger };
  const { transport, notBeforeMs, turns, close } = createNetwork(named, clock, signals.stopRetrying);
  const delivery = createDelivery(named, clock, transport, accounts, settings);
  const spool = openSpool(named, clock, accounts.onReplayed);
  const { compression, maxBatchBytes, maxConcurrentRequests, deadlineMs } = config;
  const common = { ...signals, clock, maxBatchBytes };
  const sending = { ...common, delivery, outage: createOutageDetector(), shrink: serialiser.shrink };
  const joining = { turns, maxConcurrentRequests, hasSpool: spool !== undefined };
  const persistence = createPersistence(createSender({ ...sending, ...joining }), spool);
  const budget = createByteBudget(config.maxInFlightBytes, clock);
  const pacing = { ...common, budget, persistence, compression };
  const replaying = { ...sending, persistence, notBeforeMs, deadlineMs, logger, onFate: accounts.onReplayed };
  const replayer = spool && startReplayer({ ...replaying, spool: spool.spool });
  return {
    ...accounts,
    open: (endsAtMs, onFate) => openExportSink(persistence, startPace(pacing, endsAtMs), endsAtMs, onFate),
    waitForRoom: spool ? () => undefined : roomIn(budget, signals.stop),
    serialised: serialiser.serialised,
    maxEventBytes: delivery.maxEventBytes,
    stats: () => statsOf(accounts, serialiser, budget, spool),
    stop: () => stopReplaying(replayer, accounts),
    close,
  };
}

function roomIn(budget: ByteBudget, stop: AbortSignal): DeliverySide['waitForRoom'] {
  return (waitingBytes, endsAtMs) =>
    budget.hasRoom() ? undefined : budget.waitForRoom(waitingBytes(), endsAtMs, stop);
}

async function stopReplaying(replayer: Replayer | undefined, accounts: Accounts): Promise<void> {
  await replayer?.stop();
  accounts.finish();
}

/** Requests to any address: by connections of its own, in turns, never before a server asked to be asked again. */
function createNetwork(config: ResolvedConfig, clock: Clock, stopRetrying: AbortSignal) {
  const { dispatcher, maxConcurrentRequests, timeoutMs, headers, logger } = config;
  const connections = createConnections({
    dispatcher,
    maxConnections: maxConcurrentRequests,
    connectTimeoutMs: timeoutMs,
  });
  const userAgent = `${packageName}/${packageVersion}`;
  const undici = createUndiciTransport({
    connections,
    timeoutMs,
    headers,
    userAgent,
    logger,
    now: clock.now,
  });
  const network = config.debug ? logRequests(undici, logger) : undici;
  const admitting = admitRequests(network, { maxConcurrentRequests, stopRetrying, clock });
  return { ...admitting, close: connections.close };
}

/** Batches to PostHog's routes, with retries; whose failures the account remembers. */
function createDelivery(
  { apiKey, endpoint, compression, maxBatchBytes, maxRetries, logger }: ResolvedConfig,
  clock: Clock,
  transport: Transport,
  accounts: Accounts,
  { skipsDelivered = false }: PipelineSettings,
): PostHogDelivery {
  const what = { apiKey: apiKey.reveal(), endpoint, compression, maxBatchBytes, maxRetries };
  const posthog = accounts.noteCauses(createPostHogDelivery({ ...what, transport, clock, logger }));
  return skipsDelivered ? skipDelivered(posthog, clock.monotonicMs) : posthog;
}

function statsOf(
  accounts: Accounts,
  serialiser: Serialiser,
  budget: ByteBudget,
  spool: SpoolUse | undefined,
): ReturnType<DeliverySide['stats']> {
  return {
    ...accounts.ledger.counts(),
    ...serialiser.trims(),
    inFlightBytes: budget.heldBytes,
    ...(spool ? { spool: { ...spool.spool.status(), recovered: accounts.ledger.recovered() } } : {}),
  };
}

function openSpool(
  { enabled, spool, apiKey, deadlineMs, logger }: ResolvedConfig,
  clock: Clock,
  onReplayed: (fate: ReplayFate) => void,
): SpoolUse | undefined {
  if (!enabled || !spool) return undefined;
  return {
    mode: spool.mode,
    spool: createSpool({
      ...spool,
      destination: destinationOf(apiKey.reveal()),
      leaseMs: leaseFor(deadlineMs),
      clock,
      logger,
      onLost: ({ events, reason, isOwn }) => onReplayed({ fate: { dropped: reason }, events, isOwn }),
    }),
  };
}
