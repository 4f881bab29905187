import { neverThrow } from './never-throw.ts';
import {
  type AttributeMap,
  NO_ATTRIBUTES,
  type SpanEventView,
  type SpanIds,
  type SpanKindName,
  type SpanView,
} from './span-view.ts';
import { scopeOf } from './trace-scope.ts';

/**
 * What is read of a finished SDK span. Everything is optional and untyped because the three majors differ (1.x:
 * `parentSpanId`, `instrumentationLibrary`; 2.x and 3.x: `parentSpanContext`, `instrumentationScope`) and because
 * an exporter may be handed anything.
 */
interface SdkSpan {
  readonly name?: unknown;
  readonly kind?: unknown;
  readonly spanContext?: () => { readonly traceId?: unknown; readonly spanId?: unknown };
  readonly parentSpanId?: unknown;
  readonly parentSpanContext?: { readonly spanId?: unknown; readonly isRemote?: unknown };
  readonly startTime?: unknown;
  readonly endTime?: unknown;
  readonly status?: { readonly code?: unknown; readonly message?: unknown };
  readonly attributes?: unknown;
  readonly events?: unknown;
  readonly resource?: { readonly attributes?: unknown };
  readonly instrumentationScope?: SdkScope;
  readonly instrumentationLibrary?: SdkScope;
  readonly droppedAttributesCount?: unknown;
  readonly droppedEventsCount?: unknown;
}

interface SdkScope {
  readonly name?: unknown;
  readonly version?: unknown;
}

const NO_EVENTS: readonly SpanEventView[] = Object.freeze([]);

/** By `SpanKind` of the API: 0 internal, 1 server, 2 client, 3 producer, 4 consumer. */
const KINDS: readonly SpanKindName[] = ['internal', 'server', 'client', 'producer', 'consumer'];

/** By `SpanStatusCode` of the API. */
const STATUSES = [statusOf('unset'), statusOf('ok'), statusOf('error')] as const;

function statusOf(code: SpanView['status']['code']): SpanView['status'] {
  return Object.freeze({ code, message: undefined });
}

/**
 * A finished span of any SDK major as a view. Nothing is copied that need not be, and nothing is written to.
 * Never throws.
 * @returns `undefined` when the object is no span (no trace or span id, or accessors that throw)
 */
export function readSdkSpan(span: unknown): SpanView | undefined {
  return neverThrow(() => {
    const ids = idsOf(span);
    return ids && new SdkSpanView(span as SdkSpan, ids);
  });
}

/** A class and not a literal: see `retained`. */
class SdkSpanView implements SpanView {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly parentIsRemote: boolean;
  readonly name: string;
  readonly kind: SpanKindName;
  readonly startTimeMs: number | undefined;
  readonly endTimeMs: number | undefined;
  readonly status: SpanView['status'];
  readonly attributes: AttributeMap;
  readonly events: readonly SpanEventView[];
  readonly resource: AttributeMap;
  readonly scope: SpanView['scope'];
  readonly droppedAttributes: number;
  readonly droppedEvents: number;
  readonly traceScope: SpanView['traceScope'];

  constructor(span: SdkSpan, ids: SpanIds) {
    this.traceId = ids.traceId;
    this.spanId = ids.spanId;
    this.parentSpanId = ids.parentSpanId;
    this.parentIsRemote = ids.parentIsRemote;
    this.name = textOr(span.name, '');
    this.kind = KINDS[Number(span.kind)] ?? 'internal';
    this.startTimeMs = hrTimeToMs(span.startTime);
    this.endTimeMs = hrTimeToMs(span.endTime);
    this.status = readStatus(span.status);
    this.attributes = attributesOr(span.attributes);
    this.events = readEvents(span.events);
    this.resource = attributesOr(span.resource?.attributes);
    this.scope = readScope(span.instrumentationScope ?? span.instrumentationLibrary);
    this.droppedAttributes = countOr0(span.droppedAttributesCount);
    this.droppedEvents = countOr0(span.droppedEventsCount);
    this.traceScope = scopeOf(span);
  }
}

function countOr0(value: unknown): number {
  return typeof value === 'number' && value > 0 ? value : 0;
}

function readStatus(status: SdkSpan['status']): SpanView['status'] {
  const known = STATUSES[Number(status?.code)] ?? STATUSES[0];
  return typeof status?.message === 'string' ? { ...known, message: status.message } : known;
}

/** By what the SDK has for a tracer, which does not change and which all of its spans share. */
const scopes = new WeakMap<SdkScope, SpanView['scope']>();

const NO_SCOPE: SpanView['scope'] = Object.freeze({ name: '', version: undefined });

function readScope(scope: SdkScope | undefined): SpanView['scope'] {
  if (typeof scope !== 'object' || scope === null) return NO_SCOPE;
  const known = scopes.get(scope);
  if (known) return known;
  const { name, version } = scope;
  const read = Object.freeze({
    name: textOr(name, ''),
    version: typeof version === 'string' && version !== '' ? version : undefined,
  });
  scopes.set(scope, read);
  return read;
}

/**
 * Where a span stands, which is known from its start on. Never throws.
 * @returns `undefined` when the object is no span
 */
export function readSpanIds(span: unknown): SpanIds | undefined {
  return neverThrow(() => idsOf(span));
}

function idsOf(span: unknown): SpanIds | undefined {
  if (typeof span !== 'object' || span === null) return undefined;
  const sdkSpan = span as SdkSpan;
  const context = typeof sdkSpan.spanContext === 'function' ? sdkSpan.spanContext() : undefined;
  const traceId = context?.traceId;
  const spanId = context?.spanId;
  if (typeof traceId !== 'string' || typeof spanId !== 'string' || traceId === '' || spanId === '')
    return undefined;
  const parentSpanId = sdkSpan.parentSpanContext?.spanId ?? sdkSpan.parentSpanId;
  return {
    traceId,
    spanId,
    parentSpanId: typeof parentSpanId === 'string' && parentSpanId !== '' ? parentSpanId : undefined,
    parentIsRemote: sdkSpan.parentSpanContext?.isRemote === true,
  };
}

function readEvents(events: unknown): readonly SpanEventView[] {
  if (!Array.isArray(events) || events.length === 0) return NO_EVENTS;
  return events
    .filter((event) => typeof event === 'object' && event !== null)
    .map((event: { name?: unknown; time?: unknown; attributes?: unknown }) => ({
      name: textOr(event.name, ''),
      timeMs: hrTimeToMs(event.time),
      attributes: attributesOr(event.attributes),
    }));
}

/** `[seconds, nanoseconds]`; anything that is not two finite numbers after 1970 is no time. */
export function hrTimeToMs(time: unknown): number | undefined {
  if (!Array.isArray(time)) return undefined;
  const [seconds, nanoseconds] = time as readonly unknown[];
  if (typeof seconds !== 'number' || typeof nanoseconds !== 'number') return undefined;
  return usableTimeMs(seconds * 1000 + nanoseconds / 1e6);
}

/** Last millisecond that `Date` can show. */
const MAX_DATE_MS = 8.64e15;

/** A time after 1970 that `Date` can show, else `undefined`. */
export function usableTimeMs(timeMs: number): number | undefined {
  return timeMs > 0 && timeMs <= MAX_DATE_MS ? timeMs : undefined;
}

function attributesOr(value: unknown): AttributeMap {
  return typeof value === 'object' && value !== null ? (value as AttributeMap) : NO_ATTRIBUTES;
}

function textOr(value: unknown, fallback: string): string {
  return typeof value === 'string' ? value : fallback;
}
