import { gzip } from './gzip.ts';

export type Compression = 'gzip' | 'none';

/** A request body as it goes over the wire. */
export interface EncodedBody {
  readonly body: Buffer;
  readonly encoding: 'gzip' | 'identity';
}

/** Smaller bodies fit into one packet anyway, so compressing them saves nothing. */
const MIN_GZIP_BYTES = 1024;

/** Whether a body of this size is compressed. */
export function isCompressed(bytes: number, compression: Compression): boolean {
  return compression === 'gzip' && bytes >= MIN_GZIP_BYTES;
}

/** Compresses a body off the main thread. gzip is the only compression that PostHog's batch routes read. */
export async function compressBody(body: Buffer, compression: Compression): Promise<EncodedBody> {
  if (!isCompressed(body.length, compression)) return { body, encoding: 'identity' };
  try {
    return { body: await gzip(body), encoding: 'gzip' };
  } catch {
    // zlib fails only for want of memory; the plain body is as good.
    return { body, encoding: 'identity' };
  }
}
