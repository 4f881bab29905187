import { MAX_VALUE_DEPTH } from '../read-otlp-json.ts';
import type { WireReader } from './wire-reader.ts';

/** Attributes while they are read. */
export type Attributes = Record<string, unknown>;

const OWN = { configurable: true, enumerable: true, writable: true } as const;

/** A `KeyValue`, which is the value of the field. */
export function readAttribute(reader: WireReader, attributes: Attributes, depth: number): void {
  const outerEnd = reader.enter();
  let key = '';
  let value: unknown;
  while (reader.next()) {
    if (reader.bytesField === 1) key = reader.name();
    else if (reader.bytesField === 2) value = readAnyValue(reader, depth);
    else reader.skip();
  }
  reader.leave(outerEnd);
  // Assigned, such a name would change the prototype.
  if (key === '__proto__') Object.defineProperty(attributes, key, { ...OWN, value });
  else if (key !== '') attributes[key] = value;
}

/** An `AnyValue`, which is the value of the field. Levels below the limit are passed over. */
export function readAnyValue(reader: WireReader, depth: number): unknown {
  if (depth > MAX_VALUE_DEPTH) {
    reader.skip();
    return undefined;
  }
  const outerEnd = reader.enter();
  let value: unknown;
  while (reader.next()) {
    switch (reader.bytesField) {
      case 1:
        value = reader.text();
        continue;
      case 5:
        value = readArray(reader, depth);
        continue;
      case 6:
        value = readKeyValues(reader, depth);
        continue;
      case 7:
        value = reader.base64();
        continue;
    }
    if (reader.varintField === 2) value = reader.bool();
    else if (reader.varintField === 3) value = reader.int64();
    else if (reader.fixed64Field === 4) value = reader.double();
    else reader.skip();
  }
  reader.leave(outerEnd);
  return value;
}

function readArray(reader: WireReader, depth: number): unknown[] {
  const outerEnd = reader.enter();
  const values: unknown[] = [];
  while (reader.next()) {
    if (reader.bytesField === 1) values.push(readAnyValue(reader, depth + 1));
    else reader.skip();
  }
  reader.leave(outerEnd);
  return values;
}

function readKeyValues(reader: WireReader, depth: number): Attributes {
  const outerEnd = reader.enter();
  const members: Attributes = {};
  while (reader.next()) {
    if (reader.bytesField === 1) readAttribute(reader, members, depth + 1);
    else reader.skip();
  }
  reader.leave(outerEnd);
  return members;
}
