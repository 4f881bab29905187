import type { PostHogLLMSpanExporterOptions } from '../../src/config/options.ts';
import { resolveConfig } from '../../src/config/resolve-config.ts';
import type { Clock } from '../../src/deliver/clock.ts';
import { createPipeline } from '../../src/pipeline/pipeline.ts';
import { PostHogLLMSpanExporter } from '../../src/sdk/exporter/exporter.ts';
import { optionsFor } from '../../src/sdk/exporter/pipeline-of.ts';

/** The exporter, whose deadlines and waits go by another clock. */
export function createExporterWithClock(
  options: PostHogLLMSpanExporterOptions,
  clock: Clock,
): PostHogLLMSpanExporter {
  return new PostHogLLMSpanExporter(optionsFor(createPipeline(resolveConfig(options), { clock })));
}
