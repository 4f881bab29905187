import { connect, type Socket } from 'node:net';
import { deflateRawSync, gzipSync } from 'node:zlib';
import * as grpc from '@grpc/grpc-js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loopbackOfTest } from '../support/loopback-of-test.ts';
import { otlpCall, otlpRequest } from '../support/otlp-call.ts';
import { encodeOtlp } from '../support/otlp-protobuf.ts';
import { destination, type GatewayOfTest, gatewayOfTest } from './gateway-of-test.ts';

const MIB = 1024 * 1024;
const PROTOBUF = { 'content-type': 'application/x-protobuf' };

const span = (spanId: string, ...attributes: readonly object[]) =>
  otlpCall({ spanId, name: 'chat' }, attributes);
const traces = (...spans: readonly object[]) => JSON.stringify(otlpRequest(spans));

async function start() {
  const posthog = await loopbackOfTest();
  const gateway = await gatewayOfTest([destination({ options: { endpoint: posthog.url } })], {
    listen: { maxBodyBytes: 4 * MIB, grpc: { host: '127.0.0.1', port: 0 } },
  });
  return { posthog, ...gateway };
}

/** What is left in memory of requests, as the metrics say. */
async function heldBytes({ admin }: GatewayOfTest): Promise<number> {
  const text = await (await admin('/metrics')).text();
  return Number(/^posthog_gateway_inflight_bytes (\d+)$/m.exec(text)?.[1]);
}

/** A value in so many lists, in JSON and in protobuf (`AnyValue.array_value` 5, `ArrayValue.values` 1). */
function nestedJson(levels: number): string {
  const open = '{"arrayValue":{"values":['.repeat(levels);
  return `${open}{"stringValue":"deep"}${']}}'.repeat(levels)}`;
}

function nestedProtobuf(levels: number): Buffer {
  let value: Buffer = Buffer.from([0x0a, 4, ...Buffer.from('deep')]);
  for (let level = 0; level < levels; level += 1) value = field(5, field(1, value));
  return value;
}

function field(number: number, content: Buffer): Buffer {
  const length: number[] = [];
  for (let rest = content.length; ; rest >>>= 7) {
    if (rest < 0x80) {
      length.push(rest);
      break;
    }
    length.push((rest & 0x7f) | 0x80);
  }
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...length]), content]);
}

/** A span with an attribute, by the numbers of its fields in opentelemetry-proto. */
function spanWith(value: Buffer): Buffer {
  const attribute = Buffer.concat([field(1, Buffer.from('app.deep')), field(2, value)]);
  const ids = Buffer.concat([field(1, Buffer.alloc(16, 1)), field(2, Buffer.alloc(8, 1))]);
  const bytes = Buffer.concat([ids, field(5, Buffer.from('deep')), field(9, attribute)]);
  return field(1, field(2, field(2, bytes)));
}

describe('values in values in values', () => {
  const PROTOBUF = { 'content-type': 'application/x-protobuf' };
  it.each<[string, () => string | Uint8Array<ArrayBuffer>, Record<string, string>]>([
    [
      'an attribute, in JSON',
      () =>
        traces(span('1'.repeat(16))).replace(
          '"gpt-4o"}',
          `"gpt-4o"}},{"key":"app.deep","value":${nestedJson(20_000)}`,
        ),
      {},
    ],
    ['the whole document', () => `{"resourceSpans":${'['.repeat(200_000)}${']'.repeat(200_000)}}`, {}],
    ['an attribute, in protobuf', () => Uint8Array.from(spanWith(nestedProtobuf(2_000))), PROTOBUF],
    ['unknown fields, in protobuf', () => Uint8Array.from(field(90, nestedProtobuf(2_000))), PROTOBUF],
  ])('%s', async (_name, body, headers) => {
    const gateway = await start();
    const { status } = await gateway.post('/v1/traces', body(), headers);
    expect([200, 400]).toContain(status);
    expect((await gateway.post('/v1/traces', traces(span('2'.repeat(16))))).status).toBe(200);
    expect(await heldBytes(gateway)).toBe(0);
  });
});

describe('little that becomes much', () => {
  const bomb = gzipSync(Buffer.alloc(64 * MIB));

  it('is refused over HTTP', async () => {
    const gateway = await start();
    const headers = { 'content-encoding': 'gzip' };
    expect((await gateway.post('/v1/traces', Uint8Array.from(bomb), headers)).status).toBe(413);
    expect(await heldBytes(gateway)).toBe(0);
  });

  it('is refused over gRPC', async () => {
    const { gateway } = await start();
    const target = `127.0.0.1:${gateway.addresses.grpc?.port}`;
    const client = new grpc.Client(target, grpc.credentials.createInsecure(), {
      'grpc.default_compression_algorithm': 2,
      'grpc.max_send_message_length': -1,
    });
    const asIs = (bytes: Buffer): Buffer => bytes;
    const path = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
    const code = await new Promise((resolve) => {
      client.makeUnaryRequest(path, asIs, asIs, Buffer.alloc(64 * MIB), new grpc.Metadata(), (error) => {
        client.close();
        resolve(error?.code);
      });
    });
    expect(code).toBe(grpc.status.RESOURCE_EXHAUSTED);
  });
});

it('clients that never come to an end take nothing from others, and leave nothing', async () => {
  const gateway = await start();
  const { port } = gateway.gateway.addresses.http;
  const open = (text: string): Promise<Socket> =>
    new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(text, () => resolve(socket)));
      socket.on('error', reject);
      onTestFinished(() => void socket.destroy());
    });
  const head = [
    'POST /v1/traces HTTP/1.1',
    'Host: localhost',
    'Content-Type: application/json',
    'Content-Length: 500000',
  ];
  const slow = await Promise.all(
    Array.from({ length: 100 }, (_, index) =>
      open(index % 2 === 0 ? head.join('\r\n') : `${head.join('\r\n')}\r\n\r\n{"resourceSpans":[`),
    ),
  );
  await expect.poll(() => heldBytes(gateway)).toBeGreaterThan(0);
  expect((await gateway.post('/v1/traces', traces(span('1'.repeat(16))))).status).toBe(200);
  for (const socket of slow) socket.destroy();
  await expect.poll(() => heldBytes(gateway)).toBe(0);
});

describe('bodies that are cut, or go on after their end', () => {
  const body = traces(span('1'.repeat(16)));
  const packed = gzipSync(body);
  const protobuf = Buffer.from(encodeOtlp('traces', JSON.parse(body)));
  const wrongSum = Buffer.from(packed);
  wrongSum.writeUInt32LE(0, packed.length - 8);
  it.each<[string, Buffer, Record<string, string>, number]>([
    ['gzip that is cut', packed.subarray(0, -12), { 'content-encoding': 'gzip' }, 400],
    ['gzip with another sum', wrongSum, { 'content-encoding': 'gzip' }, 400],
    ['gzip that says to be what it is not', Buffer.from(body), { 'content-encoding': 'gzip' }, 400],
    ['deflate without its head', deflateRawSync(body), { 'content-encoding': 'deflate' }, 400],
    ['JSON and more', Buffer.from(`${body}{}`), {}, 400],
    ['protobuf and more', Buffer.concat([protobuf, Buffer.from([0xff])]), PROTOBUF, 400],
    ['protobuf that is cut', protobuf.subarray(0, -1), PROTOBUF, 400],
    ['protobuf and a field that nobody knows', Buffer.concat([protobuf, field(99, packed)]), PROTOBUF, 200],
    ['JSON that is said to be protobuf', Buffer.from(body), PROTOBUF, 400],
    ['protobuf that is said to be JSON', protobuf, {}, 400],
  ])('%s', async (_name, sent, headers, status) => {
    const gateway = await start();
    expect((await gateway.post('/v1/traces', Uint8Array.from(sent), headers)).status).toBe(status);
    expect(await heldBytes(gateway)).toBe(0);
    expect(gateway.posthog.events).toHaveLength(status === 200 ? 1 : 0);
  });
});

it('a call that is given up in the middle leaves nothing, and takes nothing from the next', async () => {
  const { gateway, ...gatewayOf } = await start();
  const client = new grpc.Client(
    `127.0.0.1:${gateway.addresses.grpc?.port}`,
    grpc.credentials.createInsecure(),
  );
  onTestFinished(() => client.close());
  const asIs = (bytes: Buffer): Buffer => bytes;
  const path = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
  const body = Buffer.from(encodeOtlp('traces', otlpRequest([otlpCall()])));
  const ask = (options: grpc.CallOptions, isGivenUp: boolean): Promise<number> =>
    new Promise((resolve) => {
      const call = client.makeUnaryRequest(path, asIs, asIs, body, new grpc.Metadata(), options, (error) =>
        resolve(error?.code ?? 0),
      );
      if (isGivenUp) setImmediate(() => call.cancel());
    });
  const codes = await Promise.all(Array.from({ length: 50 }, () => ask({}, true)));
  expect(codes.every((code) => code === grpc.status.CANCELLED || code === 0)).toBe(true);
  expect(await ask({ deadline: 0 }, false)).toBe(grpc.status.DEADLINE_EXCEEDED);
  expect(await ask({}, false)).toBe(0);
  await expect.poll(() => heldBytes({ gateway, ...gatewayOf })).toBe(0);
});

it('what is wrong in a request costs the rest of it nothing', async () => {
  const gateway = await start();
  const body = traces(
    span('1'.repeat(16)),
    { name: 'no ids' },
    { ...span('2'.repeat(16)), attributes: 'no list', events: 7, status: [] },
    { ...span('3'.repeat(16)), startTimeUnixNano: 'soon', endTimeUnixNano: {} },
    span('4'.repeat(16), { key: 'app.large', value: { stringValue: 'x'.repeat(MIB) } }, { key: 7 }, {}),
    { ...span('5'.repeat(16)), attributes: [{ key: 'http.request.method', value: { stringValue: 'GET' } }] },
  );
  const answer = await gateway.post('/v1/traces', body);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ partialSuccess: { rejectedSpans: '1' } });
  const ids = gateway.posthog.events.map(({ properties }) => Object(properties).$ai_span_id);
  expect(ids).toEqual(expect.arrayContaining(['1'.repeat(16), '4'.repeat(16)]));
  expect(ids).not.toContain('5'.repeat(16));
});

describe('requests that two servers could read in two ways, or none', () => {
  const head = 'Host: localhost\r\nContent-Type: application/json\r\n';
  const post = (headers: string, body: string) =>
    `POST /v1/traces HTTP/1.1\r\n${head}${headers}\r\n\r\n${body}`;
  it.each<[string, string, readonly number[]]>([
    ['a length and chunks', post('Content-Length: 2\r\nTransfer-Encoding: chunked', '0\r\n\r\n'), [400]],
    ['two lengths', post('Content-Length: 2\r\nContent-Length: 5', '{}abc'), [400]],
    ['a negative length', post('Content-Length: -1', '{}'), [400]],
    ['a length that no number holds', post('Content-Length: 99999999999999999999', '{}'), [400]],
    ['a length over the limit', post('Content-Length: 5242880', '{}'), [413]],
    ['a chunk of no length', post('Transfer-Encoding: chunked', 'zz\r\n{}\r\n0\r\n\r\n'), [400]],
    ['lines without a carriage return', post('Content-Length: 2', '{}').replaceAll('\r\n', '\n'), [400]],
    ['a zero in a header', post('X-App: a\0b\r\nContent-Length: 2', '{}'), [400]],
    ['a header of 100 kB', post(`X-App: ${'a'.repeat(100_000)}\r\nContent-Length: 2`, '{}'), [431]],
    ['no host', post('Content-Length: 2', '{}').replace('Host: localhost\r\n', ''), [400]],
    ['another host', post('Content-Length: 2', '{}').replace('localhost', 'evil.example'), [403]],
    ['a path that is none', post('Content-Length: 2', '{}').replace('/v1/traces', '//['), [404]],
    ['an encoding within another', post('Content-Encoding: gzip, gzip\r\nContent-Length: 2', '{}'), [415]],
    ['HTTP/2 without TLS', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', [400]],
    ['what is no HTTP', '\x16\x03\x01\x02\x00\x01\x00', [400]],
    ['two requests at once', post('Content-Length: 2', '{}').repeat(2), [200, 200]],
  ])('%s', async (_name, text, expected) => {
    const gateway = await start();
    const socket = connect(gateway.gateway.addresses.http.port, '127.0.0.1', () => socket.write(text));
    onTestFinished(() => void socket.destroy());
    let answer = '';
    socket.on('data', (bytes) => {
      answer += bytes.toString();
    });
    socket.on('error', () => {});
    const statuses = () => [...answer.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status));
    await expect.poll(statuses, { timeout: 60_000, interval: 5 }).toEqual(expected);
    expect((await gateway.post('/v1/traces', traces(span('1'.repeat(16))))).status).toBe(200);
    expect(await heldBytes(gateway)).toBe(0);
  });
});
