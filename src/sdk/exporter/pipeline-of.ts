import type { PostHogLLMSpanExporterOptions } from '../../config/options.ts';
import type { Pipeline } from '../../pipeline/pipeline.ts';
import { processState } from '../../translate/span/process-state.ts';

/** The same in every copy of this package that a process has loaded. */
const PIPELINE = Symbol.for('posthog-llm-exporter.pipeline');

/** Lets the processors beside an exporter reach its pipeline, which is no part of its public type. */
export function setPipeline(exporter: object, pipeline: Pipeline): void {
  Object.defineProperty(exporter, PIPELINE, { value: pipeline });
  made.exporters += 1;
}

const made = processState('made-exporters', () => ({ exporters: 0 }));

/** How many exporters this process has made, by whichever copy of the package. */
export function madeExporters(): number {
  return made.exporters;
}

/** The pipeline behind an exporter; `undefined` when it is none of ours. */
export function pipelineOf(exporter: object): Pipeline | undefined {
  return (exporter as { readonly [PIPELINE]?: Pipeline })[PIPELINE];
}

const prepared = new WeakMap<object, Pipeline>();

/** Options that make an exporter stand on a pipeline that is there already, as one with another clock. */
export function optionsFor(pipeline: Pipeline): PostHogLLMSpanExporterOptions {
  const options = {};
  prepared.set(options, pipeline);
  return options;
}

export function preparedPipeline(options: PostHogLLMSpanExporterOptions): Pipeline | undefined {
  return typeof options === 'object' && options !== null ? prepared.get(options) : undefined;
}
