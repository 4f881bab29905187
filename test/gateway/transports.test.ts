import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as grpc from '@grpc/grpc-js';
import { expect, it } from 'vitest';
import { PostHogLLMSpanExporter } from '../../src/sdk/exporter/exporter.ts';
import { PostHogLLMLogRecordProcessor } from '../../src/sdk/logs/log-record-processor.ts';
import { loopbackOfTest } from '../support/loopback-of-test.ts';
import type { LoopbackPostHog } from '../support/loopback-posthog.ts';
import { encodeOtlp } from '../support/otlp-protobuf.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { sdkLogRecordsOfOtlp, sdkSpansOfOtlp } from '../support/sdk-of-otlp.ts';
import { destination, type GatewayOfTest, gatewayOfTest, TEST_KEY } from './gateway-of-test.ts';

/** Set by `npm run check:transports`: another folder, of which every recording is taken. */
const GIVEN = process.env['TRANSPORT_RECORDINGS'];
const FOLDER = GIVEN ?? join(import.meta.dirname, '../fixtures/corpus');
/** In the suite a part of them, evenly. */
const STEP = GIVEN === undefined ? 20 : 1;

const OPTIONS = { compression: 'none' } as const;

type Body = Uint8Array<ArrayBuffer> | string;
type Kind = 'traces' | 'logs';
type Send = (gateway: GatewayOfTest, kind: Kind, document: object) => Promise<void>;

const overHttp =
  (encode: (kind: Kind, document: object) => Body, headers: Record<string, string>): Send =>
  async ({ post }, kind, document) => {
    const answer = await post(`/v1/${kind}`, encode(kind, document), headers);
    expect(answer.status, await answer.text()).toBe(200);
  };

const json = (_kind: Kind, document: object) => JSON.stringify(document);
const protobuf = (kind: Kind, document: object) => Uint8Array.from(encodeOtlp(kind, document));
const zipped = (encode: (kind: Kind, document: object) => Body) => (kind: Kind, document: object) =>
  Uint8Array.from(gzipSync(encode(kind, document)));

const GZIP = { 'content-encoding': 'gzip' };
const PROTOBUF = { 'content-type': 'application/x-protobuf' };

const TRANSPORTS: Readonly<Record<string, Send>> = {
  'http/json': overHttp(json, {}),
  'http/json, gzip': overHttp(zipped(json), GZIP),
  'http/protobuf': overHttp(protobuf, PROTOBUF),
  'http/protobuf, gzip': overHttp(zipped(protobuf), { ...PROTOBUF, ...GZIP }),
  grpc: (gateway, kind, document) => callGrpc(gateway, kind, document, 0),
  'grpc, gzip': (gateway, kind, document) => callGrpc(gateway, kind, document, 2),
};

function callGrpc({ gateway }: GatewayOfTest, kind: Kind, document: object, compression: number) {
  const service = kind === 'traces' ? 'trace.v1.TraceService' : 'logs.v1.LogsService';
  const client = new grpc.Client(
    `127.0.0.1:${gateway.addresses.grpc?.port}`,
    grpc.credentials.createInsecure(),
    {
      'grpc.default_compression_algorithm': compression,
    },
  );
  const asIs = (bytes: Buffer): Buffer => bytes;
  const body = Buffer.from(encodeOtlp(kind, document));
  return new Promise<void>((resolve, reject) => {
    client.makeUnaryRequest(
      `/opentelemetry.proto.collector.${service}/Export`,
      asIs,
      asIs,
      body,
      new grpc.Metadata(),
      (error) => {
        client.close();
        if (error) reject(error);
        else resolve();
      },
    );
  });
}

const read = (path: string): object | undefined =>
  existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as object) : undefined;

const recordings = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.json') && !name.endsWith('.logs.json'))
  .sort()
  .map((name) => ({ name, spans: read(join(FOLDER, name)) ?? {} }))
  .filter(({ spans }) => 'resourceSpans' in spans)
  .filter((_, index) => index % STEP === 0)
  .map(({ name, spans }) => ({
    name,
    spans,
    logs: read(join(FOLDER, name.replace(/(\.spans)?\.json$/, '.logs.json'))),
  }));

/** The requests to PostHog, as they were written. */
const bodiesOf = (posthog: LoopbackPostHog) => posthog.requests.map(({ body }) => body?.toString());

/** The events of an exporter in the process that made the spans. */
async function bodiesOfExporter(spans: object, logs: object | undefined) {
  const posthog = await loopbackOfTest();
  const exporter = new PostHogLLMSpanExporter({
    apiKey: TEST_KEY,
    endpoint: posthog.url,
    logger: createRecordingLogger(),
    ...OPTIONS,
  });
  const processor = new PostHogLLMLogRecordProcessor(exporter);
  for (const record of logs ? sdkLogRecordsOfOtlp(logs) : []) processor.onEmit(record);
  await new Promise<void>((resolve) => exporter.export(sdkSpansOfOtlp(spans) as never, () => resolve()));
  await exporter.shutdown();
  return bodiesOf(posthog);
}

it.each(recordings)(
  'events of $name are those of the exporter, byte for byte, over every transport',
  async ({ spans, logs }) => {
    const expected = await bodiesOfExporter(spans, logs);
    for (const [name, send] of Object.entries(TRANSPORTS)) {
      const posthog = await loopbackOfTest();
      const gateway = await gatewayOfTest([destination({ options: { endpoint: posthog.url, ...OPTIONS } })], {
        listen: { grpc: { host: '127.0.0.1', port: 0 } },
        limits: { maxInFlightBytes: 256 * 1024 * 1024, maxTraces: 1_000, waitForLogsMs: 0 },
      });
      if (logs) await send(gateway, 'logs', logs);
      await send(gateway, 'traces', spans);
      expect(bodiesOf(posthog), name).toEqual(expected);
      await gateway.gateway.stop();
    }
  },
);
