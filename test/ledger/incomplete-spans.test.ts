import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { describe, expect, it } from 'vitest';
import { PostHogLLMSpanExporter, type ReadableSpanLike, renderExplanations } from '../../src/index.ts';
import { PostHogLLMSpanProcessor } from '../../src/sdk/processor/span-processor.ts';
import { loopbackOfTest } from '../support/loopback-of-test.ts';
import { chatAttributes, createSpanMaker } from '../support/real-spans.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';

const KEY = 'phc_test_key_of_incomplete_spans';
const OPENAI = '@opentelemetry/instrumentation-openai';
const WITHOUT_CONTENT = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o' };
const NONE = { cut: 0, withoutLogRecords: 0, withoutAttributes: 0, ofUnknownInstrumentation: 0 };

async function run(scope: string, attributes: Record<string, unknown>, options = {}) {
  const posthog = await loopbackOfTest();
  const logger = createRecordingLogger();
  const common = { apiKey: KEY, endpoint: posthog.url, logger };
  const processor = new PostHogLLMSpanProcessor({ ...common, ...options });
  const spanLimits = { attributeCountLimit: 12, eventCountLimit: 1 };
  const provider = new BasicTracerProvider({ spanProcessors: [processor], spanLimits });
  for (let index = 0; index < 3; index += 1) {
    const span = provider.getTracer(scope).startSpan('chat', { attributes: attributes as never });
    if ('has.events' in attributes) span.addEvent('a').addEvent('b');
    span.end();
  }
  await provider.forceFlush();
  const stats = processor.exporter.stats();
  await provider.shutdown();
  return { lines: logger.lines, stats: stats.incompleteSpans, delivered: stats.delivered };
}

/** What dd-trace's `TracerProvider` hands to span processors: ids, a name and a scope. */
function spanOfDatadog(index: number): ReadableSpanLike {
  return {
    name: 'OpenAI Chat Completions',
    spanContext: () => ({ traceId: 'a'.repeat(32), spanId: `${index + 1}`.padStart(16, '0'), traceFlags: 1 }),
    instrumentationLibrary: { name: '@arizeai/openinference-instrumentation-openai', version: '4.2.7' },
  } as unknown as ReadableSpanLike;
}

describe('a span that says less than it could', () => {
  it('since the SDK cut it, is said once and counted each time', async () => {
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`app.${index}`, index]));
    const attributes = { 'has.events': true, ...chatAttributes(), ...many };
    const { lines, stats, delivered } = await run('app', attributes);
    expect(delivered).toBe(3);
    expect(stats).toEqual({ ...NONE, cut: 3 });
    expect(lines).toEqual([
      expect.stringMatching(
        /^warn .*spans of app: the SDK threw away \d+ attributes and 1 events.*OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT and OTEL_SPAN_EVENT_COUNT_LIMIT/,
      ),
    ]);
  });

  it('since its log records did not come, is said once and counted each time', async () => {
    const { lines, stats } = await run(OPENAI, WITHOUT_CONTENT);
    expect(stats).toEqual({ ...NONE, withoutLogRecords: 3 });
    expect(lines).toEqual([expect.stringMatching(/instrumentation-openai: .*logRecordProcessor\(\)/)]);
  });

  it('since it is a span of another tool, which has no attributes, is said once and counted each time', async () => {
    const posthog = await loopbackOfTest();
    const logger = createRecordingLogger();
    const processor = new PostHogLLMSpanProcessor({ apiKey: KEY, endpoint: posthog.url, logger });
    for (let index = 0; index < 2; index += 1) processor.onEnd(spanOfDatadog(index));
    await processor.forceFlush();
    expect(processor.exporter.stats().incompleteSpans).toEqual({ ...NONE, withoutAttributes: 2 });
    expect(logger.lines).toEqual([
      expect.stringMatching(/spans of @arizeai.*: they have no attributes that can be read.*Datadog/),
    ]);
    await processor.shutdown();
  });

  it('since no convention is known for it, is said once and counted each time', async () => {
    const { lines, stats } = await run('home-made', {
      'my.model': 'gpt-4o',
      'my.prompt_tokens': 5,
      'my.completion_tokens': 3,
    });
    expect(stats).toEqual({ ...NONE, ofUnknownInstrumentation: 3 });
    expect(lines).toEqual([expect.stringMatching(/spans of home-made: no convention is known/)]);
  });

  it.each([
    ['of another instrumentation', 'app', WITHOUT_CONTENT, {}],
    ['with its content', OPENAI, chatAttributes(), {}],
    ['in privacy mode', OPENAI, WITHOUT_CONTENT, { privacyMode: true }],
    ['that an instrumentation gave no attributes, as the root of Google ADK', 'gcp.vertex.agent', {}, {}],
    ['of no AI kind', 'app', { 'http.request.method': 'GET' }, {}],
  ])('is not one %s', async (_what, scope, attributes, options) => {
    const { lines, stats } = await run(scope, attributes, options);
    expect(stats).toEqual(NONE);
    expect(lines).toEqual([]);
  });

  it('is explained in the same words', async () => {
    const exporter = new PostHogLLMSpanExporter({ apiKey: KEY, logger: false });
    const explanations = exporter.explain(createSpanMaker(OPENAI).make('chat', WITHOUT_CONTENT));
    expect(explanations[0]?.notes).toEqual([expect.stringContaining('logRecordProcessor()')]);
    expect(renderExplanations(explanations)).toMatch(/note +the instrumentation writes prompts/);
    await exporter.shutdown();
  });
});
