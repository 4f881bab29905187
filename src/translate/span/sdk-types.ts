import type { Context, HrTime, SpanContext } from '@opentelemetry/api';

/**
 * What we take from OpenTelemetry's SDK and what we are to it, as types of our own. The three majors of the SDK fit them and
 * they fit the majors (`npm run check:types`), so that no version of the SDK need stand beside this package.
 */

/** A finished span: `ReadableSpan` of SDK 1.30, 2.x and 3.x, with what is read of it. */
export interface ReadableSpanLike {
  readonly name: string;
  /** `SpanKind` of the API. */
  readonly kind: number;
  spanContext(): SpanContext;
  /** SDK 1.x. */
  readonly parentSpanId?: string | undefined;
  /** SDK 2.x and 3.x. */
  readonly parentSpanContext?: SpanContext | undefined;
  readonly startTime: HrTime;
  readonly endTime: HrTime;
  /** `code` is a `SpanStatusCode` of the API. */
  readonly status: { readonly code: number; readonly message?: string | undefined };
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly TimedEventLike[];
  readonly resource: { readonly attributes: Readonly<Record<string, unknown>> };
  /** SDK 2.x and 3.x. */
  readonly instrumentationScope?: InstrumentationScopeLike | undefined;
  /** SDK 1.x. */
  readonly instrumentationLibrary?: InstrumentationScopeLike | undefined;
  /** How many attributes the limits of the SDK have cut off. */
  readonly droppedAttributesCount?: number | undefined;
  readonly droppedEventsCount?: number | undefined;
}

export interface TimedEventLike {
  readonly name: string;
  readonly time: HrTime;
  readonly attributes?: Readonly<Record<string, unknown>> | undefined;
}

export interface InstrumentationScopeLike {
  readonly name: string;
  readonly version?: string | undefined;
}

/** A span that has just started: `Span` of the SDK. */
export interface StartedSpanLike {
  spanContext(): SpanContext;
}

/** `ExportResult` of OpenTelemetry: 0 is success, 1 is failure. */
export interface ExportResultLike {
  code: 0 | 1;
  error?: Error;
}

/** `SpanExporter` of the SDK. */
export interface SpanExporterLike {
  export(spans: ReadableSpanLike[], resultCallback: (result: ExportResultLike) => void): void;
  forceFlush?(): Promise<void>;
  shutdown(): Promise<void>;
}

/** `SpanProcessor` of the SDK. */
export interface SpanProcessorLike {
  onStart(span: StartedSpanLike, parentContext: Context): void;
  onEnd(span: ReadableSpanLike): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

/** A log record that was emitted: `ReadableLogRecord` or `SdkLogRecord` of the logs SDK, with what is read of it. */
export interface LogRecordLike {
  /** Logs SDK 0.200 and newer; before, the name stood in the attribute `event.name`. */
  readonly eventName?: string | undefined;
  readonly attributes?: Readonly<Record<string, unknown>> | undefined;
  readonly body?: unknown;
  readonly hrTime: HrTime;
  readonly spanContext?: SpanContext | undefined;
  readonly instrumentationScope: InstrumentationScopeLike;
}

/** `LogRecordProcessor` of the logs SDK. */
export interface LogRecordProcessorLike {
  onEmit(logRecord: LogRecordLike, context?: Context): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}
