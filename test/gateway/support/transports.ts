import { gzipSync } from 'node:zlib';
import * as grpc from '@grpc/grpc-js';
import { expect } from 'vitest';
import { encodeOtlp } from '../../support/otlp-protobuf.ts';
import type { GatewayOfTest } from '../gateway-of-test.ts';

type Body = Uint8Array<ArrayBuffer> | string;
type Kind = 'traces' | 'logs';
/** Sends a request and sees that it is taken. */
export type Send = (gateway: GatewayOfTest, kind: Kind, document: object) => Promise<void>;

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

/** Every way of OTLP into a gateway that listens for gRPC too. */
export const TRANSPORTS: Readonly<Record<string, Send>> = {
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
