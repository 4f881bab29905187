import { processState } from './process-state.ts';

/**
 * What the application says about the model calls made within a piece of its code. Every member is optional; nested
 * scopes merge, the inner one wins, `metadata` and `groups` merge key by key.
 */
export interface TraceScope {
  /** Who asked: `distinct_id` and `$ai_user`. */
  readonly user?: string | undefined;
  /** The conversation that several traces belong to: `$ai_session_id`. */
  readonly sessionId?: string | undefined;
  /** `$ai_trace_id`, in place of the OpenTelemetry trace id. */
  readonly traceId?: string | undefined;
  /** Plain property `trace_name`, and the name of the `$ai_trace` event. */
  readonly traceName?: string | undefined;
  /** `$ai_span_name` of the model calls; tools, agents and steps keep their own names. */
  readonly generationName?: string | undefined;
  /** `$ai_parent_id` of the topmost spans of the scope; spans below them keep their parents. */
  readonly parentSpanId?: string | undefined;
  /** PostHog groups by type, for example `{ company: 'acme' }`. */
  readonly groups?: Readonly<Record<string, string>> | undefined;
  /** Custom properties, sent as `metadata_<key>`. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  /** True withholds content, as the option of the same name does; false asks for nothing. */
  readonly privacyMode?: boolean | undefined;
  readonly promptName?: string | undefined;
  readonly promptVersion?: string | number | undefined;
}

/** Members of a scope that can travel to other services. */
export type PropagatedName =
  | 'user'
  | 'sessionId'
  | 'traceId'
  | 'traceName'
  | 'privacyMode'
  | 'promptName'
  | `metadata.${string}`;

/**
 * Scopes by span object. A side table and not span attributes, so that exporters beside ours see the span as its
 * instrumentation made it; weak, so that it holds nothing alive. Shared by all copies of this package in the process.
 */
const SCOPES = processState('trace-scopes', () => new WeakMap<object, TraceScope>());

/** Notes the scope in which a span was started. */
export function stampScope(span: object, scope: TraceScope): void {
  SCOPES.set(span, scope);
}

/** The scope in which a span was started; `undefined` when there was none, or no processor of ours to note it. */
export function scopeOf(span: object): TraceScope | undefined {
  return SCOPES.get(span);
}

/** Outer and inner as one; the inner one wins. A wish for privacy, once made, stays. */
export function mergeScopes(outer: TraceScope | undefined, inner: TraceScope): TraceScope {
  if (!outer) return inner;
  const merged: Record<string, unknown> = { ...outer };
  for (const [name, value] of Object.entries(inner)) if (value !== undefined) merged[name] = value;
  return {
    ...merged,
    ...mergeKeys('metadata', outer, inner),
    ...mergeKeys('groups', outer, inner),
    ...(outer.privacyMode === true ? { privacyMode: true } : {}),
  };
}

function mergeKeys(name: 'metadata' | 'groups', outer: TraceScope, inner: TraceScope): object {
  return outer[name] && inner[name] ? { [name]: { ...outer[name], ...inner[name] } } : {};
}
