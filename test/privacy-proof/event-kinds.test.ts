import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PostHogLLMSpanExporterOptions } from '../../src/config/options.ts';
import { PostHogLLMSpanExporter } from '../../src/sdk/exporter/exporter.ts';
import { PostHogLLMLogRecordProcessor } from '../../src/sdk/logs/log-record-processor.ts';
import { withTrace } from '../../src/sdk/scope/with-trace.ts';
import { registerContextManager } from '../support/als-context-manager.ts';
import { type LoopbackPostHog, startLoopbackPostHog } from '../support/loopback-posthog.ts';

registerContextManager();

const SAID = 'WHAT-WAS-SAID';
const traceId = 'a'.repeat(32);

let posthog: LoopbackPostHog;
beforeAll(async () => {
  posthog = await startLoopbackPostHog();
});
afterAll(() => posthog.close());

/** Every event that comes from no span, each with content. */
const KINDS: Readonly<Record<string, (exporter: PostHogLLMSpanExporter) => void>> = {
  $ai_feedback: (exporter) => exporter.captureFeedback({ traceId, text: SAID }),
  $ai_evaluation: (exporter) =>
    exporter.captureEvaluation({ traceId, name: 'is-polite', result: true, reasoning: SAID }),
  '$ai_evaluation of a log record': (exporter) =>
    new PostHogLLMLogRecordProcessor(exporter).onEmit({
      eventName: 'gen_ai.evaluation.result',
      attributes: {
        'gen_ai.evaluation.name': 'is-polite',
        'gen_ai.evaluation.score.value': 1,
        'gen_ai.evaluation.explanation': SAID,
      },
      hrTime: [1_700_000_000, 0],
      spanContext: { traceId, spanId: 'b'.repeat(16) },
    }),
  '$ai_metric with content in its metadata': (exporter) =>
    exporter.captureMetric({ traceId, name: 'stars', value: 5, metadata: { prompt: SAID, plan: 'pro' } }),
};

async function sent(options: PostHogLLMSpanExporterOptions, run: (exporter: PostHogLLMSpanExporter) => void) {
  const exporter = new PostHogLLMSpanExporter({
    apiKey: 'phc_test_key_of_the_kinds',
    endpoint: posthog.url,
    ...options,
  });
  run(exporter);
  await exporter.forceFlush();
  await exporter.shutdown();
  return posthog.events.at(-1) as { event: string; properties: Readonly<Record<string, unknown>> };
}

describe.each(Object.entries(KINDS))('%s', (kind, capture) => {
  it.each([
    ['the option', { privacyMode: true }, {}],
    ['a function, which cannot judge what is no call', { privacyMode: () => false }, {}],
    ['the scope', {}, { privacyMode: true }],
  ])('loses its content by %s', async (_asked, options, scope) => {
    const { event, properties } = await sent(options, (exporter) =>
      withTrace(scope, () => capture(exporter)),
    );
    expect(event).toBe(kind.split(' ')[0]);
    expect(JSON.stringify(properties)).not.toContain(SAID);
    expect(properties).toMatchObject({ $ai_trace_id: traceId });
  });

  it('has it otherwise', async () => {
    const { properties } = await sent({}, capture);
    expect(JSON.stringify(properties)).toContain(SAID);
  });
});
