import { typeOfBytes } from './signatures.ts';

/** Lists of fewer numbers are data, not a file. */
const MIN_LISTED_BYTES = 32;

export interface ByteContent {
  readonly bytes: number;
  readonly mimeType: string | undefined;
}

/**
 * Bytes in the forms they take in recordings: typed arrays, `{type: 'Buffer', data: […]}`, and what `JSON.stringify`
 * makes of a `Uint8Array` (`{"0": 137, "1": 80, …}`).
 *
 * @param acceptsList whether a plain list of numbers can only be bytes here
 */
export function bytesOf(value: object, acceptsList = false): ByteContent | undefined {
  if (ArrayBuffer.isView(value))
    return content(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  if (value instanceof ArrayBuffer) return content(new Uint8Array(value));
  if (Array.isArray(value)) return acceptsList ? listed(value) : undefined;
  if ('data' in value && 'type' in value && value.type === 'Buffer' && Array.isArray(value.data)) {
    return content(value.data);
  }
  // One look at the first member spares the rest for everything that is not bytes.
  return '0' in value && '31' in value ? listed(Object.values(value)) : undefined;
}

function listed(list: readonly unknown[]): ByteContent | undefined {
  return list.length >= MIN_LISTED_BYTES && list.every(isByte) ? content(list) : undefined;
}

function content(list: ArrayLike<unknown>): ByteContent {
  const head = Array.from({ length: Math.min(16, list.length) }, (_, index) => Number(list[index]));
  return { bytes: list.length, mimeType: typeOfBytes(String.fromCharCode(...head)) };
}

function isByte(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 255;
}
