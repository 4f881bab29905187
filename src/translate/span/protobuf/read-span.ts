import { isRemoteByFlags, KINDS, STATUS_CODES } from '../read-otlp-json.ts';
import { usableTimeMs } from '../read-sdk-span.ts';
import type { AttributeMap, SpanEventView, SpanView } from '../span-view.ts';
import { LazySpan, readAttributes, type SpanFields } from './lazy-span.ts';
import { noteAttribute } from './note-attribute.ts';
import { type Attributes, readAttribute } from './read-any-value.ts';
import type { WireReader } from './wire-reader.ts';

const NO_EVENTS: readonly SpanEventView[] = Object.freeze([]);

/**
 * Spans of up to so many bytes leave their attributes to be read when they are asked for. Prompts and answers are longer; of
 * what is shorter, most is not of AI.
 */
const MAX_LAZY_BYTES = 2_048;

/** Reads the spans of one scope. */
export type ReadSpan = (
  reader: WireReader,
  resource: AttributeMap,
  scope: SpanView['scope'],
) => SpanView | undefined;

/** @returns a reader that remembers the names of the attributes of the span before, which are mostly those of the next */
export function createSpanReader(): ReadSpan {
  let before: readonly string[] = [];
  return (reader, resource, scope) => {
    const wireBytes = reader.left;
    if (wireBytes > MAX_LAZY_BYTES) {
      const attributes: Attributes = {};
      const fields = readFields(reader, resource, scope, () => readAttribute(reader, attributes, 0));
      return fields && { ...fields, attributes, wireBytes };
    }
    const bytes = reader.copyRest();
    const names: string[] = [];
    let isUsual = true;
    const fields = readFields(reader, resource, scope, () => {
      if (!noteAttribute(reader, names)) isUsual = false;
    });
    if (!fields) return undefined;
    if (isUsual && isSame(names, before)) return new LazySpan(fields, before, bytes);
    // Names that occur twice, or have no value, are for the reader of attributes to judge.
    if (!isUsual || new Set(names).size < names.length) {
      return { ...fields, attributes: readAttributes(bytes), wireBytes };
    }
    before = names;
    return new LazySpan(fields, names, bytes);
  };
}

function isSame(names: readonly string[], others: readonly string[]): boolean {
  if (names.length !== others.length) return false;
  for (let index = 0; index < names.length; index += 1) if (names[index] !== others[index]) return false;
  return true;
}

/**
 * Field numbers of `Span`.
 * @param onAttribute called for each attribute (9), which is the value of the field
 */
function readFields(
  reader: WireReader,
  resource: AttributeMap,
  scope: SpanView['scope'],
  onAttribute: () => void,
): SpanFields | undefined {
  let traceId: string | undefined;
  let spanId: string | undefined;
  let parentSpanId: string | undefined;
  let name = '';
  let kind = 0;
  let startTimeMs: number | undefined;
  let endTimeMs: number | undefined;
  let flags = 0;
  let droppedAttributes = 0;
  let droppedEvents = 0;
  let status: SpanView['status'] | undefined;
  let events: SpanEventView[] | undefined;
  while (reader.next()) {
    if (reader.bytesField === 9) {
      onAttribute();
      continue;
    }
    switch (reader.bytesField) {
      case 1:
        traceId = reader.id();
        continue;
      case 2:
        spanId = reader.id();
        continue;
      case 4:
        parentSpanId = reader.id();
        continue;
      case 5:
        name = reader.name();
        continue;
      case 11:
        events ??= [];
        events.push(readEvent(reader));
        continue;
      case 15:
        status = readStatus(reader);
        continue;
    }
    if (reader.fixed64Field === 7) startTimeMs = usableTimeMs(reader.nanosAsMs());
    else if (reader.fixed64Field === 8) endTimeMs = usableTimeMs(reader.nanosAsMs());
    else if (reader.varintField === 6) kind = reader.int32();
    else if (reader.varintField === 10) droppedAttributes = Math.max(reader.int32(), 0);
    else if (reader.varintField === 12) droppedEvents = Math.max(reader.int32(), 0);
    else if (reader.fixed32Field === 16) flags = reader.fixed32();
    else reader.skip();
  }
  if (traceId === undefined || spanId === undefined) return undefined;
  return {
    traceId,
    spanId,
    parentSpanId,
    parentIsRemote: isRemoteByFlags(flags),
    name,
    kind: KINDS[kind] ?? 'internal',
    droppedAttributes,
    droppedEvents,
    startTimeMs,
    endTimeMs,
    status: status ?? { code: 'unset', message: undefined },
    events: events ?? NO_EVENTS,
    resource,
    scope,
  };
}

function readEvent(reader: WireReader): SpanEventView {
  const outerEnd = reader.enter();
  let name = '';
  let timeMs: number | undefined;
  const attributes: Attributes = {};
  while (reader.next()) {
    if (reader.bytesField === 3) readAttribute(reader, attributes, 0);
    else if (reader.bytesField === 2) name = reader.name();
    else if (reader.fixed64Field === 1) timeMs = usableTimeMs(reader.nanosAsMs());
    else reader.skip();
  }
  reader.leave(outerEnd);
  return { name, timeMs, attributes };
}

function readStatus(reader: WireReader): SpanView['status'] {
  const outerEnd = reader.enter();
  let code = 0;
  let message: string | undefined;
  while (reader.next()) {
    if (reader.bytesField === 2) message = reader.text();
    else if (reader.varintField === 3) code = reader.int32();
    else reader.skip();
  }
  reader.leave(outerEnd);
  return { code: STATUS_CODES[code] ?? 'unset', message };
}
