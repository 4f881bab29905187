import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { describe, expect, it } from 'vitest';
import { isPostHogLLMConfigError } from '../../../src/config/config-error.ts';
import type { PostHogLLMSpanExporterOptions } from '../../../src/config/options.ts';
import { PostHogLLMSpanExporter } from '../../../src/sdk/exporter/exporter.ts';
import { PostHogLLMSpanProcessor } from '../../../src/sdk/processor/span-processor.ts';
import { withTrace } from '../../../src/sdk/scope/with-trace.ts';
import type { PostHogEvent } from '../../../src/translate/posthog-event.ts';
import { registerContextManager } from '../../support/als-context-manager.ts';
import { loopbackOfTest } from '../../support/loopback-of-test.ts';
import { chatAttributes } from '../../support/real-spans.ts';
import { createRecordingLogger } from '../../support/recording-logger.ts';

registerContextManager();
/** Makes a call for each user and gives the users whose call arrived. */
async function run(options: PostHogLLMSpanExporterOptions, users: readonly string[]) {
  const posthog = await loopbackOfTest();
  const logger = createRecordingLogger();
  const processor = new PostHogLLMSpanProcessor({
    apiKey: 'phc_choose',
    endpoint: posthog.url,
    logger,
    ...options,
  });
  const tracer = new BasicTracerProvider({ spanProcessors: [processor] }).getTracer('t');
  for (const user of users) {
    withTrace({ user, sessionId: user }, () => {
      const parent = tracer.startSpan('agent', { attributes: { 'gen_ai.operation.name': 'invoke_agent' } });
      parent.end();
      tracer.startSpan(`chat ${user}`, { attributes: chatAttributes() }).end();
    });
  }
  await processor.shutdown();
  const events = posthog.events as unknown as PostHogEvent[];
  const generations = events.filter(({ event }) => event === '$ai_generation');
  return { events, users: generations.map(({ distinct_id }) => distinct_id), processor, logger };
}

describe('choice of the exporter', () => {
  it('counts what rules and filter leave out as filtered', async () => {
    const rules = { not: { field: 'user', operator: 'equals', value: 'b' } } as const;
    const { users, processor } = await run({ rules, filter: (call) => call.trace.user !== 'c' }, [
      'a',
      'b',
      'c',
    ]);
    expect(users).toEqual(['a']);
    expect(processor.exporter.stats()).toMatchObject({ seen: 6, filtered: 4, delivered: 2 });
  });

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('mine');
      },
    ],
    ['answers with a promise', () => Promise.resolve(true)],
    ['answers with a rejection', () => Promise.reject(new Error('mine'))],
  ])('sends nothing when the filter %s, and says so', async (_name, filter) => {
    const { events, processor, logger } = await run({ filter: filter as () => boolean }, ['a']);
    expect(events).toEqual([]);
    expect(processor.exporter.stats()).toMatchObject({ filtered: 2, dropped: 0 });
    expect(logger.lines.join()).toContain('filter function failed');
  });

  it('samples whole sessions and says what they weigh', async () => {
    const users = Array.from({ length: 400 }, (_, i) => `user-${i}`);
    const { events, processor } = await run({ samplingRate: 0.25 }, users);
    const byUser = new Map<string, PostHogEvent[]>();
    for (const event of events) {
      byUser.set(event.distinct_id, [...(byUser.get(event.distinct_id) ?? []), event]);
    }
    expect(byUser.size).toBeGreaterThan(60);
    expect(byUser.size).toBeLessThan(140);
    for (const [, both] of byUser) expect(both).toHaveLength(2);
    for (const { properties } of events) expect(properties['sample_weight']).toBe(4);
    expect(processor.exporter.stats()).toMatchObject({ seen: 800, sampledOut: 800 - events.length });
  });

  it('lets no event name a parent that is left out', async () => {
    const posthog = await loopbackOfTest();
    const exporter = new PostHogLLMSpanExporter({
      apiKey: 'phc_choose',
      endpoint: posthog.url,
      filter: ({ kind }) => kind === 'generation',
    });
    const processor = new PostHogLLMSpanProcessor({ exporter });
    const tracer = new BasicTracerProvider({ spanProcessors: [processor] }).getTracer('t');
    const attributes = { 'gen_ai.operation.name': 'invoke_agent' };
    tracer.startActiveSpan('agent', { attributes }, (agent) => {
      tracer.startSpan('chat', { attributes: chatAttributes() }).end();
      agent.end();
    });
    await processor.shutdown();
    const [event] = posthog.events as unknown as PostHogEvent[];
    expect(event?.properties['$ai_parent_id']).toBe(event?.properties['$ai_trace_id']);
  });

  it.each<[string, object]>([
    ['samplingRate', { samplingRate: 0 }],
    ['samplingRate', { samplingRate: 2 }],
    ['alwaysKeep', { alwaysKeep: { slow: true } }],
    ['alwaysKeep', { alwaysKeep: { slowerThanMs: '5' } }],
    ['filter', { filter: 'yes' }],
    ['rules', { rules: { field: 'x' } }],
  ])('refuses a flawed %s', (option, options) => {
    try {
      new PostHogLLMSpanExporter({ apiKey: 'phc_choose', ...options });
      expect.unreachable();
    } catch (error) {
      if (!isPostHogLLMConfigError(error)) throw error;
      expect(error.problems).toEqual([expect.objectContaining({ option, code: 'option-invalid' })]);
    }
  });
});
