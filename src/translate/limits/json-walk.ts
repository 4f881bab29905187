import { textBytes } from './text-bytes.ts';

/** An object or list of parsed JSON. */
export type Holder = Record<string | number, unknown>;

export function isHolder(value: unknown): value is Holder {
  return typeof value === 'object' && value !== null;
}

/** Calls `visit` for every element of a list or property of an object; lists by index, which spares their keys. */
export function eachHeld(holder: Holder, visit: (key: string | number, held: unknown) => void): void {
  if (Array.isArray(holder)) {
    for (let index = 0; index < holder.length; index++) visit(index, holder[index]);
  } else {
    for (const key of Object.keys(holder)) visit(key, holder[key]);
  }
}

/** Bytes of parsed JSON as UTF-8 JSON again. */
export function jsonBytes(value: unknown): number {
  switch (typeof value) {
    case 'string':
      return textBytes(value);
    case 'number':
    case 'boolean':
      return String(value).length;
    default:
      return Buffer.byteLength(JSON.stringify(value) ?? '');
  }
}

/** Bytes of a property in an object: comma, name, colon and value. */
export function propertyBytes(name: string, value: unknown): number {
  return textBytes(name) + jsonBytes(value) + 2;
}

/** Whether a value is of at least that size, roughly. Looks no further than it must. */
export function weighsAtLeast(value: unknown, bytes: number): boolean {
  return weigh(value, bytes) >= bytes;
}

function weigh(value: unknown, enough: number): number {
  if (typeof value === 'string') return value.length + 2;
  if (!isHolder(value)) return 2;
  let bytes = 2;
  const keys = Array.isArray(value) ? value.keys() : Object.keys(value);
  for (const key of keys) {
    if (bytes >= enough) break;
    bytes += (typeof key === 'string' ? key.length + 3 : 0) + weigh(value[key], enough - bytes);
  }
  return bytes;
}
