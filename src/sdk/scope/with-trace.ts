import { randomBytes } from 'node:crypto';
import { type Context, context, isSpanContextValid, trace } from '@opentelemetry/api';
import { urlSafeId } from '../../translate/event/identity.ts';
import { mergeScopes, type PropagatedName, type TraceScope } from '../../translate/span/trace-scope.ts';
import { cleanScope } from './clean-scope.ts';
import { toBaggage } from './scope-baggage.ts';
import { holderIn, rootHolderOf, scopeIn, withHolder } from './scope-holder.ts';

/** What `withTrace` takes besides the scope. */
export interface WithTraceOptions {
  /**
   * Members of the scope that are also written to OpenTelemetry baggage, and so into the headers of the requests that
   * instrumented clients make meanwhile, to any host. At most 2 KiB in all. Default: none.
   */
  readonly propagate?: readonly PropagatedName[] | undefined;
}

/**
 * Runs `fn` so that the spans that start meanwhile, however deep and of whatever instrumentation, belong to the scope. For
 * async functions "meanwhile" lasts until their promise settles, for generators until they are exhausted.
 *
 * Needs a context manager (every Node SDK registers one) and `PostHogLLMSpanProcessor`, which notes the scope when a
 * span starts. The spans themselves are not written to.
 *
 * Without an active span, and without a `traceId`, the outermost scope makes one: all calls inside are one trace.
 *
 * @returns what `fn` returns; exceptions pass through
 * @example
 * await withTrace({ user: 'user_123', sessionId: chat.id, metadata: { feature: 'search' } }, () => answer(question));
 */
export function withTrace<T>(scope: TraceScope, fn: () => T, options: WithTraceOptions = {}): T {
  const outer = context.active();
  const merged = withTraceId(mergeScopes(scopeIn(outer), cleanScope(scope)), outer);
  const inner = withHolder(outer, { scope: merged });
  const carrying = options.propagate ? toBaggage(inner, merged, options.propagate) : inner;
  return bindGenerator(context.with(carrying, fn), carrying);
}

/**
 * Adds to the scope for the rest of a request: to the innermost `withTrace` around the caller, else to the local root
 * of the active span and what starts below it from now on. Spans that have started already keep what they have.
 *
 * @returns false when there is neither, so that nothing was set
 */
export function setTrace(scope: TraceScope): boolean {
  const active = context.active();
  const holder = holderIn(active) ?? rootHolderOf(trace.getSpan(active));
  if (!holder) return false;
  holder.scope = mergeScopes(holder.scope, cleanScope(scope));
  return true;
}

/**
 * `$ai_trace_id` of the calls made here and now: the scope's trace id, else that of the active span. For feedback that
 * comes later, or from a browser.
 * @returns `undefined` outside of any scope with a trace id and any span
 */
export function currentTraceId(): string | undefined {
  const active = context.active();
  const traceId = scopeIn(active)?.traceId ?? trace.getSpanContext(active)?.traceId;
  return traceId === undefined ? undefined : urlSafeId(traceId);
}

/** Each call below would be a trace of its own where neither the scope nor an active span gives them one. */
function withTraceId(scope: TraceScope, outer: Context): TraceScope {
  if (scope.traceId !== undefined) return scope;
  const active = trace.getSpanContext(outer);
  return active && isSpanContextValid(active)
    ? scope
    : { ...scope, traceId: randomBytes(16).toString('hex') };
}

/** The body of a generator runs when it is asked for values, after `context.with` is over. */
function bindGenerator<T>(value: T, scoped: Context): T {
  const tag = Object.prototype.toString.call(value);
  if (tag !== '[object Generator]' && tag !== '[object AsyncGenerator]') return value;
  const generator = value as Record<'next' | 'return' | 'throw', (...args: unknown[]) => unknown>;
  for (const method of ['next', 'return', 'throw'] as const) {
    const original = generator[method];
    generator[method] = (...args) => context.with(scoped, () => original.apply(generator, args));
  }
  return value;
}
