/**
 * Base64 of bytes in the forms they take in recordings: typed arrays, `{type: 'Buffer', data: […]}`, arrays of numbers,
 * and what `JSON.stringify` makes of a `Uint8Array` (`{"0": 137, "1": 80, …}`).
 * @returns `undefined` for anything else
 */
export function bytesToBase64(value: object): string | undefined {
  if (ArrayBuffer.isView(value)) {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
  }
  if (value instanceof ArrayBuffer) return Buffer.from(value).toString('base64');
  const list = Array.isArray(value) ? value : bufferData(value);
  return fromNumbers(list ?? (value as Record<number, unknown>), list?.length ?? Object.keys(value).length);
}

function bufferData(value: object): unknown[] | undefined {
  if (!('data' in value) || !('type' in value) || value.type !== 'Buffer') return undefined;
  return Array.isArray(value.data) ? value.data : undefined;
}

function fromNumbers(list: Readonly<Record<number, unknown>>, length: number): string | undefined {
  // One look at the first element spares the allocation for everything that is not bytes.
  if (length === 0 || !isByte(list[0])) return undefined;
  const bytes = Buffer.alloc(length);
  for (let index = 0; index < length; index++) {
    const byte = list[index];
    if (!isByte(byte)) return undefined;
    bytes[index] = byte;
  }
  return bytes.toString('base64');
}

function isByte(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 255;
}
