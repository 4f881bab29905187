import { ROUTES } from '../../src/deliver/posthog-routes.ts';
import { joinLogRecords } from '../../src/sdk/logs/join-log-records.ts';
import type { LlmCall } from '../../src/translate/call/llm-call.ts';
import type { PostHogEvent } from '../../src/translate/event/posthog-event.ts';
import { fitEvent } from '../../src/translate/limits/fit-event.ts';
import { readOtlpJson, readOtlpLogsJson } from '../../src/translate/span/read-otlp-json.ts';
import type { SpanView } from '../../src/translate/span/span-view.ts';
import { createTraceMemory } from '../../src/translate/trace/resolve-batch.ts';
import {
  createSpanSorter,
  type TranslateOptions,
  translateCall,
} from '../../src/translate/translate-call.ts';
import type { Recording } from './recordings.ts';

/** The defaults of the exporter. */
const DEFAULTS: TranslateOptions = {
  metadataPrefix: 'metadata_',
  maxMetadataDepth: 3,
  includeAttributes: [],
  distinctId: undefined,
  privacyMode: false,
  content: { media: 'remove' },
};

export interface Translated {
  readonly call: LlmCall;
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
  const wanted = { ...DEFAULTS, ...options };
  const memory = createTraceMemory();
  return batches.flatMap((batch) => {
    const sorter = createSpanSorter(wanted);
    for (const span of batch) sorter.add(span);
    return sorter.settle(memory).map((call) => ({ call, event: asSent(translateCall(call, wanted)) }));
  });
}

/** The event as it arrives. */
function asSent(event: PostHogEvent): PostHogEvent {
  const fitted = fitEvent(event, ROUTES.ai.maxEventBytes);
  if (!('json' in fitted)) throw new Error('An event does not fit');
  return JSON.parse(fitted.json.toString()) as PostHogEvent;
}
