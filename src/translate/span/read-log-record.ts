import { contentRecordName, joinKeyOf } from './content-records.ts';
import { hrTimeToMs } from './read-sdk-span.ts';
import type { AttributeMap, SpanEventView } from './span-view.ts';

/** A log record that was emitted within a span, or that names the request which it belongs to. */
export interface LogRecordView extends SpanEventView {
  /** Empty where the record was emitted outside any trace. */
  readonly traceId: string;
  readonly spanId: string;
  readonly scopeName: string;
  /** Id of the request that the record is of; its span carries the same. */
  readonly requestId?: string | undefined;
}

interface SdkLogRecord {
  readonly eventName?: unknown;
  readonly attributes?: unknown;
  readonly body?: unknown;
  readonly hrTime?: unknown;
  readonly spanContext?: { readonly traceId?: unknown; readonly spanId?: unknown };
  readonly instrumentationScope?: { readonly name?: unknown };
}

/**
 * A log record of the logs SDK that says something about a model call, as a view.
 * @returns `undefined` for records of other kinds, and for those outside any trace
 */
export function readLogRecord(logRecord: unknown): LogRecordView | undefined {
  if (typeof logRecord !== 'object' || logRecord === null) return undefined;
  const { eventName, attributes, body, hrTime, spanContext, instrumentationScope } =
    logRecord as SdkLogRecord;
  const held: AttributeMap =
    typeof attributes === 'object' && attributes !== null ? (attributes as AttributeMap) : {};
  // Before log records had names of their own, the name stood in an attribute.
  const scopeName = typeof instrumentationScope?.name === 'string' ? instrumentationScope.name : '';
  const name = contentRecordName([eventName, held['event.name']], scopeName, body);
  if (name === undefined) return undefined;
  const requestId = joinKeyOf(name, held);
  const traceId = typeof spanContext?.traceId === 'string' ? spanContext.traceId : '';
  const spanId = typeof spanContext?.spanId === 'string' ? spanContext.spanId : '';
  if ((traceId === '' || spanId === '') && requestId === undefined) return undefined;
  return {
    name,
    // The record stays the SDK's, and may be changed by processors that come later.
    attributes: { ...held },
    body,
    timeMs: hrTimeToMs(hrTime),
    traceId,
    spanId,
    scopeName,
    requestId,
  };
}
