import * as grpc from '@grpc/grpc-js';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Admission, createAdmission } from '../../src/gateway/admit/admission.ts';
import type { Refusal } from '../../src/gateway/receive/otlp-answer.ts';
import { createOtlpGrpc, type OtlpGrpcServer } from '../../src/gateway/receive/otlp-grpc.ts';
import { createSenders } from '../../src/gateway/receive/senders.ts';
import { encodeOtlp } from '../support/otlp-protobuf.ts';

const TRACES = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
const LOGS = '/opentelemetry.proto.collector.logs.v1.LogsService/Export';
const METRICS = '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export';
const KEY = { authorization: 'Bearer the-key' };

const SPAN = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', name: 'chat' };
const SPANS = encodeOtlp('traces', { resourceSpans: [{ scopeSpans: [{ spans: [SPAN] }] }] });

let server: OtlpGrpcServer;
let client: grpc.Client;
let admission: Admission;
let refusal: Refusal | undefined;
let isStopping = false;
const seen: string[] = [];

beforeAll(async () => {
  server = await createOtlpGrpc({
    maxBodyBytes: 64 * 1024,
    identify: createSenders([{ name: 'backend', key: 'the-key' }]),
    tls: undefined,
    get admission() {
      return admission;
    },
    intake: {
      takeSpans: async ({ spans }, info) => {
        seen.push(`${info.sender}: ${spans.length} spans`);
        info.release();
        return refusal;
      },
      takeLogs: async (records, info) => {
        seen.push(`${info.sender}: ${records.length} log records`);
        info.release();
        return refusal;
      },
      countMetrics: ({ sender }) => seen.push(`${sender}: metrics`),
    },
    isStopping: () => isStopping,
    onAnswered: () => {},
  });
  const port = await server.listen('127.0.0.1', 0);
  client = new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
});

afterAll(async () => {
  client.close();
  await server.stop(1_000);
});

beforeEach(() => {
  admission = createAdmission(1024 * 1024, false, () => 0);
  refusal = undefined;
  isStopping = false;
  seen.length = 0;
});

interface Answer {
  readonly code: number;
  readonly details: string;
  /** `google.rpc.Status` with what the client may do. */
  readonly status: string;
}

function send(
  path: string,
  body: Uint8Array,
  headers: Record<string, string> = KEY,
  gzip = false,
): Promise<Answer> {
  const metadata = new grpc.Metadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  const asIs = (bytes: Buffer): Buffer => bytes;
  const options = gzip ? { 'grpc.default_compression_algorithm': 2 } : {};
  const sender = gzip
    ? new grpc.Client(
        client.getChannel().getTarget().replace('dns:', ''),
        grpc.credentials.createInsecure(),
        options,
      )
    : client;
  return new Promise((resolve) => {
    sender.makeUnaryRequest(path, asIs, asIs, Buffer.from(body), metadata, (error) => {
      if (gzip) sender.close();
      resolve({
        code: error?.code ?? 0,
        details: error?.details ?? '',
        status: String(error?.metadata.get('grpc-status-details-bin')[0] ?? ''),
      });
    });
  });
}

it.each<[string, Uint8Array, boolean, string]>([
  [TRACES, SPANS, false, 'backend: 1 spans'],
  [TRACES, SPANS, true, 'backend: 1 spans'],
  [TRACES, new Uint8Array(), false, 'backend: 0 spans'],
  [
    LOGS,
    encodeOtlp('logs', { resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: {} }] }] }] }),
    false,
    'backend: 1 log records',
  ],
  [METRICS, Buffer.from('anything'), false, 'backend: metrics'],
])('%s is taken', async (path, body, gzip, expected) => {
  expect(await send(path, body, KEY, gzip)).toMatchObject({ code: 0 });
  expect(seen).toEqual([expected]);
  expect(admission.heldBytes).toBe(0);
});

it.each<[string, () => Promise<Answer>, number, string]>([
  ['no key', () => send(TRACES, SPANS, {}), grpc.status.UNAUTHENTICATED, 'key'],
  ['a wrong key', () => send(TRACES, SPANS, { 'x-api-key': 'no' }), grpc.status.UNAUTHENTICATED, 'key'],
  ['no protobuf', () => send(TRACES, Buffer.from([0x0a, 9])), grpc.status.INVALID_ARGUMENT, 'byte'],
  ['too much', () => send(TRACES, Buffer.alloc(70_000)), grpc.status.RESOURCE_EXHAUSTED, ''],
  ['another service', () => send('/a.b.C/Export', SPANS), grpc.status.UNIMPLEMENTED, ''],
])('%s is refused for good', async (_name, run, code, words) => {
  const answer = await run();
  expect(answer).toMatchObject({ code, details: expect.stringContaining(words), status: '' });
  expect(seen).toEqual([]);
  expect(admission.heldBytes).toBe(0);
});

it('what must come again says after which time', async () => {
  isStopping = true;
  expect(await send(TRACES, SPANS)).toMatchObject({
    code: grpc.status.UNAVAILABLE,
    status: expect.stringContaining('google.rpc.RetryInfo'),
  });
  isStopping = false;
  refusal = { reason: 'not-delivered', message: 'later', retryAfterS: 1 };
  expect(await send(TRACES, SPANS)).toMatchObject({ code: grpc.status.UNAVAILABLE, details: 'later' });
  refusal = undefined;
  admission = createAdmission(10, false, () => 0);
  admission.admit(10, 'other');
  expect(await send(TRACES, SPANS)).toMatchObject({ code: grpc.status.UNAVAILABLE });
});
