/**
 * Memory that small events are written into one behind the other. What it buys: one allocation for dozens of events,
 * and no guess at the size of each. It lives as long as the last event in it; those of a batch go together.
 */
const CHUNK_BYTES = 512 * 1024;

/** From here on an event has memory of its own, of exactly its size. */
const MIN_OWN_BYTES = CHUNK_BYTES / 8;

/** UTF-8 bytes of one UTF-16 unit at most. */
const MAX_BYTES_PER_UNIT = 3;

let chunk = Buffer.alloc(0);
let used = 0;

/** The pieces one behind the other as UTF-8, without joining them first; half a surrogate pair becomes U+FFFD. */
export function encodePieces(pieces: readonly string[]): Buffer {
  let units = 0;
  for (const piece of pieces) units += piece.length;
  const maxBytes = units * MAX_BYTES_PER_UNIT;
  if (maxBytes >= MIN_OWN_BYTES) return encodeApart(pieces);
  if (chunk.length - used < maxBytes) {
    chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
    used = 0;
  }
  const start = used;
  for (const piece of pieces) used += chunk.write(piece, used);
  return chunk.subarray(start, used);
}

function encodeApart(pieces: readonly string[]): Buffer {
  let bytes = 0;
  for (const piece of pieces) bytes += Buffer.byteLength(piece);
  const own = Buffer.allocUnsafeSlow(bytes);
  let end = 0;
  for (const piece of pieces) end += own.write(piece, end);
  return own;
}
