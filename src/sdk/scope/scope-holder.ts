import { type Context, createContextKey, type Span, trace } from '@opentelemetry/api';
import { processState } from '../../translate/span/process-state.ts';
import { mergeScopes, scopeOf, type TraceScope } from '../../translate/span/trace-scope.ts';

/** Carries a scope through a context; `setTrace` changes what it holds. */
export interface ScopeHolder {
  scope: TraceScope;
}

/** Context keys are made with `Symbol.for`: all copies of this package understand each other. */
const HOLDER_KEY = createContextKey('posthog-llm-exporter trace scope');

/** Holder of each local root span, shared by the spans below it, for `setTrace` outside of any `withTrace`. */
const ROOT_HOLDERS = processState('root-scopes', () => new WeakMap<object, ScopeHolder>());

export function holderIn(context: Context): ScopeHolder | undefined {
  return context.getValue(HOLDER_KEY) as ScopeHolder | undefined;
}

export function withHolder(context: Context, holder: ScopeHolder): Context {
  return context.setValue(HOLDER_KEY, holder);
}

/** Holder of the local root above a span, when a processor of ours saw both start. */
export function rootHolderOf(span: object | undefined): ScopeHolder | undefined {
  return span && ROOT_HOLDERS.get(span);
}

/**
 * Called for every span that starts: ties it to the holder of its local root.
 * @returns the scope that holds for the span: what its root was given by `setTrace`, what its parent has, and what the
 * context carries, the later ones winning
 */
export function adoptSpan(span: object, parentContext: Context): TraceScope | undefined {
  const parent: Span | undefined = trace.getSpan(parentContext);
  const rootHolder = rootHolderOf(parent) ?? { scope: {} };
  ROOT_HOLDERS.set(span, rootHolder);
  const inherited = parent && scopeOf(parent);
  const layers = [inherited, rootHolder.scope, holderIn(parentContext)?.scope];
  const scope = layers.reduce<TraceScope>(
    (merged, layer) => (layer ? mergeScopes(merged, layer) : merged),
    {},
  );
  return Object.keys(scope).length > 0 ? scope : undefined;
}

/** The scope in force in a context, also where only its active span has one. */
export function scopeIn(context: Context): TraceScope | undefined {
  const holder = holderIn(context);
  const span = trace.getSpan(context);
  const ofSpan = span && scopeOf(span);
  const ofRoot = rootHolderOf(span)?.scope;
  const below = ofSpan && ofRoot ? mergeScopes(ofSpan, ofRoot) : (ofSpan ?? ofRoot);
  return holder ? mergeScopes(below, holder.scope) : below;
}
