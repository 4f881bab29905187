/** Slots for names; an application has some hundreds. A name that falls into a taken slot takes it over. */
const SLOTS = 2_048;

/** Longer ones are no names of attributes. */
const MAX_NAME_BYTES = 128;

interface Slot {
  readonly bytes: Uint8Array;
  readonly name: string;
}

const slots: (Slot | undefined)[] = new Array<Slot | undefined>(SLOTS).fill(undefined);

/**
 * The text that stands in UTF-8 between two places. The names of attributes are the same on every span, so most are
 * found by their bytes and need not be decoded; the engine then also finds the layout of the attributes sooner. Halves
 * the time for reading a span without content.
 */
export function internedName(bytes: Buffer, start: number, end: number): string {
  const length = end - start;
  if (length > MAX_NAME_BYTES) return bytes.toString('utf8', start, end);
  // FNV-1a.
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  const index = (hash >>> 0) % SLOTS;
  const slot = slots[index];
  if (slot && slot.bytes.length === length && isAt(slot.bytes, bytes, start)) return slot.name;
  const name = bytes.toString('utf8', start, end);
  // A copy: the bytes of the request must not stay alive.
  slots[index] = { bytes: Uint8Array.prototype.slice.call(bytes, start, end), name };
  return name;
}

function isAt(known: Uint8Array, bytes: Uint8Array, start: number): boolean {
  for (let index = 0; index < known.length; index += 1) {
    if (known[index] !== bytes[start + index]) return false;
  }
  return true;
}
