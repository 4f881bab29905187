import { isHolder } from '../../json/json-holder.ts';
import { partsOf, STEP_UNITS, type Steps } from '../../json/steps.ts';
import { textBytes } from './text-bytes.ts';

/** Bytes of parsed JSON as UTF-8 JSON again; without a pause, so for what is known to be small. */
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

/** As `jsonBytes`, with pauses where there is much of it. */
export function* jsonBytesInSteps(value: unknown): Steps<number> {
  if (typeof value === 'string') return yield* textBytesInSteps(value);
  if (!isHolder(value) || !weighsAtLeast(value, STEP_UNITS)) return jsonBytes(value);
  yield;
  let bytes = '{}'.length;
  let members = 0;
  for (const key of Array.isArray(value) ? value.keys() : Object.keys(value)) {
    if (typeof key === 'string') bytes += textBytes(key) + ':'.length;
    bytes += (yield* jsonBytesInSteps(value[key])) + (members > 0 ? ','.length : 0);
    members += 1;
    if (members % STEP_MEMBERS === 0) yield;
  }
  return bytes;
}

/** Members of an object or list that are measured between two pauses. */
const STEP_MEMBERS = 2_000;

/** UTF-8 bytes of a text in JSON, quotes included. */
export function* textBytesInSteps(text: string): Steps<number> {
  if (text.length <= STEP_UNITS) return textBytes(text);
  let bytes = '""'.length;
  for (const part of partsOf(text)) {
    bytes += textBytes(part) - '""'.length;
    yield;
  }
  return bytes;
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
