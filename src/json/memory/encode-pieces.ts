import { PAGE_BYTES, Page } from './page.ts';
import { writePieces } from './write-pieces.ts';

/** UTF-8 text. */
export interface Encoded {
  readonly bytes: Buffer;
  /** Where it stands, to be given back; absent when it has memory of its own. */
  readonly page: Page | undefined;
}

/** From here on an event has memory of its own, of exactly its size. */
const MIN_OWN_BYTES = PAGE_BYTES / 8;

/** A text that may take more is measured before room is looked for. */
const MIN_MEASURED_BYTES = PAGE_BYTES / 32;

/** UTF-8 bytes of one UTF-16 unit at most. */
const MAX_BYTES_PER_UNIT = 3;

let page: Page | undefined;

/**
 * The pieces one behind the other as UTF-8, without joining them first; half a surrogate pair becomes U+FFFD.
 * @returns `undefined` when they take more than `maxBytes`
 */
export function encodePieces(pieces: readonly string[], maxBytes: number): Encoded | undefined {
  let units = 0;
  for (const { length } of pieces) units += length;
  // A unit has at least one byte, so a text with too many need not be encoded to be measured.
  if (units > maxBytes) return undefined;
  const encoded = encode(pieces, units);
  if (encoded.bytes.length <= maxBytes) return encoded;
  encoded.page?.giveBack();
  return undefined;
}

function encode(pieces: readonly string[], units: number): Encoded {
  const roomBytes = roomFor(pieces, units);
  if (roomBytes >= MIN_OWN_BYTES) return { bytes: encodeApart(pieces, roomBytes), page: undefined };
  page = page?.withRoomFor(roomBytes) ?? new Page();
  return { bytes: page.add(pieces), page };
}

/** Bytes that the pieces take: exactly, or, where it is little, at most. */
function roomFor(pieces: readonly string[], units: number): number {
  if (units * MAX_BYTES_PER_UNIT < MIN_MEASURED_BYTES) return units * MAX_BYTES_PER_UNIT;
  let bytes = 0;
  for (const piece of pieces) bytes += Buffer.byteLength(piece);
  return bytes;
}

function encodeApart(pieces: readonly string[], bytes: number): Buffer {
  const own = Buffer.allocUnsafeSlow(bytes);
  return own.subarray(0, writePieces(pieces, own, 0));
}
