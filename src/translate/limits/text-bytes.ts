/** Below this, the bytes of a unit are looked up: it covers what has one or two bytes in UTF-8. */
const FIRST_THREE_BYTE_UNIT = 0x800;

const SHORT_ESCAPES = '\b\t\n\f\r"\\';

const UNIT_BYTES = new Uint8Array(FIRST_THREE_BYTE_UNIT)
  .fill(2)
  .fill(1, 0, 0x80)
  .fill('\\u0000'.length, 0, 0x20);
for (const escaped of SHORT_ESCAPES) UNIT_BYTES[escaped.charCodeAt(0)] = 2;

/**
 * UTF-8 bytes in JSON text of the character that starts at an index of a text. A surrogate pair has 4, as no single
 * unit has; half a pair counts as the escape that `JSON.stringify` makes of it.
 */
export function characterBytes(text: string, index: number): number {
  const unit = text.charCodeAt(index);
  if (unit < FIRST_THREE_BYTE_UNIT) return UNIT_BYTES[unit] ?? 1;
  if (unit < 0xd800 || unit > 0xdfff) return 3;
  return startsPair(text, index) ? PAIR_BYTES : '\\ud800'.length;
}

export const PAIR_BYTES = 4;

export function startsPair(text: string, index: number): boolean {
  const high = text.charCodeAt(index);
  if (!(high >= 0xd800 && high <= 0xdbff)) return false;
  const low = text.charCodeAt(index + 1);
  return low >= 0xdc00 && low <= 0xdfff;
}

/** UTF-8 bytes of a text in JSON, quotes included. Counts instead of encoding, which is faster and takes no memory. */
export function textBytes(text: string): number {
  let bytes = 2;
  for (let index = 0; index < text.length; index++) {
    const ofCharacter = characterBytes(text, index);
    bytes += ofCharacter;
    if (ofCharacter === PAIR_BYTES) index += 1;
  }
  return bytes;
}
