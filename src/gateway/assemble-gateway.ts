import type { RequestListener } from 'node:http';
import { DEFAULT_LOG_CONTENT_LIMITS } from '../pipeline/log-content/held-records.ts';
import { createLogContentStore } from '../pipeline/log-content/log-content-store.ts';
import { hostCheckOf, pageAccess } from './access.ts';
import { type Admission, createAdmission } from './admit/admission.ts';
import { createIntake, type IntakeObserver } from './admit/create-intake.ts';
import type { GatewayConfig } from './config/gateway-config.ts';
import { DEV_LANE } from './lanes/dev-lane.ts';
import type { LaneResult } from './lanes/lane-taking.ts';
import { createLanes, type Lanes, sayFailedTest } from './lanes/lanes.ts';
import { createAdminHttp } from './observe/admin-http.ts';
import { createFigures, type Figures } from './observe/figures.ts';
import { healthRoutes } from './observe/health.ts';
import { metricsRoute } from './observe/prometheus.ts';
import {
  createRecentCalls,
  RECENT_LIMITS,
  type RecentCalls,
  type RecentFate,
} from './observe/recent-calls.ts';
import { createSendersActivity, type SendersActivity } from './observe/sender-activity.ts';
import type { NotReloaded, ReceivingAddresses } from './page/api-answers.ts';
import { type PageOptions, pageApiRoutes } from './page/api-routes.ts';
import { pageAssetRoutes } from './page/page-assets.ts';
import type { OtlpGrpcOptions } from './receive/otlp-grpc.ts';
import { createOtlpHttp } from './receive/otlp-http.ts';
import { createSenders } from './receive/senders.ts';

/** What the parts of a gateway ask of it while it runs. */
export interface GatewayState {
  readonly isStarted: () => boolean;
  readonly isStopping: () => boolean;
  /** Where applications send to, once that is known. */
  readonly receivingAt: () => ReceivingAddresses;
  /** Aborted when open connections of the page have to end. */
  readonly pagesEnd: AbortSignal;
}

/** A gateway whose parts are joined, and which listens on nothing yet. */
export interface GatewayParts {
  readonly lanes: Lanes;
  /** Puts other destinations in force, see `Lanes.replace`. */
  readonly reload: Lanes['replace'];
  readonly noteUnusableFile: (messages: readonly string[]) => void;
  /** OTLP over HTTP, and what OpenRouter sends. */
  readonly otlp: RequestListener;
  readonly grpc: OtlpGrpcOptions;
  /** Health, figures and the page. */
  readonly admin: RequestListener;
  readonly stopFigures: () => void;
}

/** What looks on while requests are taken. */
interface Observers {
  readonly recent: RecentCalls;
  readonly figures: Figures;
  readonly activity: SendersActivity;
}

export function assembleGateway(config: GatewayConfig, state: GatewayState): GatewayParts {
  const { listen, limits, senders } = config;
  const admission = createAdmission(limits.maxInFlightBytes, senders.length > 1, () => performance.now());
  const observers: Observers = {
    recent: createRecentCalls({ ...RECENT_LIMITS, isAlwaysWatched: hasDevLane(config) }),
    figures: createFigures(),
    activity: createSendersActivity(senders.map(({ name }) => name)),
  };
  const lanes = lanesOf(config, observers.recent);
  const logContent = createLogContentStore(DEFAULT_LOG_CONTENT_LIMITS);
  const intake = createIntake({
    lanes: lanes.current,
    acknowledge: config.acknowledge,
    logContent,
    waitForLogsMs: limits.waitForLogsMs,
    testSpans: config.openrouter.testSpans,
    troubleOf: lanes.troubleOf,
    observer: intakeObserver(observers, lanes),
  });
  const receiving = {
    maxBodyBytes: listen.maxBodyBytes,
    identify: senders.length > 0 ? createSenders(senders) : undefined,
    admission,
    intake,
    isStopping: state.isStopping,
    onAnswered: observers.figures.onAnswered,
  };
  const hosts = hostCheckOf(listen.http, listen.hosts);
  let notReloaded: NotReloaded | undefined;
  const noteUnusableFile = (messages: readonly string[]): void => {
    notReloaded = { at: new Date().toISOString(), messages };
  };
  const otlp = createOtlpHttp({ ...receiving, corsOrigins: listen.corsOrigins, hosts });
  return {
    lanes,
    async reload(destinations) {
      const replaced = await lanes.replace(destinations);
      if (replaced.type === 'failed') noteUnusableFile(replaced.failed.map(sayFailedTest));
      if (replaced.type === 'in-force') notReloaded = undefined;
      if (!lanes.current().some((lane) => lane.sendsContentOf())) logContent.clear();
      return replaced;
    },
    noteUnusableFile,
    otlp: (request, response) => void otlp(request, response),
    grpc: { ...receiving, tls: listen.tls },
    admin: adminOf(config, { ...state, notReloaded: () => notReloaded }, { ...observers, lanes, admission }),
    stopFigures: observers.figures.stop,
  };
}

function lanesOf(
  { destinations, limits, openrouter, acknowledge }: GatewayConfig,
  recent: RecentCalls,
): Lanes {
  return createLanes(destinations, {
    maxInFlightBytes: limits.maxInFlightBytes,
    maxTraces: limits.maxTraces,
    countFrom: openrouter.countFrom,
    skipsDelivered: acknowledge === 'delivered',
    listener: (destination) =>
      recent.isWatched() ? (event) => recent.add(destination, event, 'on its way') : undefined,
  });
}

function intakeObserver({ figures, activity, recent }: Observers, lanes: Lanes): IntakeObserver {
  return {
    onSpans: (...of) => {
      figures.onSpans(...of);
      activity.onSpans(...of);
    },
    onLogs: (...of) => {
      figures.onLogs(...of);
      activity.onLogs(...of);
    },
    onMetrics: figures.onMetrics,
    onJoined: (spans, { sender }) => recent.noteSpans(spans, sender),
    onDone: (destination, spans, result) =>
      recent.setFate(destination, spans, fateOf(destination, lanes, result)),
  };
}

function adminOf(
  config: GatewayConfig,
  state: GatewayState & Pick<PageOptions, 'notReloaded'>,
  { lanes, admission, figures, recent, activity }: Observers & { lanes: Lanes; admission: Admission },
): RequestListener {
  const { listen, page } = config;
  const { isStarted, isStopping } = state;
  return createAdminHttp(
    [
      ...healthRoutes({ isStarted, isStopping, fullSinceMs: () => admission.fullSinceMs }, lanes),
      metricsRoute({ lanes, figures, admission }),
      ...pageAssetRoutes(),
      ...pageApiRoutes({
        lanes,
        recent,
        content: page.content,
        isDev: hasDevLane(config),
        addresses: state.receivingAt,
        notReloaded: state.notReloaded,
        senders: () => activity.list(),
        requests: figures.requests,
        stopping: state.pagesEnd,
      }),
    ],
    { hosts: hostCheckOf(listen.admin, listen.hosts), isAllowed: pageAccess(listen.admin, page.token) },
  );
}

function hasDevLane({ destinations }: GatewayConfig): boolean {
  return destinations.some(({ name }) => name === DEV_LANE);
}

function fateOf(destination: string, lanes: Lanes, result: LaneResult): RecentFate {
  if (destination === DEV_LANE) return 'not sent';
  if (result !== 'fine') return 'lost';
  const lane = lanes.current().find(({ name }) => name === destination);
  const isStored = lane?.pipeline.trouble() !== undefined && lane.pipeline.stats().spooled > 0;
  return isStored ? 'on disk' : 'taken';
}
