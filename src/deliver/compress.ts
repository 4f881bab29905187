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

/** Of the bytes of a body, what is left by compression: as it was lately, rising at once and falling slowly. */
let shareLeft = 1 / 2;

/** Part of the difference that `shareLeft` falls by. */
const FALL = 1 / 8;

/** More room than was needed lately, since no two bodies compress alike. */
const SPARE = 9 / 8;

/**
 * Bytes for the compressed body. What it buys: with too little, zlib comes back to the main thread, takes as much again
 * and joins the pieces; and memory outside its heap makes the engine look through the application's for garbage.
 */
function outputBytes(bodyBytes: number): number {
  return Math.max(constants.Z_MIN_CHUNK, Math.ceil(bodyBytes * shareLeft * SPARE));
}

function learnShare(share: number): void {
  shareLeft = share > shareLeft ? share : shareLeft + (share - shareLeft) * FALL;
}

const gzipInThreadPool = promisify(gzip);

/** Whether a body of this size is compressed. */
export function isCompressed(bytes: number, compression: Compression): boolean {
  return compression === 'gzip' && bytes >= MIN_GZIP_BYTES;
}

/** Compresses a body off the main thread. gzip is the only compression that PostHog's batch routes read. */
export async function compressBody(body: Buffer, compression: Compression): Promise<EncodedBody> {
  if (!isCompressed(body.length, compression)) return { body, encoding: 'identity' };
  try {
    const compressed = await gzipInThreadPool(body, { ...GZIP, chunkSize: outputBytes(body.length) });
    learnShare(compressed.length / body.length);
    return { body: compressed, encoding: 'gzip' };
  } catch {
    // zlib fails only for want of memory; the plain body is as good.
    return { body, encoding: 'identity' };
  }
}
