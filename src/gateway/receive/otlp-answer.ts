/** Encodings of OTLP over HTTP. An answer has the encoding of its request. */
export type OtlpEncoding = 'json' | 'protobuf';

export type OtlpSignal = 'traces' | 'logs' | 'metrics';

/** An answer as it is written. */
export interface OtlpAnswer {
  readonly httpStatus: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Why a request is refused. The message says what to do next and holds no content. */
export interface Refusal {
  readonly reason: RefusalReason;
  readonly message: string;
  /** Seconds, for refusals that pass. */
  readonly retryAfterS?: number;
  /** Methods that the path knows. */
  readonly allow?: string;
}

/**
 * HTTP status and code of `google.rpc.Status` by reason. Only 503 is sent again by every client; 429 would be dropped by
 * some (Python before 1.40), and 5xx for input would be repeated in vain.
 */
export const REFUSALS = {
  'bad-request': { httpStatus: 400, grpcStatus: 3 },
  unauthenticated: { httpStatus: 401, grpcStatus: 16 },
  'unknown-path': { httpStatus: 404, grpcStatus: 12 },
  'wrong-method': { httpStatus: 405, grpcStatus: 12 },
  'forbidden-host': { httpStatus: 403, grpcStatus: 7 },
  'too-large': { httpStatus: 413, grpcStatus: 8 },
  'unsupported-type': { httpStatus: 415, grpcStatus: 3 },
  'no-room': { httpStatus: 503, grpcStatus: 14 },
  'not-delivered': { httpStatus: 503, grpcStatus: 14 },
  stopping: { httpStatus: 503, grpcStatus: 14 },
} as const satisfies Readonly<Record<string, { httpStatus: number; grpcStatus: number }>>;

export type RefusalReason = keyof typeof REFUSALS;

const CONTENT_TYPES: Readonly<Record<OtlpEncoding, string>> = {
  json: 'application/json',
  protobuf: 'application/x-protobuf',
};

/** Name of the count in `partialSuccess` of OTLP/JSON; in protobuf it is field 1 for every signal. */
const REJECTED: Readonly<Record<OtlpSignal, string>> = {
  traces: 'rejectedSpans',
  logs: 'rejectedLogRecords',
  metrics: 'rejectedDataPoints',
};

/** The answer to a request that was taken, with the number of its items that could not be used. */
export function otlpSuccess(encoding: OtlpEncoding, signal: OtlpSignal, rejected = 0): OtlpAnswer {
  const message = 'items without a trace id or a span id were passed over';
  const body =
    encoding === 'json'
      ? JSON.stringify(
          rejected > 0
            ? { partialSuccess: { [REJECTED[signal]]: String(rejected), errorMessage: message } }
            : {},
        )
      : rejected > 0
        ? bytesField(1, Buffer.concat([varintField(1, rejected), bytesField(2, Buffer.from(message))]))
        : '';
  return { httpStatus: 200, headers: { 'content-type': CONTENT_TYPES[encoding] }, body: Buffer.from(body) };
}

/** The answer to a request that is refused: a `google.rpc.Status` in the encoding of the request. */
export function otlpRefusal(encoding: OtlpEncoding, refusal: Refusal): OtlpAnswer {
  const { httpStatus, grpcStatus } = REFUSALS[refusal.reason];
  const { message, retryAfterS, allow } = refusal;
  return {
    httpStatus,
    headers: {
      'content-type': CONTENT_TYPES[encoding],
      ...(retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) }),
      ...(allow === undefined ? {} : { allow }),
      ...(refusal.reason === 'unauthenticated' ? { 'www-authenticate': 'Bearer' } : {}),
      // The rest of such a body is not read.
      ...(refusal.reason === 'too-large' || refusal.reason === 'stopping' ? { connection: 'close' } : {}),
    },
    body:
      encoding === 'json'
        ? Buffer.from(JSON.stringify({ code: grpcStatus, message }))
        : encodeStatus(grpcStatus, message),
  };
}

/** Clients that are refused together shall not come back together. */
export function noRoom(): Refusal {
  return {
    reason: 'no-room',
    message: 'The memory for requests is used up; send again later.',
    retryAfterS: 1 + Math.floor(Math.random() * 5),
  };
}

/** `google.rpc.Status` in protobuf: code (1), message (2). */
export function encodeStatus(code: number, message: string): Buffer {
  return Buffer.concat([varintField(1, code), bytesField(2, Buffer.from(message))]);
}

function varintField(field: number, value: number): Buffer {
  return Buffer.from([...varint(field << 3), ...varint(value)]);
}

function bytesField(field: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([...varint((field << 3) | 2), ...varint(bytes.length)]), bytes]);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  while (value > 0x7f) {
    bytes.push((value % 0x80) | 0x80);
    value = Math.floor(value / 0x80);
  }
  return [...bytes, value];
}
