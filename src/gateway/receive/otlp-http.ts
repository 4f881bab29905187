import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Admission, Admitted } from '../admit/admission.ts';
import { handOver } from './hand-over.ts';
import type { Intake, OnAnswered, RequestInfo } from './intake.ts';
import {
  noRoom,
  type OtlpAnswer,
  type OtlpEncoding,
  otlpRefusal,
  otlpSuccess,
  type Refusal,
} from './otlp-answer.ts';
import { announcedBytes, ClientGone, isCompressed, readBody } from './read-body.ts';
import { type ReceivingRoute, routeOf, WRONG_PATH } from './receiving-routes.ts';
import type { IdentifySender } from './senders.ts';

export interface OtlpHttpOptions {
  readonly maxBodyBytes: number;
  /** Absent where no key is asked for. */
  readonly identify: IdentifySender | undefined;
  /** Exact origins of pages that may send; `*` is none. */
  readonly corsOrigins: readonly string[];
  /** Names by which the gateway may be called; absent where any is fine. */
  readonly hosts: ((host: string) => boolean) | undefined;
  readonly admission: Admission;
  readonly intake: Intake;
  readonly isStopping: () => boolean;
  readonly onAnswered: OnAnswered;
}

/** Memory that is reserved for a body whose length is not announced, before it is known. */
const CHUNKED_BYTES = 256 * 1024;

/** About how much larger a compressed body is once inflated; corrected when it is. */
const INFLATED_FACTOR = 4;

const JSON_TYPE = 'application/json';
const PROTOBUF_TYPES: readonly string[] = ['application/x-protobuf', 'application/protobuf'];

/**
 * Handles OTLP over HTTP and what OpenRouter sends. Every request gets exactly one answer, in the encoding of the request;
 * what can be said without the body is said before the body is read.
 */
export function createOtlpHttp(
  options: OtlpHttpOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    const startedMs = performance.now();
    const encoding = encodingOf(request) ?? 'json';
    const route = routeOf(request.url ?? '/');
    const cors = corsHeaders(request, options.corsOrigins);
    let answer: OtlpAnswer;
    try {
      answer = await answerTo(request, route, options, cors !== undefined);
    } catch (error) {
      if (error instanceof ClientGone) return;
      answer = otlpRefusal(encoding, {
        reason: 'not-delivered',
        message: 'The gateway failed.',
        retryAfterS: 1,
      });
    }
    options.onAnswered({
      route: route?.path ?? 'other',
      code: answer.httpStatus,
      durationMs: performance.now() - startedMs,
    });
    write(request, response, { ...answer, headers: { ...answer.headers, ...cors } });
  };
}

async function answerTo(
  request: IncomingMessage,
  route: ReceivingRoute | undefined,
  options: OtlpHttpOptions,
  isListedOrigin: boolean,
): Promise<OtlpAnswer> {
  const known = encodingOf(request);
  const refuse = (refusal: Refusal) => otlpRefusal(known ?? 'json', refusal);

  if (options.hosts && !options.hosts(request.headers.host ?? '')) {
    return refuse({
      reason: 'forbidden-host',
      message: 'The Host header names another server; call the gateway by its address or by localhost.',
    });
  }
  if (!route) return refuse({ reason: 'unknown-path', message: WRONG_PATH });
  const method = request.method ?? '';
  if (method === 'OPTIONS' && isListedOrigin) return { httpStatus: 204, headers: {}, body: Buffer.alloc(0) };
  if (!route.methods.includes(method)) {
    const allow = route.methods.join(', ');
    return refuse({ reason: 'wrong-method', message: `Send by ${allow}.`, allow });
  }
  const sender = options.identify?.(request.headers);
  if (options.identify && !sender) {
    return refuse({
      reason: 'unauthenticated',
      message:
        'No sender has this key. Send the key of a sender as "Authorization: Bearer KEY" or "x-api-key".',
    });
  }
  if (!known) {
    return refuse({
      reason: 'unsupported-type',
      message: `The content type is not known here; send ${PROTOBUF_TYPES[0]} or ${JSON_TYPE}.`,
    });
  }
  if (options.isStopping()) {
    return refuse({ reason: 'stopping', message: 'The gateway is stopping.', retryAfterS: 1 });
  }
  const senderName = sender?.name ?? '';
  const announced = announcedBytes(request) ?? CHUNKED_BYTES;
  const expected = Math.min(announced * (isCompressed(request) ? INFLATED_FACTOR : 1), options.maxBodyBytes);
  const share = options.admission.admit(expected, senderName);
  if (!share) return refuse(noRoom());
  const info: RequestInfo = {
    sender: senderName,
    transport: route.transport,
    isTest: request.headers['x-test-connection'] === 'true',
    release: share.release,
  };
  const body = await readAdmitted(request, share, expected, options.maxBodyBytes);
  if (!Buffer.isBuffer(body)) return refuse(body);
  const taken = await handOver({ signal: route.signal, encoding: known, body }, info, options.intake);
  return 'reason' in taken ? refuse(taken) : otlpSuccess(known, route.signal, taken.rejected);
}

/** The body, whose share of the memory becomes what it needs; given back where there is no body. */
async function readAdmitted(
  request: IncomingMessage,
  share: Admitted,
  expectedBytes: number,
  maxBytes: number,
): Promise<Buffer | Refusal> {
  const onReceived = (bytes: number): void => {
    if (bytes > expectedBytes) share.resize(bytes);
  };
  try {
    const body = await readBody(request, { maxBytes, onReceived });
    if (Buffer.isBuffer(body)) share.resize(body.length);
    else share.release();
    return body;
  } catch (error) {
    share.release();
    throw error;
  }
}

function encodingOf(request: IncomingMessage): OtlpEncoding | undefined {
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (type === JSON_TYPE) return 'json';
  return PROTOBUF_TYPES.includes(type) ? 'protobuf' : undefined;
}

function corsHeaders(
  request: IncomingMessage,
  origins: readonly string[],
): Record<string, string> | undefined {
  const { origin } = request.headers;
  if (origin === undefined || !origins.includes(origin)) return undefined;
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'POST, PUT',
    'access-control-allow-headers': 'authorization, content-type, content-encoding, x-api-key',
    'access-control-max-age': '86400',
    vary: 'origin',
  };
}

/** How long a refused client may go on sending before its connection ends. */
const DRAIN_MS = 5_000;

function write(request: IncomingMessage, response: ServerResponse, answer: OtlpAnswer): void {
  response.writeHead(answer.httpStatus, { ...answer.headers, 'content-length': answer.body.length });
  if (request.complete || request.destroyed) {
    response.end(answer.body);
    return;
  }
  // The client still sends. An end now would reset its connection before it has read the answer, which some clients take
  // for a loss. What it sends is thrown away.
  response.write(answer.body);
  const end = (): void => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(end, DRAIN_MS);
  request.once('close', end);
  request.resume();
}
