import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { describe, expect, it } from 'vitest';
import { PostHogLLMSpanExporter } from '../../../src/sdk/exporter/exporter.ts';
import { PostHogLLMSpanProcessor } from '../../../src/sdk/processor/span-processor.ts';
import { currentTraceId, withTrace } from '../../../src/sdk/scope/with-trace.ts';
import type { PostHogEvent } from '../../../src/translate/posthog-event.ts';
import { registerContextManager } from '../../support/als-context-manager.ts';
import { loopbackOfTest } from '../../support/loopback-of-test.ts';
import { chatAttributes } from '../../support/real-spans.ts';
import { createRecordingLogger } from '../../support/recording-logger.ts';

registerContextManager();
async function start(options: object = {}) {
  const posthog = await loopbackOfTest();
  const logger = createRecordingLogger();
  const exporter = new PostHogLLMSpanExporter({ apiKey: 'phc_x', endpoint: posthog.url, logger, ...options });
  return { exporter, logger, posthog, events: () => posthog.events as unknown as readonly PostHogEvent[] };
}

describe('feedback', () => {
  it('arrives as the three events of PostHog', async () => {
    const { exporter, events } = await start();
    const target = { traceId: 'my trace', spanId: 'b7ad6b7169203331', user: 'user_1', sessionId: 's' };
    const timestamp = new Date('2026-01-15T12:00:00Z');
    expect(
      exporter.captureFeedback({ ...target, text: 'Good.', metadata: { page: 'chat' }, timestamp }),
    ).toBe(true);
    expect(exporter.captureMetric({ ...target, name: 'rating', value: 4 })).toBe(true);
    expect(exporter.captureEvaluation({ ...target, name: 'polite', result: true, reasoning: 'Yes.' })).toBe(
      true,
    );
    await exporter.forceFlush();
    const common = {
      $ai_trace_id: 'my_trace',
      $ai_session_id: 's',
      $ai_user: 'user_1',
      $lib: 'posthog-llm-exporter',
    };
    expect(events()).toMatchObject([
      {
        event: '$ai_feedback',
        distinct_id: 'user_1',
        timestamp: '2026-01-15T12:00:00.000Z',
        properties: {
          ...common,
          $ai_feedback_text: 'Good.',
          metadata_page: 'chat',
          $ai_span_id: target.spanId,
        },
      },
      {
        event: '$ai_metric',
        // As text, like posthog-js.
        properties: {
          ...common,
          $ai_metric_name: 'rating',
          $ai_metric_value: '4',
          $ai_span_id: target.spanId,
        },
      },
      {
        event: '$ai_evaluation',
        properties: {
          ...common,
          $ai_evaluation_name: 'polite',
          $ai_evaluation_result: true,
          $ai_evaluation_result_type: 'boolean',
          $ai_evaluation_reasoning: 'Yes.',
          $ai_target_span_id: target.spanId,
        },
      },
    ]);
    expect(new Set(events().map(({ uuid }) => uuid)).size).toBe(3);
    expect(exporter.stats()).toMatchObject({ seen: 3, delivered: 3 });
  });

  it('knows trace, user and session of the place where it is given', async () => {
    const { exporter, events } = await start();
    const processor = new PostHogLLMSpanProcessor({ exporter });
    const tracer = new BasicTracerProvider({ spanProcessors: [processor] }).getTracer('t');
    let traceId: string | undefined;
    withTrace({ user: 'user_1', sessionId: 's' }, () =>
      tracer.startActiveSpan('chat', { attributes: chatAttributes() }, (span) => {
        traceId = currentTraceId();
        exporter.captureFeedback({ text: 'here' });
        exporter.captureFeedback({ traceId: 'another', text: 'elsewhere' });
        span.end();
      }),
    );
    await processor.forceFlush();
    const feedback = events().filter(({ event }) => event === '$ai_feedback');
    expect(feedback).toMatchObject([
      { distinct_id: 'user_1', properties: { $ai_trace_id: traceId, $ai_session_id: 's' } },
      { distinct_id: expect.stringMatching(/^anon_/), properties: { $process_person_profile: false } },
    ]);
    expect(events().find(({ event }) => event === '$ai_generation')?.properties['$ai_trace_id']).toBe(
      traceId,
    );
  });

  it('goes out by itself, without any span', async () => {
    const { exporter, posthog } = await start();
    exporter.captureMetric({ traceId: 't', name: 'thumbs', value: 'up' });
    for (let i = 0; posthog.events.length === 0 && i < 300; i++) await new Promise((r) => setTimeout(r, 10));
    expect(posthog.events).toHaveLength(1);
  });

  it.each<[string, (exporter: PostHogLLMSpanExporter) => boolean]>([
    ['no trace', (exporter) => exporter.captureFeedback({ text: 'x' })],
    ['no text', (exporter) => exporter.captureFeedback({ traceId: 't', text: ' ' })],
    ['no number', (exporter) => exporter.captureMetric({ traceId: 't', name: 'n', value: Number.NaN })],
    ['no name', (exporter) => exporter.captureEvaluation({ traceId: 't', name: '', result: true })],
    ['nothing', (exporter) => exporter.captureFeedback(undefined as never)],
  ])('with %s is refused', async (_name, capture) => {
    const { exporter, posthog } = await start();
    expect(capture(exporter)).toBe(false);
    await exporter.forceFlush();
    expect(posthog.requests).toHaveLength(0);
  });

  it('gives no words away in privacy mode, of the exporter or of the scope', async () => {
    for (const [options, scope] of [
      [{ privacyMode: true }, {}],
      [{}, { privacyMode: true }],
    ] as const) {
      const { exporter, posthog } = await start(options);
      withTrace(scope, () => {
        exporter.captureFeedback({ traceId: 't', text: 'SECRET' });
        exporter.captureEvaluation({ traceId: 't', name: 'n', result: true, reasoning: 'SECRET' });
      });
      await exporter.forceFlush();
      expect(posthog.events).toHaveLength(2);
      expect(JSON.stringify(posthog.events)).not.toContain('SECRET');
    }
  });

  it('is refused after the end', async () => {
    const { exporter } = await start();
    await exporter.shutdown();
    expect(exporter.captureMetric({ traceId: 't', name: 'n', value: 1 })).toBe(false);
  });
});
