import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { PostHogLLMSpanExporter } from '../../src/sdk/exporter/exporter.ts';

export interface ExportOutcome {
  readonly code: number;
  readonly error?: Error;
}

/** Exports and waits for the callback, which must come exactly once. */
export async function exportSpans(
  exporter: Pick<PostHogLLMSpanExporter, 'export'>,
  spans: readonly unknown[],
): Promise<ExportOutcome> {
  const outcomes: ExportOutcome[] = [];
  await new Promise<void>((resolve) => {
    exporter.export(spans as readonly ReadableSpan[], (result) => {
      outcomes.push(result);
      resolve();
    });
  });
  await new Promise((resolve) => setImmediate(resolve));
  const [outcome] = outcomes;
  if (outcome === undefined || outcomes.length !== 1) throw new Error(`${outcomes.length} callbacks`);
  return outcome;
}
