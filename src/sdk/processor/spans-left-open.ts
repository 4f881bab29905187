import { packageName } from '../../package-info.ts';
import { readSdkSpan } from '../../translate/span/read-sdk-span.ts';
import { isAiSpan } from './ancestor-notes.ts';

/**
 * What to say of AI spans that have not ended when the process has nothing left to do: they are lost, which would go
 * unnoticed.
 * @param spans that have started and not ended
 * @returns a line for each instrumentation scope
 */
export function describeSpansLeftOpen(spans: readonly object[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const span of spans) {
    if (!isAiSpan(span)) continue;
    const name = readSdkSpan(span)?.scope.name || 'an unnamed scope';
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(
    ([name, count]) =>
      `${packageName}: ${count} ${count === 1 ? 'span' : 'spans'} of ${name} had not ended at the end, so PostHog does not get ` +
      'them: calls under way, or calls that failed and whose span the instrumentation never ends; see "npx posthog-llm-exporter docs instrumentations"',
  );
}
