/** Signs between messages: calling the engine takes longer than writing them. */
const MAX_UNITS_BY_HAND = 4;

/** From here on a UTF-16 unit is more than one byte. */
const FIRST_OF_MANY_BYTES = 0x80;

/**
 * Writes the pieces one behind the other as UTF-8; half a surrogate pair becomes U+FFFD.
 * @returns where they end
 */
export function writePieces(pieces: readonly string[], memory: Buffer, start: number): number {
  let end = start;
  for (const piece of pieces) end = write(piece, memory, end);
  return end;
}

function write(piece: string, memory: Buffer, start: number): number {
  if (piece.length > MAX_UNITS_BY_HAND) return start + memory.write(piece, start);
  for (let index = 0; index < piece.length; index++) {
    const unit = piece.charCodeAt(index);
    if (unit >= FIRST_OF_MANY_BYTES) return start + memory.write(piece, start);
    memory[start + index] = unit;
  }
  return start + piece.length;
}
