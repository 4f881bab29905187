import { looksLikeModelCall, requestIdOf } from '../../translate/span/content-records.ts';
import type { LogRecordView } from '../../translate/span/read-log-record.ts';
import type { SpanView } from '../../translate/span/span-view.ts';
import { createHeldRecords, type LogContentLimits, NO_RECORDS } from './held-records.ts';
import { createLoggingScopes } from './logging-scopes.ts';

/** Log records of GenAI instrumentations, held until the span they were emitted in is exported. */
export interface LogContentStore {
  hold(record: LogRecordView): void;
  /** The spans, each with its log records among its events; those without any are the ones given. */
  join(spans: readonly SpanView[]): SpanView[];
  /** Whether the content of the span may still come in log records, as far as is known of its instrumentation. */
  awaits(span: SpanView): boolean;
  /**
   * Resolves when each of the spans has a record, or after the time. Keeps the process alive meanwhile, since a caller
   * waits for the export.
   */
  waitFor(spans: readonly SpanView[], maxWaitMs: number): Promise<void>;
  readonly heldBytes: number;
  clear(): void;
}

export function createLogContentStore(
  limits: LogContentLimits,
  now: () => number = () => performance.now(),
): LogContentStore {
  const held = createHeldRecords(limits, now);
  const scopes = createLoggingScopes();
  const waiting = new Set<() => void>();
  const recordsOf = (span: SpanView): readonly LogRecordView[] => {
    const ofSpan = held.at(spanKey(span.traceId, span.spanId));
    const requestId = requestIdOf(span);
    const ofRequest = requestId === undefined ? NO_RECORDS : held.at(requestKey(requestId));
    if (ofRequest.length === 0) return ofSpan;
    return ofSpan.length === 0 ? ofRequest : [...ofSpan, ...ofRequest];
  };
  return {
    hold(record) {
      const { requestId, traceId, spanId } = record;
      held.add(requestId === undefined ? spanKey(traceId, spanId) : requestKey(requestId), record);
      scopes.learn(record.scopeName);
      for (const wake of waiting) wake();
    },
    join(spans) {
      if (held.size === 0) return [...spans];
      const joined = spans.map((span) => {
        const records = recordsOf(span);
        if (records.length > 0) scopes.learn(span.scope.name);
        return records;
      });
      adoptFromParents(spans, joined, held.at);
      return spans.map((span, index) => {
        const records = joined[index] ?? NO_RECORDS;
        return records.length === 0 ? span : withEvents(span, [...span.events, ...records]);
      });
    },
    awaits: (span) =>
      scopes.mayLog(span.scope.name) && looksLikeModelCall(span) && recordsOf(span).length === 0,
    async waitFor(spans, maxWaitMs) {
      const missing = () => spans.some((span) => recordsOf(span).length === 0);
      if (!missing()) return;
      await new Promise<void>((resolve) => {
        const stop = () => {
          clearTimeout(timer);
          waiting.delete(wake);
          resolve();
        };
        const wake = () => {
          if (!missing()) stop();
        };
        const timer = setTimeout(stop, maxWaitMs);
        waiting.add(wake);
      });
      scopes.noteWait(new Set(spans.map(({ scope }) => scope.name)));
    },
    get heldBytes() {
      return held.bytes;
    },
    clear: held.clear,
  };
}

/** A view may have its attributes from its prototype, which a copy has not. */
function withEvents(span: SpanView, events: SpanView['events']): SpanView {
  return { ...span, attributes: span.attributes, wireBytes: undefined, events };
}

function spanKey(traceId: string, spanId: string): string {
  return `${traceId}:${spanId}`;
}

function requestKey(requestId: string): string {
  return `request:${requestId}`;
}

/**
 * Records that were written while the span around a model call was the active one (Traceloop for LangChain) belong to
 * the call, if it is the only one there.
 * @param ownRecords by index of the span; filled in
 * @param recordsAt those of a span by its key
 */
function adoptFromParents(
  spans: readonly SpanView[],
  ownRecords: (readonly LogRecordView[])[],
  recordsAt: (key: string) => readonly LogRecordView[],
): void {
  const callKeys = new Set<string>();
  const callsBelow = new Map<string, number[]>();
  spans.forEach((span, index) => {
    if (!looksLikeModelCall(span)) return;
    callKeys.add(spanKey(span.traceId, span.spanId));
    if (span.parentSpanId === undefined) return;
    const parentKey = spanKey(span.traceId, span.parentSpanId);
    const calls = callsBelow.get(parentKey);
    if (calls) calls.push(index);
    else callsBelow.set(parentKey, [index]);
  });
  for (const [parentKey, calls] of callsBelow) {
    const [index] = calls;
    const call = index === undefined ? undefined : spans[index];
    if (index === undefined || !call || calls.length > 1 || callKeys.has(parentKey)) continue;
    if (ownRecords[index]?.length !== 0) continue;
    ownRecords[index] = recordsAt(parentKey).filter(({ scopeName }) => scopeName === call.scope.name);
  }
}
