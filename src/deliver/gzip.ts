import { AsyncResource } from 'node:async_hooks';
import { constants, createGzip, type Gzip, type ZlibReset } from 'node:zlib';

const OPTIONS = {
  /**
   * Fastest. On recorded spans it takes half the CPU time of the default level and still removes nine tenths of the
   * bytes; the application needs the CPU more than we need the bandwidth.
   */
  level: constants.Z_BEST_SPEED,
  /** Most, 128 KiB more than by default for each stream. What it buys: a twentieth of the time. */
  memLevel: constants.Z_MAX_MEMLEVEL,
  /** What it buys: one write ends the body, with no turn of the thread pool of its own for the end. */
  flush: constants.Z_FINISH,
  /** Memory that results are written into one behind the other; more would live long enough to become old. */
  chunkSize: 128 * 1024,
};

/** Bodies compressed at a time; others wait. One thread of the pool, of four by default, is left to the application. */
const MAX_STREAMS = 3;

const idle: GzipStream[] = [];
const waiting: (() => void)[] = [];
let busy = 0;

/** The compressed bytes, from the thread pool. Rejects when zlib is out of memory. */
export async function gzip(bytes: Buffer): Promise<Buffer> {
  if (busy >= MAX_STREAMS) await new Promise<void>((resolve) => waiting.push(resolve));
  else busy += 1;
  let stream = idle.pop();
  try {
    stream ??= new GzipStream();
    const compressed = await stream.compress(bytes);
    idle.push(stream);
    return compressed;
  } catch (error) {
    stream?.close();
    throw error;
  } finally {
    // The next in the queue takes the place over.
    const next = waiting.shift();
    if (next) next();
    else busy -= 1;
  }
}

/** Made as if at start-up: streams outlive the export they are first used for, and must not keep its context alive. */
const newGzip = AsyncResource.bind(() => createGzip(OPTIONS) as Gzip & ZlibReset);

/**
 * Compresses one body after the other.
 *
 * What it buys: `zlib.gzip` makes a stream for each body, which V8, as it has a native side, takes for alive until the
 * next full collection, with all the memory of its result; so much memory outside the heap then brings that collection
 * about, every few dozen bodies.
 */
class GzipStream {
  readonly #stream = newGzip();
  readonly #pieces: Buffer[] = [];

  constructor() {
    this.#stream.on('data', (piece: Buffer) => this.#pieces.push(piece));
  }

  compress(bytes: Buffer): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.#stream.once('error', reject);
      this.#stream.write(bytes, (error) => {
        if (error) return reject(error);
        this.#stream.off('error', reject);
        this.#stream.reset();
        const [only] = this.#pieces;
        resolve(only && this.#pieces.length === 1 ? only : Buffer.concat(this.#pieces));
        this.#pieces.length = 0;
      });
    });
  }

  close(): void {
    this.#stream.close();
  }
}
