import type { AttributeMap, SpanEventView, SpanView } from '../../src/translate/span/span-view.ts';

/** Parts of a span that a test cares about. */
export interface SpanParts {
  readonly traceId?: string;
  readonly spanId?: string;
  readonly parentSpanId?: string;
  readonly parentIsRemote?: boolean;
  readonly name?: string;
  readonly kind?: SpanView['kind'];
  readonly scope?: string | { readonly name: string; readonly version?: string };
  readonly attributes?: AttributeMap;
  readonly events?: readonly SpanEventView[];
  readonly status?: SpanView['status'];
  readonly resource?: AttributeMap;
  readonly startTimeMs?: number;
  readonly endTimeMs?: number;
}

/** 15 January 2026, noon UTC; the span lasts one and a half seconds. */
export const START_MS = Date.UTC(2026, 0, 15, 12);
export const END_MS = START_MS + 1_500;

/** A finished client span with the given parts and plain defaults for the rest. */
export function span(parts: SpanParts = {}): SpanView {
  const scope = typeof parts.scope === 'string' ? { name: parts.scope } : (parts.scope ?? { name: 'test' });
  return {
    traceId: parts.traceId ?? '0af7651916cd43dd8448eb211c80319c',
    spanId: parts.spanId ?? 'b7ad6b7169203331',
    parentSpanId: parts.parentSpanId,
    parentIsRemote: parts.parentIsRemote ?? false,
    name: parts.name ?? 'chat gpt-4o',
    kind: parts.kind ?? 'client',
    startTimeMs: 'startTimeMs' in parts ? parts.startTimeMs : START_MS,
    endTimeMs: 'endTimeMs' in parts ? parts.endTimeMs : END_MS,
    status: parts.status ?? { code: 'unset', message: undefined },
    attributes: parts.attributes ?? {},
    events: parts.events ?? [],
    resource: parts.resource ?? {},
    scope: { name: scope.name, version: scope.version },
  };
}
