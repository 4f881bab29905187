import type { SpanView } from '../../translate/span/span-view.ts';
import type { LogContentStore } from './log-content-store.ts';

/**
 * Longest wait for log records that come after their span. Instrumentations write them within the same turn of the
 * event loop; a simple span processor exports before that turn is over.
 */
const MAX_WAIT_MS = 200;

/** Attributes whose presence shows that the span carries its content itself. */
const CONTENT_ATTRIBUTES: readonly string[] = ['gen_ai.input.messages', 'gen_ai.output.messages'];

/**
 * Spans with their log content. Waits, shortly and only when needed, for records of spans whose instrumentation is
 * known to put content there.
 */
export async function withLogContent(
  spans: readonly SpanView[],
  store: LogContentStore,
): Promise<SpanView[]> {
  const missing = spans.filter(
    (span) =>
      store.writesContent(span.scope.name) &&
      !store.has(span) &&
      !CONTENT_ATTRIBUTES.some((name) => span.attributes[name] !== undefined),
  );
  if (missing.length > 0) await store.waitFor(missing, MAX_WAIT_MS);
  return spans.map((span) => store.join(span));
}
