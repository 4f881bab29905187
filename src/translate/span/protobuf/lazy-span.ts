import type { AttributeMap, SpanEventView, SpanKindName, SpanView } from '../span-view.ts';
import { type Attributes, readAttribute } from './read-any-value.ts';
import { WireReader } from './wire-reader.ts';

/** What stands in a span beside its attributes. */
export interface SpanFields extends Omit<SpanView, 'attributes' | 'attributeNames' | 'wireBytes'> {
  readonly droppedAttributes: number;
  readonly droppedEvents: number;
}

/**
 * A span whose attributes are read when they are first asked for. Of a usual application most spans are not of AI, which
 * the names of their attributes tell; nobody asks for the values. Their bytes are a copy, so that they do not keep the
 * whole request alive.
 */
export class LazySpan implements SpanView {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly parentIsRemote: boolean;
  readonly name: string;
  readonly kind: SpanKindName;
  readonly droppedAttributes: number;
  readonly droppedEvents: number;
  readonly startTimeMs: number | undefined;
  readonly endTimeMs: number | undefined;
  readonly status: SpanView['status'];
  readonly events: readonly SpanEventView[];
  readonly resource: AttributeMap;
  readonly scope: SpanView['scope'];
  readonly #names: readonly string[];
  readonly #bytes: Buffer;
  #attributes: AttributeMap | undefined;

  /**
   * @param names of the attributes, each once, all with a value
   * @param bytes of the span
   */
  constructor(fields: SpanFields, names: readonly string[], bytes: Buffer) {
    this.traceId = fields.traceId;
    this.spanId = fields.spanId;
    this.parentSpanId = fields.parentSpanId;
    this.parentIsRemote = fields.parentIsRemote;
    this.name = fields.name;
    this.kind = fields.kind;
    this.droppedAttributes = fields.droppedAttributes;
    this.droppedEvents = fields.droppedEvents;
    this.startTimeMs = fields.startTimeMs;
    this.endTimeMs = fields.endTimeMs;
    this.status = fields.status;
    this.events = fields.events;
    this.resource = fields.resource;
    this.scope = fields.scope;
    this.#names = names;
    this.#bytes = bytes;
  }

  get attributes(): AttributeMap {
    this.#attributes ??= readAttributes(this.#bytes);
    return this.#attributes;
  }

  get attributeNames(): readonly string[] {
    return this.#names;
  }

  get wireBytes(): number {
    return this.#bytes.length;
  }
}

/** The attributes (9) of a span. */
export function readAttributes(span: Buffer): Attributes {
  const reader = new WireReader(span);
  const attributes: Attributes = {};
  while (reader.next()) {
    if (reader.bytesField === 9) readAttribute(reader, attributes, 0);
    else reader.skip();
  }
  return attributes;
}
