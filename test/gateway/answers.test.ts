import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Admission, createAdmission } from '../../src/gateway/admit/admission.ts';
import { decodeSpans } from '../../src/gateway/receive/decode-request.ts';
import { type HttpListener, listenHttp } from '../../src/gateway/receive/http-listener.ts';
import type { Intake, RequestInfo } from '../../src/gateway/receive/intake.ts';
import type { Refusal } from '../../src/gateway/receive/otlp-answer.ts';
import { createOtlpHttp } from '../../src/gateway/receive/otlp-http.ts';
import { createSenders } from '../../src/gateway/receive/senders.ts';
import { encodeOtlp } from '../support/otlp-protobuf.ts';

const MAX_BODY_BYTES = 512 * 1024;
const KEY = 'key-of-the-backend';

const SPAN = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  name: 'chat',
  attributes: [{ key: 'gen_ai.request.model', value: { stringValue: 'gpt-4o' } }],
};
const traces = (spans: readonly object[]) => ({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
const LOGS = { resourceLogs: [{ scopeLogs: [{ logRecords: [{ eventName: 'gen_ai.choice', body: {} }] }] }] };

let listener: HttpListener;
let admission: Admission;
let refusal: Refusal | undefined;
let isStopping: boolean;
const seen: { what: string; count: number; info: RequestInfo }[] = [];

const intake: Intake = {
  takeSpans: async ({ spans }, info) => {
    seen.push({ what: 'spans', count: spans.length, info });
    info.release();
    return refusal;
  },
  takeLogs: async (records, info) => {
    seen.push({ what: 'logs', count: records.length, info });
    info.release();
    return refusal;
  },
  countMetrics: (info) => seen.push({ what: 'metrics', count: 0, info }),
};

beforeAll(async () => {
  const handle = createOtlpHttp({
    maxBodyBytes: MAX_BODY_BYTES,
    identify: createSenders([
      { name: 'backend', key: KEY },
      { name: 'openrouter', key: 'or-key', header: 'x-or-key' },
    ]),
    corsOrigins: ['https://app.example'],
    hosts: (host) => host.startsWith('127.0.0.1') || host.startsWith('localhost'),
    get admission() {
      return admission;
    },
    intake,
    isStopping: () => isStopping,
    onAnswered: () => {},
  });
  listener = await listenHttp((request, response) => void handle(request, response), {
    host: '127.0.0.1',
    port: 0,
  });
});

afterAll(() => listener.stop(0));

beforeEach(() => {
  admission = createAdmission(64 * 1024 * 1024, true, () => 0);
  refusal = undefined;
  isStopping = false;
  seen.length = 0;
});

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: Buffer;
}

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string | undefined>;
  readonly body?: Uint8Array | string;
  /** Sends the body in chunks, without its length. */
  readonly chunked?: boolean;
}

function send({
  method = 'POST',
  path = '/v1/traces',
  headers = {},
  body = '',
  chunked,
}: Sent): Promise<Answer> {
  const all = Object.entries({
    authorization: `Bearer ${KEY}`,
    'content-type': 'application/json',
    ...(chunked ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
    ...headers,
  }).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return new Promise((resolve, reject) => {
    const { host, port } = listener.address;
    const sent = httpRequest({ host, port, path, method, headers: Object.fromEntries(all) }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const json = (document: unknown) => JSON.stringify(document);
const PROTOBUF = { 'content-type': 'application/x-protobuf' };

describe('what is taken', () => {
  const spans = json(traces([SPAN, SPAN]));
  const one = traces([SPAN]);
  const gzip = { 'content-encoding': 'gzip' };
  const charset = { 'content-type': 'application/json; charset=utf-8' };
  it.each<[string, Sent, string, number]>([
    ['spans in JSON', { body: spans }, 'spans', 2],
    ['spans in JSON, with a charset', { body: spans, headers: charset }, 'spans', 2],
    ['spans in protobuf', { body: encodeOtlp('traces', one), headers: PROTOBUF }, 'spans', 1],
    ['spans in chunks', { body: spans, chunked: true }, 'spans', 2],
    ['gzip', { body: gzipSync(spans), headers: gzip }, 'spans', 2],
    ['deflate', { body: deflateSync(spans), headers: { 'content-encoding': 'deflate' } }, 'spans', 2],
    ['log records', { path: '/v1/logs', body: json(LOGS) }, 'logs', 1],
    [
      'log records in protobuf',
      { path: '/v1/logs', body: encodeOtlp('logs', LOGS), headers: PROTOBUF },
      'logs',
      1,
    ],
    ['metrics, whatever they are', { path: '/v1/metrics', body: 'anything' }, 'metrics', 0],
    ['a broadcast by PUT', { path: '/openrouter', method: 'PUT', body: spans }, 'spans', 2],
    ['no body at all', { body: '' }, 'spans', 0],
    ['an empty request', { body: '{}' }, 'spans', 0],
    ['an empty request in protobuf', { body: '', headers: PROTOBUF }, 'spans', 0],
    ['a slash at the end', { path: '/v1/traces/', body: spans }, 'spans', 2],
  ])('%s', async (_name, sent, what, count) => {
    const { status, headers, body } = await send(sent);
    expect(seen).toMatchObject([{ what, count }]);
    const type = sent.headers === PROTOBUF ? 'application/x-protobuf' : 'application/json';
    expect({ status, type: headers['content-type'] }).toEqual({ status: 200, type });
    expect(body.toString()).toBe(sent.headers === PROTOBUF ? '' : '{}');
    expect(admission.heldBytes).toBe(0);
  });

  it('says how many spans could not be used, in either encoding', async () => {
    const request = traces([SPAN, { name: 'no ids' }]);
    const inJson = await send({ body: json(request) });
    expect(JSON.parse(inJson.body.toString())).toEqual({
      partialSuccess: { rejectedSpans: '1', errorMessage: expect.stringContaining('trace id') },
    });
    const { body } = await send({ body: encodeOtlp('traces', request), headers: PROTOBUF });
    // partial_success (1) { rejected_spans (1): 1, error_message (2) }
    expect([...body.subarray(0, 1), ...body.subarray(2, 5)]).toEqual([0x0a, 0x08, 1, 0x12]);
  });
});

describe('senders', () => {
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
  it.each<[string, Record<string, string | undefined>, string | undefined]>([
    ['a bearer token', { authorization: `Bearer ${KEY}` }, 'backend'],
    ['a bearer token in another case', { authorization: `bearer ${KEY}` }, 'backend'],
    ['a password', { authorization: basic(`anybody:${KEY}`) }, 'backend'],
    ['a user', { authorization: basic(`${KEY}:`) }, 'backend'],
    ['x-api-key', { authorization: undefined, 'x-api-key': KEY }, 'backend'],
    ['a header of its own', { authorization: undefined, 'x-or-key': 'or-key' }, 'openrouter'],
    ["another sender's header", { authorization: undefined, 'x-or-key': KEY }, undefined],
    ['a wrong key', { authorization: 'Bearer key-of-the-backenD' }, undefined],
    ['a beginning of the key', { authorization: `Bearer ${KEY.slice(0, -1)}` }, undefined],
    ['no key', { authorization: undefined }, undefined],
  ])('%s', async (_name, headers, name) => {
    const { status, headers: answered } = await send({ body: '{}', headers });
    expect(status).toBe(name ? 200 : 401);
    expect(seen.map(({ info }) => info.sender)).toEqual(name ? [name] : []);
    expect(answered['www-authenticate']).toBe(name ? undefined : 'Bearer');
  });

  it('are refused before their body is read', async () => {
    const { port } = listener.address;
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk.toString();
        if (text.includes('\r\n\r\n')) {
          socket.destroy();
          resolve(text);
        }
      });
      socket.on('error', reject);
      // The body never comes.
      const head = [
        'POST /v1/traces HTTP/1.1',
        'Host: localhost',
        'Content-Type: application/json',
        'Content-Length: 9999',
      ];
      socket.write(`${head.join('\r\n')}\r\n\r\n`);
    });
    expect(answer).toContain('401');
  });
});

describe('what is refused', () => {
  const bomb = gzipSync(Buffer.alloc(4 * MAX_BODY_BYTES));
  const gzip = { 'content-encoding': 'gzip' };
  const tooLong = Buffer.alloc(2 * MAX_BODY_BYTES);
  it.each<[string, Sent, number, number, string]>([
    ['another path', { path: '/' }, 404, 12, '/v1/traces'],
    ['another method', { method: 'DELETE' }, 405, 12, 'POST'],
    ['no content type', { headers: { 'content-type': undefined }, body: '{}' }, 415, 3, 'x-protobuf'],
    ['another content type', { headers: { 'content-type': 'text/plain' }, body: '{}' }, 415, 3, 'json'],
    ['another encoding', { headers: { 'content-encoding': 'br' }, body: '{}' }, 415, 3, 'gzip'],
    ['another host', { headers: { host: 'attacker.example' }, body: '{}' }, 403, 7, 'Host'],
    ['no JSON', { body: '{"secret prompt' }, 400, 3, 'no JSON'],
    ['JSON that is no object', { body: '[]' }, 400, 3, 'no object'],
    ['no protobuf', { headers: PROTOBUF, body: Buffer.from([0x0a, 0x50, 1]) }, 400, 3, 'byte'],
    ['damaged gzip', { headers: gzip, body: '{}' }, 400, 3, 'inflated'],
    ['more than the limit, announced', { body: tooLong }, 413, 8, 'maxBodyBytes'],
    ['more than the limit, in chunks', { body: tooLong, chunked: true }, 413, 8, 'maxBodyBytes'],
    ['more than the limit, inflated', { body: bomb, headers: gzip }, 413, 8, 'maxBodyBytes'],
  ])('%s', async (_name, sent, status, code, words) => {
    const answer = await send(sent);
    expect(answer.status).toBe(status);
    const isProtobuf = answer.headers['content-type'] === 'application/x-protobuf';
    expect(isProtobuf).toBe(sent.headers === PROTOBUF);
    const text = answer.body.toString();
    expect(text).toContain(words);
    expect(text).not.toContain('secret');
    if (isProtobuf) expect([...answer.body.subarray(0, 2)]).toEqual([8, code]);
    else expect(JSON.parse(text)).toEqual({ code, message: expect.any(String) });
    expect(seen).toEqual([]);
    expect(admission.heldBytes).toBe(0);
  });

  it('what must come again, with a delay', async () => {
    const empty = { body: '{}' };
    isStopping = true;
    const stopping = await send(empty);
    expect(stopping).toMatchObject({ status: 503, headers: { 'retry-after': '1', connection: 'close' } });
    isStopping = false;
    refusal = { reason: 'not-delivered', message: 'later', retryAfterS: 2 };
    expect(await send(empty)).toMatchObject({ status: 503, headers: { 'retry-after': '2' } });
    refusal = undefined;
    admission = createAdmission(1_000, true, () => 0);
    admission.admit(999, 'other');
    const full = await send(empty);
    expect(full).toMatchObject({ status: 503 });
    expect(['1', '2', '3', '4', '5']).toContain(full.headers['retry-after']);
  });
});

describe('pages of other origins', () => {
  const preflight = (origin: string) =>
    send({ method: 'OPTIONS', headers: { origin, authorization: undefined } });
  it('may send when they are listed', async () => {
    expect(await preflight('https://app.example')).toMatchObject({
      status: 204,
      headers: { 'access-control-allow-origin': 'https://app.example' },
    });
    const { status, headers } = await preflight('https://other.example');
    expect(status).toBe(405);
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });
});

it('parses large JSON in a thread, to the same spans', async () => {
  const prompt = { key: 'gen_ai.prompt', value: { stringValue: 'x'.repeat(9_000) } };
  const names = Array.from({ length: 400 }, (_, index) => `chat ${index}`);
  const body = Buffer.from(json(traces(names.map((name) => ({ ...SPAN, name, attributes: [prompt] })))));
  expect(body.length).toBeGreaterThan(2 * 1024 * 1024);
  const decoded = await decodeSpans('json', body);
  expect(decoded).toMatchObject({ unreadable: 0 });
  if ('spans' in decoded) expect(decoded.spans.map(({ name }) => name)).toEqual(names);
  expect(await decodeSpans('json', body.subarray(0, -5))).toMatchObject({ reason: 'bad-request' });
  const list = Buffer.from(`[${' '.repeat(3_000_000)}]`);
  expect(await decodeSpans('json', list)).toMatchObject({ reason: 'bad-request' });
});
