import { eachHeld, type Holder, isHolder } from './json-holder.ts';

/** Of every value that is no text: a number, a flag, an object without its members. */
const BARE_VALUE_BYTES = 8;

/**
 * About the bytes that a value takes in memory, which are nearly all those of its texts; names of members are shared by
 * many values and do not count. Counts no further than `enough`, so a value that contains itself comes to an end.
 */
export function estimateBytes(value: unknown, enough: number): number {
  let bytes = 0;
  const waiting: Holder[] = [];
  const count = (held: unknown): void => {
    if (typeof held === 'string') bytes += held.length;
    else if (!isHolder(held)) bytes += BARE_VALUE_BYTES;
    else if (ArrayBuffer.isView(held)) bytes += held.byteLength;
    else {
      bytes += BARE_VALUE_BYTES;
      waiting.push(held);
    }
  };
  count(value);
  for (let next = waiting.pop(); next !== undefined && bytes < enough; next = waiting.pop()) {
    eachHeld(next, (_, held) => count(held));
  }
  return bytes;
}
