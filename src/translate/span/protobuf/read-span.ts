import { isRemoteByFlags, KINDS, STATUS_CODES } from '../read-otlp-json.ts';
import { usableTimeMs } from '../read-sdk-span.ts';
import type { AttributeMap, SpanEventView, SpanView } from '../span-view.ts';
import { type Attributes, readAttribute } from './read-any-value.ts';
import type { WireReader } from './wire-reader.ts';

const NO_EVENTS: readonly SpanEventView[] = Object.freeze([]);

/** Field numbers of `Span`. */
export function readSpan(
  reader: WireReader,
  resource: AttributeMap,
  scope: SpanView['scope'],
): SpanView | undefined {
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
  const attributes: Attributes = {};
  let events: SpanEventView[] | undefined;
  while (reader.next()) {
    if (reader.bytesField === 9) {
      readAttribute(reader, attributes, 0);
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
    attributes,
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
