import { createHash, timingSafeEqual } from 'node:crypto';
import {
  createLogContentStore,
  DEFAULT_LOG_CONTENT_LIMITS,
} from '../pipeline/log-content/log-content-store.ts';
import { type Admission, createAdmission } from './admit/admission.ts';
import { createIntake } from './admit/create-intake.ts';
import { type GatewayConfig, isLoopback, type ListenAddress } from './config/gateway-config.ts';
import { DEV_LANE } from './lanes/dev-lane.ts';
import type { LaneConfig } from './lanes/lane.ts';
import type { LaneResult } from './lanes/lane-taking.ts';
import { createLanes, type FailedTest, type Lanes, testAll } from './lanes/lanes.ts';
import { createAdminHttp } from './observe/admin-http.ts';
import { createFigures } from './observe/figures.ts';
import { healthRoutes, type Readiness } from './observe/health.ts';
import { PROMETHEUS_TYPE, renderMetrics } from './observe/prometheus.ts';
import { createRecentCalls, RECENT_LIMITS, type RecentFate } from './observe/recent-calls.ts';
import { createSendersActivity } from './observe/sender-activity.ts';
import type { ReceivingAddresses } from './page/api-answers.ts';
import { pageApiRoutes } from './page/api-routes.ts';
import { pageAssetRoutes } from './page/page-assets.ts';
import { createHostCheck } from './receive/host-check.ts';
import { type HttpListener, listenHttp } from './receive/http-listener.ts';
import { createOtlpGrpc, type OtlpGrpcServer } from './receive/otlp-grpc.ts';
import { createOtlpHttp } from './receive/otlp-http.ts';
import { createSenders } from './receive/senders.ts';

/** A gateway that receives. */
export interface Gateway {
  readonly addresses: {
    readonly http: ListenAddress;
    readonly grpc: ListenAddress | undefined;
    readonly admin: ListenAddress;
  };
  readonly lanes: Lanes;
  /** Puts other destinations in force, see `Lanes.replace`. */
  reload(destinations: readonly LaneConfig[]): Promise<readonly FailedTest[]>;
  /**
   * Refuses what is new, answers what is under way, delivers or spools what it has. Takes `stopTimeoutMs` at most.
   * Idempotent.
   */
  stop(): Promise<void>;
}

/** A destination whose key or endpoint is certainly wrong, with `startup.test: require`. */
export class DestinationRefused extends Error {
  override readonly name = 'DestinationRefused';
  readonly failed: readonly FailedTest[];

  constructor(failed: readonly FailedTest[]) {
    super(failed.map(({ name, result }) => `${name}: ${result.message} ${result.fix}`).join('\n'));
    this.failed = failed;
  }
}

/** Kubernetes ends a process 30 s after SIGTERM. Requests get the first part of the time, destinations the rest. */
const STOP_REQUESTS_MS = 5_000;
const STOP_LANES_MS = 19_000;

/**
 * Starts to receive.
 * @throws DestinationRefused; Error when an address cannot be listened on or `@grpc/grpc-js` is missing
 */
export async function startGateway(config: GatewayConfig): Promise<Gateway> {
  const { listen, limits } = config;
  const identify = config.senders.length > 0 ? createSenders(config.senders) : undefined;
  const admission = createAdmission(limits.maxInFlightBytes, config.senders.length > 1, () =>
    performance.now(),
  );
  const isDev = config.destinations.some(({ name }) => name === DEV_LANE);
  const recent = createRecentCalls({ ...RECENT_LIMITS, isAlwaysWatched: isDev });
  const lanes = createLanes(config.destinations, {
    maxInFlightBytes: limits.maxInFlightBytes,
    maxTraces: limits.maxTraces,
    countFrom: config.openrouter.countFrom,
    skipsDelivered: config.acknowledge === 'delivered',
    listener: (destination) =>
      recent.isWatched() ? (event) => recent.add(destination, event, 'on its way') : undefined,
  });
  const figures = createFigures();
  const activity = createSendersActivity(config.senders.map(({ name }) => name));
  let state: 'starting' | 'receiving' | 'stopping' = 'starting';
  const isStopping = (): boolean => state === 'stopping';
  const readiness: Readiness = {
    isStarted: () => state !== 'starting',
    isStopping,
    fullSinceMs: () => admission.fullSinceMs,
  };
  const logContent = createLogContentStore(DEFAULT_LOG_CONTENT_LIMITS);
  const intake = createIntake({
    lanes: lanes.current,
    acknowledge: config.acknowledge,
    logContent,
    waitForLogsMs: limits.waitForLogsMs,
    testSpans: config.openrouter.testSpans,
    troubleOf: lanes.troubleOf,
    observer: {
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
        recent.settle(destination, spans, fateOf(destination, lanes, result)),
    },
  });
  const receiving = {
    maxBodyBytes: listen.maxBodyBytes,
    identify,
    admission,
    intake,
    isStopping,
    onAnswered: figures.onAnswered,
  };
  const otlp = createOtlpHttp({
    ...receiving,
    corsOrigins: listen.corsOrigins,
    hosts: hostCheckOf(listen.http, listen.hosts),
  });
  const pageStreams = new AbortController();
  let receivingAt: ReceivingAddresses = { http: undefined, grpc: undefined };
  const admin = createAdminHttp(
    [
      ...healthRoutes(readiness, lanes),
      metricsRoute(lanes, figures, admission),
      ...pageAssetRoutes(),
      ...pageApiRoutes({
        lanes,
        recent,
        content: config.page.content,
        isDev,
        addresses: () => receivingAt,
        senders: () => activity.list(),
        requests: figures.requests,
        stopping: pageStreams.signal,
      }),
    ],
    {
      hosts: hostCheckOf(listen.admin, listen.hosts),
      isAllowed: pageAccess(listen.admin, config.page.token),
    },
  );

  const opened: { stop(timeoutMs: number): Promise<void> }[] = [];
  const open = async <T extends HttpListener | OtlpGrpcServer>(opening: Promise<T>): Promise<T> => {
    const server = await opening;
    opened.push(server);
    return server;
  };
  const close = async (): Promise<void> => {
    pageStreams.abort();
    await Promise.all(opened.map((server) => server.stop(STOP_REQUESTS_MS)));
    await Promise.race([lanes.shutdown(), after(STOP_LANES_MS)]);
    figures.stop();
  };
  try {
    // Probes are answered while destinations are tested.
    const adminListener = await open(listenHttp(admin, listen.admin));
    await testAtStart(lanes, config.startupTest);
    const handle = (...exchange: Parameters<typeof otlp>): void => void otlp(...exchange);
    const http = await open(listenHttp(handle, { ...listen.http, tls: listen.tls }));
    let grpc: ListenAddress | undefined;
    if (listen.grpc) {
      const server = await open(createOtlpGrpc({ ...receiving, tls: listen.tls }));
      grpc = { host: listen.grpc.host, port: await server.listen(listen.grpc.host, listen.grpc.port) };
    }
    receivingAt = { http: http.address, grpc };
    state = 'receiving';
    let stopped: Promise<void> | undefined;
    return {
      addresses: { http: http.address, grpc, admin: adminListener.address },
      lanes,
      async reload(destinations) {
        const failed = await lanes.replace(destinations);
        if (!lanes.current().some((lane) => lane.sendsContentOf())) logContent.clear();
        return failed;
      },
      stop() {
        state = 'stopping';
        stopped ??= close();
        return stopped;
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function fateOf(destination: string, lanes: Lanes, result: LaneResult): RecentFate {
  if (destination === DEV_LANE) return 'not sent';
  if (result !== 'fine') return 'lost';
  const lane = lanes.current().find(({ name }) => name === destination);
  const isStored = lane?.pipeline.trouble() !== undefined && lane.pipeline.stats().spooled > 0;
  return isStored ? 'on disk' : 'taken';
}

async function testAtStart(lanes: Lanes, startupTest: GatewayConfig['startupTest']): Promise<void> {
  if (startupTest === 'off') return;
  const failed = await testAll(lanes);
  if (startupTest === 'require' && failed.length > 0) throw new DestinationRefused(failed);
}

function metricsRoute(lanes: Lanes, figures: ReturnType<typeof createFigures>, admission: Admission) {
  const startedAtMs = Date.now();
  return {
    path: '/metrics',
    method: 'GET',
    access: 'anybody',
    answer: () => ({
      status: 200,
      type: PROMETHEUS_TYPE,
      body: renderMetrics({ lanes, figures, admission, startedAtMs }),
    }),
  } as const;
}

/** Behind another address a name cannot be known, and a key or token is asked for. */
function hostCheckOf(
  { host }: ListenAddress,
  names: readonly string[],
): ((host: string) => boolean) | undefined {
  return isLoopback(host) ? createHostCheck(names) : undefined;
}

/** Who may see the page: on loopback everybody where there is no token, elsewhere nobody. */
function pageAccess(
  { host }: ListenAddress,
  token: string | undefined,
): (request: { headers: { authorization?: string } }) => boolean {
  if (token === undefined) return () => isLoopback(host);
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const wanted = digest(`Bearer ${token}`);
  return ({ headers }) => timingSafeEqual(digest(headers.authorization ?? ''), wanted);
}

function after(timeMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, timeMs).unref());
}
