import { MAX_VALUE_DEPTH } from '../read-otlp-json.ts';
import type { WireReader } from './wire-reader.ts';

/**
 * Passes over a `KeyValue`, which is the value of the field, and takes note of its name. Its value is looked through as by
 * `readAttribute`, so that damage is found now and not when somebody asks for it.
 *
 * @returns whether it has a name and a value
 */
export function noteAttribute(reader: WireReader, names: string[]): boolean {
  const outerEnd = reader.enter();
  let key = '';
  let hasValue = false;
  while (reader.next()) {
    if (reader.bytesField === 1) key = reader.name();
    else if (reader.bytesField === 2) hasValue = lookThroughValue(reader, 0);
    else reader.skip();
  }
  reader.leave(outerEnd);
  names.push(key);
  return hasValue && key !== '';
}

/** @returns whether there is any value */
function lookThroughValue(reader: WireReader, depth: number): boolean {
  if (depth > MAX_VALUE_DEPTH) {
    reader.skip();
    return false;
  }
  const outerEnd = reader.enter();
  let hasValue = false;
  while (reader.next()) {
    const field = reader.bytesField;
    if (field === 5) lookThroughItems(reader, depth, lookThroughValue);
    else if (field === 6) lookThroughItems(reader, depth, lookThroughKeyValue);
    else reader.skip();
    hasValue ||=
      field === 1 ||
      (field >= 5 && field <= 7) ||
      reader.varintField === 2 ||
      reader.varintField === 3 ||
      reader.fixed64Field === 4;
  }
  reader.leave(outerEnd);
  return hasValue;
}

/** Of an `ArrayValue` or a `KeyValueList`: both hold their items in field 1. */
function lookThroughItems(
  reader: WireReader,
  depth: number,
  lookThrough: (reader: WireReader, depth: number) => unknown,
): void {
  const outerEnd = reader.enter();
  while (reader.next()) {
    if (reader.bytesField === 1) lookThrough(reader, depth + 1);
    else reader.skip();
  }
  reader.leave(outerEnd);
}

function lookThroughKeyValue(reader: WireReader, depth: number): void {
  const outerEnd = reader.enter();
  while (reader.next()) {
    if (reader.bytesField === 2) lookThroughValue(reader, depth);
    else reader.skip();
  }
  reader.leave(outerEnd);
}
