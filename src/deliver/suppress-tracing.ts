import { type Context, context, createContextKey } from '@opentelemetry/api';

/**
 * The key by which the SDK and all instrumentations recognise suppressed tracing. Context keys are made with
 * `Symbol.for`, so this equals the key of `suppressTracing` in every version of `@opentelemetry/core`, without
 * depending on one of them.
 */
const SUPPRESS_TRACING_KEY = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

/** A context within which no spans are recorded. */
export function suppressTracing(parent: Context): Context {
  return parent.setValue(SUPPRESS_TRACING_KEY, true);
}

/** Runs `work`, and everything asynchronous it starts, without recording spans: our own requests are not traced. */
export function withTracingSuppressed<T>(work: () => T): T {
  return context.with(suppressTracing(context.active()), work);
}
