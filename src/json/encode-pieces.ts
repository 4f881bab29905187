/** UTF-8 text in memory that can be used again. */
export interface Encoded {
  readonly bytes: Buffer;
  /** Gives the memory back: to be called once, when nobody reads the bytes any more. Without it the engine finds out. */
  readonly free: (() => void) | undefined;
}

/**
 * Memory that small events are written into one behind the other. What it buys: one allocation for dozens of events,
 * no guess at the size of each, and, since it is used again, less reason for the engine to look for garbage.
 */
interface Chunk {
  readonly memory: Buffer;
  readonly free: () => void;
  used: number;
  /** Texts in it that were not given back. */
  texts: number;
}

const CHUNK_BYTES = 1024 * 1024;

/** From here on an event has memory of its own, of exactly its size. */
const MIN_OWN_BYTES = CHUNK_BYTES / 4;

/** A text that may take more is measured before room is looked for. */
const MIN_MEASURED_BYTES = CHUNK_BYTES / 16;

/** UTF-8 bytes of one UTF-16 unit at most. */
const MAX_BYTES_PER_UNIT = 3;

/** Signs between messages: calling the engine takes longer than writing them. */
const MAX_UNITS_BY_HAND = 4;

/** From here on a UTF-16 unit is more than one byte. */
const FIRST_OF_MANY_BYTES = 0x80;

/** Chunks that wait to be used again; some more than an export of the usual size fills. */
const MAX_FREE_CHUNKS = 8;

const freeChunks: Chunk[] = [];
let chunk = newChunk(0);

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
  encoded.free?.();
  return undefined;
}

function encode(pieces: readonly string[], units: number): Encoded {
  const roomBytes = roomFor(pieces, units);
  if (roomBytes >= MIN_OWN_BYTES) return { bytes: encodeApart(pieces, roomBytes), free: undefined };
  if (chunk.memory.length - chunk.used < roomBytes) chunk = freeChunks.pop() ?? newChunk(CHUNK_BYTES);
  const { memory, used: start, free } = chunk;
  let end = start;
  for (const piece of pieces) end = write(piece, memory, end);
  chunk.used = end;
  chunk.texts += 1;
  return { bytes: memory.subarray(start, end), free };
}

/** @returns where the piece ends */
function write(piece: string, memory: Buffer, start: number): number {
  if (piece.length > MAX_UNITS_BY_HAND) return start + memory.write(piece, start);
  for (let index = 0; index < piece.length; index++) {
    const unit = piece.charCodeAt(index);
    if (unit >= FIRST_OF_MANY_BYTES) return start + memory.write(piece, start);
    memory[start + index] = unit;
  }
  return start + piece.length;
}

function newChunk(bytes: number): Chunk {
  const made: Chunk = {
    memory: Buffer.allocUnsafeSlow(bytes),
    free: () => {
      made.texts -= 1;
      if (made.texts > 0) return;
      made.used = 0;
      if (made !== chunk && freeChunks.length < MAX_FREE_CHUNKS) freeChunks.push(made);
    },
    used: 0,
    texts: 0,
  };
  return made;
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
  let end = 0;
  for (const piece of pieces) end = write(piece, own, end);
  return own;
}
