import type { TraceScope } from './trace-scope.ts';

/** Where a span stands in its trace. */
export interface SpanIds {
  /** 32 lower-case hex digits. */
  readonly traceId: string;
  /** 16 lower-case hex digits. */
  readonly spanId: string;
  /** Absent on a root span. */
  readonly parentSpanId: string | undefined;
  /** The parent lives in another process, so this span is the root of what this process can see. */
  readonly parentIsRemote: boolean;
}

/**
 * The one shape of a finished span that the rest of the code reads, whatever produced it (SDK 1.x, 2.x, 3.x or
 * OTLP). A view borrows the span's own attribute objects and must never be written to.
 */
export interface SpanView extends SpanIds {
  readonly name: string;
  readonly kind: SpanKindName;
  /** Milliseconds since the epoch, with fraction; `undefined` when the span's clock value is unusable. */
  readonly startTimeMs: number | undefined;
  /** Milliseconds since the epoch, with fraction; `undefined` when the span's clock value is unusable. */
  readonly endTimeMs: number | undefined;
  readonly status: { readonly code: 'unset' | 'ok' | 'error'; readonly message: string | undefined };
  readonly attributes: AttributeMap;
  /** Names of all attributes that have a value, of a view that reads these when they are first asked for. */
  readonly attributeNames?: readonly string[] | undefined;
  readonly events: readonly SpanEventView[];
  readonly resource: AttributeMap;
  readonly scope: { readonly name: string; readonly version: string | undefined };
  /** Attributes that the SDK threw away, since the span had more than its limit. */
  readonly droppedAttributes?: number;
  /** Likewise events. */
  readonly droppedEvents?: number;
  /** What is not read, since the span has more than is read of any. */
  readonly unread?: { readonly attributes: number; readonly events: number };
  /** How long the span was when it came, where that is known: no shorter than all of its texts together. */
  readonly wireBytes?: number | undefined;
  /** What the application said by `withTrace` where the span was started. */
  readonly traceScope?: TraceScope | undefined;
}

/** Attribute values are whatever the instrumentation set; nothing about their type may be assumed. */
export type AttributeMap = Readonly<Record<string, unknown>>;

/** Of a span that has none that could be read; one of OpenTelemetry's SDK that was given none has an empty map of its own. */
export const NO_ATTRIBUTES: AttributeMap = Object.freeze({});

/** A span event, or a log record that was emitted within the span (then with a `body`). */
export interface SpanEventView {
  readonly name: string;
  readonly timeMs: number | undefined;
  readonly attributes: AttributeMap;
  readonly body?: unknown;
}

export type SpanKindName = 'internal' | 'server' | 'client' | 'producer' | 'consumer';
