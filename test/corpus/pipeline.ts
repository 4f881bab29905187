import { resolveConfig } from '../../src/config/resolve-config.ts';
import { ROUTES } from '../../src/deliver/posthog-routes.ts';
import { joinLogRecords } from '../../src/pipeline/log-content/join-log-records.ts';
import type { LlmCall } from '../../src/translate/call/llm-call.ts';
import type { FitResult } from '../../src/translate/limits/fit-event.ts';
import type { PostHogEvent } from '../../src/translate/posthog-event.ts';
import { readOtlpJson, readOtlpLogsJson } from '../../src/translate/span/read-otlp-json.ts';
import type { SpanView } from '../../src/translate/span/span-view.ts';
import { createTraceMemory } from '../../src/translate/trace/trace-memory.ts';
import { translateBatch } from '../../src/translate/translate-batch.ts';
import { type TranslateOptions, translateOptionsOf } from '../../src/translate/translate-options.ts';
import type { Recording } from './recordings.ts';

/** The defaults of the exporter. */
const DEFAULTS = translateOptionsOf(
  resolveConfig({ apiKey: 'phc_corpus' }, {}),
  () => ROUTES.ai.maxEventBytes,
);

export interface Translated {
  readonly call: LlmCall;
  readonly event: PostHogEvent;
}

/** An event of a span, or one that only names a trace. */
export interface TranslatedEvent {
  readonly call: LlmCall | undefined;
  readonly event: PostHogEvent;
}

/** The spans of a recording, with their log records. */
export function readSpans({ spans, logs }: Recording): SpanView[] {
  return joinLogRecords(readOtlpJson(spans), readOtlpLogsJson(logs));
}

/**
 * Takes batches of spans the way the exporter goes, without the network.
 * @param batches each in the order of arrival
 */
export function translate(
  batches: readonly (readonly SpanView[])[],
  options: Partial<TranslateOptions> = {},
): Translated[] {
  return translateAll(batches, options).flatMap(({ call, event }) => (call ? [{ call, event }] : []));
}

/** The same, with the events that only name a trace. */
export function translateAll(
  batches: readonly (readonly SpanView[])[],
  options: Partial<TranslateOptions> = {},
): TranslatedEvent[] {
  const wanted = { ...DEFAULTS, ...options };
  const memory = createTraceMemory();
  return batches.flatMap((spans) =>
    [...translateBatch({ spans, extras: [], memory }, wanted)].flatMap((step): TranslatedEvent[] => {
      if (step.type === 'failed') throw new Error('An event cannot be made');
      return step.type === 'event' ? [{ call: step.call, event: asSent(step.fitted) }] : [];
    }),
  );
}

/** The event as it arrives. */
function asSent(fitted: FitResult): PostHogEvent {
  if (!('json' in fitted)) throw new Error('An event does not fit');
  return JSON.parse(fitted.json.toString()) as PostHogEvent;
}
