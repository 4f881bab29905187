import { isModelCall, type LlmCall } from '../call/llm-call.ts';
import { neverThrow } from '../span/never-throw.ts';
import type { AttributeMap, SpanIds } from '../span/span-view.ts';

interface RequestSpan extends SpanIds {
  readonly attributes?: AttributeMap | undefined;
}

/** By ids of the call. */
export type StatusesBelow = ReadonlyMap<string, number>;

const NOTHING: StatusesBelow = new Map();

/**
 * What the HTTP client's spans directly below failed calls say, where such a call has no status: of several attempts, the
 * last one.
 *
 * @param unsent in the order in which they ended
 */
export function statusesBelow(calls: Iterable<LlmCall>, unsent: readonly RequestSpan[]): StatusesBelow {
  const wanted = new Set<string>();
  for (const call of calls) if (lacksStatus(call)) wanted.add(idOf(call.traceId, call.spanId));
  if (wanted.size === 0) return NOTHING;
  const found = new Map<string, number>();
  for (const span of unsent) {
    const { traceId, parentSpanId } = span;
    const parent = parentSpanId === undefined ? undefined : idOf(traceId, parentSpanId);
    if (parent === undefined || !wanted.has(parent)) continue;
    const status = neverThrow(
      () => span.attributes?.['http.response.status_code'] ?? span.attributes?.['http.status_code'],
    );
    if (typeof status === 'number') found.set(parent, status);
  }
  return found;
}

/** A request that went well is not why the call failed. */
export function withStatus(call: LlmCall, statuses: StatusesBelow): LlmCall {
  if (statuses.size === 0 || !lacksStatus(call)) return call;
  const httpStatus = statuses.get(idOf(call.traceId, call.spanId));
  return httpStatus === undefined || httpStatus < 400
    ? call
    : { ...call, httpStatus, hasFactsFromAbove: true };
}

function lacksStatus({ kind, error, httpStatus }: LlmCall): boolean {
  return isModelCall(kind) && error !== undefined && httpStatus === undefined;
}

function idOf(traceId: string, spanId: string): string {
  return `${traceId} ${spanId}`;
}
