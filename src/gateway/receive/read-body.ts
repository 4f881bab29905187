import type { IncomingMessage } from 'node:http';
import * as zlib from 'node:zlib';
import type { Refusal } from './otlp-answer.ts';

/** Of the runtime, from Node 22.15 on. */
const { zstdDecompress } = zlib as { zstdDecompress?: typeof zlib.gunzip };

/** By `Content-Encoding`. `deflate` has a zlib header in HTTP (RFC 9110, 8.4.1.2). */
const INFLATERS: ReadonlyMap<string, typeof zlib.gunzip> = new Map([
  ['gzip', zlib.gunzip],
  ['x-gzip', zlib.gunzip],
  ['deflate', zlib.inflate],
  ...(zstdDecompress ? [['zstd', zstdDecompress] as const] : []),
]);

/** Encodings that are taken, for messages and documentation. */
export const ACCEPTED_ENCODINGS: readonly string[] = [...INFLATERS.keys()].filter(
  (name) => name !== 'x-gzip',
);

/** The request was given up by its client while it was read. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
}

export interface BodyOptions {
  /** Limit as received, and as inflated. */
  readonly maxBytes: number;
  /** Learns how many bytes have been received so far. */
  readonly onReceived: (bytes: number) => void;
}

/**
 * The body of a request, inflated.
 * @throws ClientGone
 */
export async function readBody(request: IncomingMessage, options: BodyOptions): Promise<Buffer | Refusal> {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  const inflater = INFLATERS.get(encoding);
  if (inflater === undefined && encoding !== 'identity' && encoding !== '') {
    return {
      reason: 'unsupported-type',
      message: `The content encoding is not known here; send ${ACCEPTED_ENCODINGS.join(', ')} or none.`,
    };
  }
  const received = await readBytes(request, options);
  if (!Buffer.isBuffer(received) || inflater === undefined || received.length === 0) return received;
  return inflate(inflater, received, options.maxBytes);
}

/** Bytes that a request announces; `undefined` when it comes in chunks. */
export function announcedBytes(request: IncomingMessage): number | undefined {
  const length = request.headers['content-length'];
  return length === undefined ? undefined : Number(length);
}

export function isCompressed(request: IncomingMessage): boolean {
  return INFLATERS.has((request.headers['content-encoding'] ?? '').trim().toLowerCase());
}

export function tooLarge(maxBytes: number): Refusal {
  return {
    reason: 'too-large',
    message: `The request is larger than ${maxBytes} bytes; send fewer spans in a batch, or raise listen.maxBodyBytes.`,
  };
}

async function readBytes(
  request: IncomingMessage,
  { maxBytes, onReceived }: BodyOptions,
): Promise<Buffer | Refusal> {
  const announced = announcedBytes(request);
  if (announced !== undefined && announced > maxBytes) return tooLarge(maxBytes);
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxBytes) return tooLarge(maxBytes);
      chunks.push(chunk);
      onReceived(bytes);
    }
  } catch {
    throw new ClientGone('the request ended before its body was complete');
  }
  const [only] = chunks;
  return chunks.length === 1 && only ? only : Buffer.concat(chunks, bytes);
}

/** Text of prompts packs to a third or less; what claims to pack better gets several pieces. */
const USUAL_RATIO = 8;

/** Smallest piece, as Node has it. */
const MIN_PIECE_BYTES = 16 * 1024;

/**
 * Size of the pieces that a body is inflated in. Each is a turn of the thread pool and a copy, so the whole is one piece where
 * its size is known: gzip ends with it (RFC 1952, 2.3.1). A wrong one costs more pieces, and no more memory than usual bodies.
 */
function pieceBytes(received: Buffer, maxBytes: number): number {
  const said = received.length >= 4 ? received.readUInt32LE(received.length - 4) : 0;
  const most = Math.min(received.length * USUAL_RATIO, maxBytes);
  // One byte that stays free shows zlib that it has come to the end.
  return Math.max(MIN_PIECE_BYTES, Math.min(said > received.length ? said : most, most) + 1);
}

function inflate(
  inflater: typeof zlib.gunzip,
  received: Buffer,
  maxBytes: number,
): Promise<Buffer | Refusal> {
  return new Promise((resolve) => {
    const options = { maxOutputLength: maxBytes, chunkSize: pieceBytes(received, maxBytes) };
    inflater(received, options, (error: NodeJS.ErrnoException | null, inflated) => {
      if (!error) resolve(inflated);
      else if (error.code === 'ERR_BUFFER_TOO_LARGE') resolve(tooLarge(maxBytes));
      else
        resolve({
          reason: 'bad-request',
          message: `The body cannot be inflated (${error.code ?? 'damaged'}).`,
        });
    });
  });
}
