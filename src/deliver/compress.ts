import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';

export type Compression = 'gzip' | 'none';

/** A request body as it goes over the wire. */
export interface EncodedBody {
  readonly body: Buffer;
  readonly encoding: 'gzip' | 'identity';
}

/** Smaller bodies fit into one packet anyway, so compressing them saves nothing. */
const MIN_GZIP_BYTES = 1024;

const GZIP = {
  /**
   * Fastest. On recorded spans it takes half the CPU time of the default level and still removes nine tenths of the
   * bytes; the application needs the CPU more than we need the bandwidth.
   */
  level: constants.Z_BEST_SPEED,
  /** Most, 128 KiB more than by default for each body at work. What it buys: a twentieth of the time. */
  memLevel: constants.Z_MAX_MEMLEVEL,
  /** What it buys: the body is there as a whole, so one turn in the thread pool ends it, and no pieces need joining. */
  flush: constants.Z_FINISH,
};

/**
 * Bytes of output per turn in the thread pool, as far as the body needs them. What it buys: zlib comes back to the main
 * thread for every piece, which at its default of 16 KiB costs more than all else that is done there for a body.
 */
const MAX_PIECE_BYTES = 512 * 1024;

const gzipInThreadPool = promisify(gzip);

/** Whether a body of this size is compressed. */
export function isCompressed(bytes: number, compression: Compression): boolean {
  return compression === 'gzip' && bytes >= MIN_GZIP_BYTES;
}

/** Compresses a body off the main thread. gzip is the only compression that PostHog's batch routes read. */
export async function compressBody(body: Buffer, compression: Compression): Promise<EncodedBody> {
  if (!isCompressed(body.length, compression)) return { body, encoding: 'identity' };
  try {
    const chunkSize = Math.min(MAX_PIECE_BYTES, Math.max(constants.Z_MIN_CHUNK, body.length >> 1));
    return { body: await gzipInThreadPool(body, { ...GZIP, chunkSize }), encoding: 'gzip' };
  } catch {
    // zlib fails only for want of memory; the plain body is as good.
    return { body, encoding: 'identity' };
  }
}
