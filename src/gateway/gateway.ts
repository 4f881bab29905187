import { assembleGateway, type GatewayParts } from './assemble-gateway.ts';
import type { GatewayConfig, ListenAddress } from './config/gateway-config.ts';
import type { LaneConfig } from './lanes/lane.ts';
import { type FailedTest, type Lanes, type Replaced, sayFailedTest, testAll } from './lanes/lanes.ts';
import type { ReceivingAddresses } from './page/api-answers.ts';
import { type HttpListener, type ListenerTls, listenHttp } from './receive/http-listener.ts';
import { createOtlpGrpc, type OtlpGrpcServer } from './receive/otlp-grpc.ts';

/** A gateway that receives. */
export interface Gateway {
  readonly addresses: {
    readonly http: ListenAddress;
    readonly grpc: ListenAddress | undefined;
    readonly admin: ListenAddress;
  };
  readonly lanes: Lanes;
  /** Puts other destinations in force, see `Lanes.replace`. */
  reload(destinations: readonly LaneConfig[]): Promise<Replaced>;
  /** The file was read again and cannot be used, so that nothing was changed; the page says why. */
  noteUnusableFile(messages: readonly string[]): void;
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
    super(failed.map(sayFailedTest).join('\n'));
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
  let phase: 'starting' | 'receiving' | 'stopping' = 'starting';
  const isTls = config.listen.tls !== undefined;
  let receivingAt: ReceivingAddresses = { http: undefined, grpc: undefined, isTls };
  const pageStreams = new AbortController();
  const parts = assembleGateway(config, {
    isStarted: () => phase !== 'starting',
    isStopping: () => phase === 'stopping',
    receivingAt: () => receivingAt,
    pagesEnd: pageStreams.signal,
  });
  const opened: (HttpListener | OtlpGrpcServer)[] = [];
  const close = async (): Promise<void> => {
    pageStreams.abort();
    await Promise.all(opened.map((server) => server.stop(STOP_REQUESTS_MS)));
    await Promise.race([parts.lanes.shutdown(), after(STOP_LANES_MS)]);
    parts.stopFigures();
  };
  try {
    const listening = await openAll(config, parts, opened);
    receivingAt = { http: listening.http, grpc: listening.grpc, isTls };
    phase = 'receiving';
    let stopped: Promise<void> | undefined;
    return {
      addresses: listening,
      lanes: parts.lanes,
      reload: parts.reload,
      noteUnusableFile: parts.noteUnusableFile,
      stop() {
        phase = 'stopping';
        stopped ??= close();
        return stopped;
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** @param opened learns of each server once it listens, so that all can be stopped when another cannot */
async function openAll(
  { listen, startupTest }: GatewayConfig,
  { admin, otlp, grpc, lanes }: GatewayParts,
  opened: (HttpListener | OtlpGrpcServer)[],
): Promise<Gateway['addresses']> {
  const open = async <T extends HttpListener | OtlpGrpcServer>(opening: Promise<T>): Promise<T> => {
    const server = await opening;
    opened.push(server);
    return server;
  };
  // Probes are answered while destinations are tested.
  const adminListener = await open(listenHttp(admin, { ...listen.admin, tls: adminTls(listen.tls) }));
  await testAtStart(lanes, startupTest);
  const http = await open(listenHttp(otlp, { ...listen.http, tls: listen.tls }));
  const addresses = { http: http.address, admin: adminListener.address };
  if (!listen.grpc) return { ...addresses, grpc: undefined };
  const { host } = listen.grpc;
  const server = await open(createOtlpGrpc(grpc));
  return { ...addresses, grpc: { host, port: await server.listen(host, listen.grpc.port) } };
}

/** Browsers and probes have no certificates of their own. */
function adminTls(tls: GatewayConfig['listen']['tls']): ListenerTls | undefined {
  return tls?.isForAdmin ? { key: tls.key, cert: tls.cert } : undefined;
}

async function testAtStart(lanes: Lanes, startupTest: GatewayConfig['startupTest']): Promise<void> {
  if (startupTest === 'off') return;
  const failed = await testAll(lanes);
  if (startupTest === 'require' && failed.length > 0) throw new DestinationRefused(failed);
}

function after(timeMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, timeMs).unref());
}
