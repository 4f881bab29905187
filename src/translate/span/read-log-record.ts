import { hrTimeToMs } from './read-sdk-span.ts';
import type { AttributeMap, SpanEventView } from './span-view.ts';

/** A log record that was emitted within a span. */
export interface LogRecordView extends SpanEventView {
  readonly traceId: string;
  readonly spanId: string;
  readonly scopeName: string;
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
 * A GenAI log record of the logs SDK as a view.
 * @returns `undefined` for records of other kinds, and for those outside any span
 */
export function readLogRecord(logRecord: unknown): LogRecordView | undefined {
  if (typeof logRecord !== 'object' || logRecord === null) return undefined;
  const { eventName, attributes, body, hrTime, spanContext, instrumentationScope } =
    logRecord as SdkLogRecord;
  const held: AttributeMap =
    typeof attributes === 'object' && attributes !== null ? (attributes as AttributeMap) : {};
  // Before log records had names of their own, the name stood in an attribute.
  const name = eventName ?? held['event.name'];
  if (typeof name !== 'string' || !name.startsWith('gen_ai.')) return undefined;
  const traceId = spanContext?.traceId;
  const spanId = spanContext?.spanId;
  if (typeof traceId !== 'string' || typeof spanId !== 'string') return undefined;
  return {
    name,
    // The record stays the SDK's, and may be changed by processors that come later.
    attributes: { ...held },
    body,
    timeMs: hrTimeToMs(hrTime),
    traceId,
    spanId,
    scopeName: typeof instrumentationScope?.name === 'string' ? instrumentationScope.name : '',
  };
}
