import type * as Grpc from '@grpc/grpc-js';
import type { Admission } from '../admit/admission.ts';
import { handOver } from './hand-over.ts';
import type { Intake, OnAnswered, RequestInfo } from './intake.ts';
import { encodeStatus, noRoom, type OtlpSignal, otlpSuccess, REFUSALS, type Refusal } from './otlp-answer.ts';
import type { IdentifySender } from './senders.ts';

export interface OtlpGrpcOptions {
  readonly maxBodyBytes: number;
  readonly identify: IdentifySender | undefined;
  readonly tls: GrpcTls | undefined;
  readonly admission: Admission;
  readonly intake: Intake;
  readonly isStopping: () => boolean;
  readonly onAnswered: OnAnswered;
}

/** PEM texts. */
export interface GrpcTls {
  readonly key: Buffer;
  readonly cert: Buffer;
  /** Clients need a certificate of this authority. */
  readonly clientCa?: Buffer | undefined;
}

export interface OtlpGrpcServer {
  /** @returns the port, which the system chooses for 0 */
  listen(host: string, port: number): Promise<number>;
  /** Answers what is under way and refuses the rest; connections are ended after their answers. */
  stop(timeoutMs: number): Promise<void>;
}

/** Services of OTLP (opentelemetry-proto, `collector/*\/v1`), each with one method. */
const METHODS: readonly { readonly path: string; readonly signal: OtlpSignal }[] = [
  { path: '/opentelemetry.proto.collector.trace.v1.TraceService/Export', signal: 'traces' },
  { path: '/opentelemetry.proto.collector.logs.v1.LogsService/Export', signal: 'logs' },
  { path: '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export', signal: 'metrics' },
];

/** `google.rpc.RetryInfo` of one second: retry_delay (1) with seconds (1). */
const RETRY_INFO = Buffer.from([0x0a, 0x02, 0x08, 0x01]);
const RETRY_INFO_TYPE = 'type.googleapis.com/google.rpc.RetryInfo';

type Unary = (
  call: Grpc.ServerUnaryCall<Buffer, Buffer>,
  callback: (error: Partial<Grpc.StatusObject> | null, value?: Buffer) => void,
) => void;

/**
 * OTLP over gRPC, on `@grpc/grpc-js`, which an application installs only for this.
 * @throws Error with the install line when it is not there
 */
export async function createOtlpGrpc(options: OtlpGrpcOptions): Promise<OtlpGrpcServer> {
  const grpc = await loadGrpc();
  const server = new grpc.Server({
    'grpc.max_receive_message_length': options.maxBodyBytes,
    'grpc.max_send_message_length': -1,
  });
  const asIs = (bytes: Buffer): Buffer => bytes;
  for (const { path, signal } of METHODS) {
    server.register(path, unary(grpc, signal, options), asIs, asIs, 'unary');
  }
  const { tls } = options;
  const credentials = tls
    ? grpc.ServerCredentials.createSsl(
        tls.clientCa ?? null,
        [{ private_key: tls.key, cert_chain: tls.cert }],
        tls.clientCa !== undefined,
      )
    : grpc.ServerCredentials.createInsecure();
  return {
    listen: (host, port) =>
      new Promise((resolve, reject) => {
        const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
        server.bindAsync(address, credentials, (error, bound) =>
          error ? reject(bindFailure(error, host, port)) : resolve(bound),
        );
      }),
    stop: (timeoutMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => {
          server.forceShutdown();
          resolve();
        }, timeoutMs);
        server.tryShutdown(() => {
          clearTimeout(timer);
          resolve();
        });
      }),
  };
}

/** The error of the system, which gRPC has in its text only, as other listeners give it. */
function bindFailure(error: Error, address: string, port: number): Error {
  const [code] = /\bE[A-Z]{4,}\b/.exec(error.message) ?? [];
  return Object.assign(error, { code, address, port });
}

async function loadGrpc(): Promise<typeof Grpc> {
  try {
    const grpc = await import('@grpc/grpc-js');
    // It would write lines of its own beside those of the gateway, about what the gateway says itself.
    grpc.setLogVerbosity(grpc.logVerbosity.NONE);
    return grpc;
  } catch {
    throw new Error('listen.grpc needs the package @grpc/grpc-js. Install it: npm install @grpc/grpc-js');
  }
}

function unary(grpc: typeof Grpc, signal: OtlpSignal, options: OtlpGrpcOptions): Unary {
  return (call, callback) => {
    const startedMs = performance.now();
    const answered = (code: number): void =>
      options.onAnswered({ route: `grpc:${signal}`, code, durationMs: performance.now() - startedMs });
    answerTo(call, signal, options).then(
      (answer) => {
        if (Buffer.isBuffer(answer)) {
          answered(0);
          callback(null, answer);
        } else {
          answered(REFUSALS[answer.reason].grpcStatus);
          callback(statusOf(grpc, answer));
        }
      },
      () => {
        answered(14);
        callback(statusOf(grpc, { reason: 'not-delivered', message: 'The gateway failed.' }));
      },
    );
  };
}

async function answerTo(
  call: Grpc.ServerUnaryCall<Buffer, Buffer>,
  signal: OtlpSignal,
  { identify, admission, intake, isStopping }: OtlpGrpcOptions,
): Promise<Buffer | Refusal> {
  const sender = identify?.(headersOf(call.metadata));
  if (identify && !sender) {
    return {
      reason: 'unauthenticated',
      message:
        'No sender has this key. Send the key of a sender as "authorization: Bearer KEY" or "x-api-key".',
    };
  }
  if (isStopping()) return { reason: 'stopping', message: 'The gateway is stopping.' };
  const body = call.request;
  const share = admission.admit(body.length, sender?.name ?? '');
  if (!share) return noRoom();
  const info: RequestInfo = {
    sender: sender?.name ?? '',
    transport: 'grpc',
    isTest: false,
    release: share.release,
  };
  const taken = await handOver({ signal, encoding: 'protobuf', body }, info, intake);
  return 'reason' in taken ? taken : otlpSuccess('protobuf', signal, taken.rejected).body;
}

function headersOf(metadata: Grpc.Metadata): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metadata.getMap()).map(([name, value]) => [name, value.toString()]),
  );
}

/** What passes carries a delay, without which some clients give up at once. */
function statusOf(grpc: typeof Grpc, refusal: Refusal): Partial<Grpc.StatusObject> {
  const { reason, message } = refusal;
  const code = REFUSALS[reason].grpcStatus;
  const metadata = new grpc.Metadata();
  if (code === 14) {
    const details = Buffer.concat([encodeStatus(code, message), retryDetail()]);
    metadata.set('grpc-status-details-bin', details);
  }
  return { code, details: message, metadata };
}

/** Field 3 of `google.rpc.Status`: an `Any` with type_url (1) and value (2). */
function retryDetail(): Buffer {
  const type = Buffer.from(RETRY_INFO_TYPE);
  const any = Buffer.concat([
    Buffer.from([0x0a, type.length]),
    type,
    Buffer.from([0x12, RETRY_INFO.length]),
    RETRY_INFO,
  ]);
  return Buffer.concat([Buffer.from([0x1a, any.length]), any]);
}
