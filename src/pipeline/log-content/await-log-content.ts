import { neverThrow } from '../../translate/span/never-throw.ts';
import type { SpanView } from '../../translate/span/span-view.ts';
import type { LogContentStore } from './log-content-store.ts';

/**
 * Longest wait for log records that come after their span. Instrumentations write them within the same turn of the
 * event loop; a simple span processor exports before that turn is over.
 */
export const MAX_WAIT_MS = 200;

/** Attributes whose presence shows that the span carries its content itself. */
const CONTENT_ATTRIBUTES: readonly string[] = ['gen_ai.input.messages', 'gen_ai.output.messages'];

/**
 * Waits, shortly and only when needed, for log records of model calls whose instrumentation is known to put content there.
 * @param maxWaitMs how long records may come after their span
 * @returns `undefined` when there is nothing to wait for
 */
export function awaitLogContent(
  spans: readonly SpanView[],
  store: LogContentStore,
  maxWaitMs: number,
): Promise<void> | undefined {
  const missing = spans.filter((span) => store.awaits(span) && !hasContent(span));
  return missing.length > 0 ? store.waitFor(missing, maxWaitMs) : undefined;
}

function hasContent({ attributes }: SpanView): boolean {
  return CONTENT_ATTRIBUTES.some((name) => neverThrow(() => attributes[name]) !== undefined);
}

/** Spans with their log content, each in its place, once it is there. */
export async function withLogContent(
  spans: readonly (SpanView | undefined)[],
  store: LogContentStore,
): Promise<(SpanView | undefined)[]> {
  const readable = spans.filter((span) => span !== undefined);
  await awaitLogContent(readable, store, MAX_WAIT_MS);
  const joined = store.join(readable).values();
  return spans.map((span) => span && joined.next().value);
}
