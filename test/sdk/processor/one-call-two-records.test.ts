import { type Attributes, ROOT_CONTEXT, type Span, trace } from '@opentelemetry/api';
import { BasicTracerProvider, type ReadableSpan, type SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createExportQueue, MAX_CONCURRENT_EXPORTS } from '../../../src/sdk/processor/export-queue.ts';
import { createOpenSpans } from '../../../src/sdk/processor/open-spans.ts';
import { PostHogLLMSpanProcessor } from '../../../src/sdk/processor/span-processor.ts';
import { readSdkSpan } from '../../../src/translate/span/read-sdk-span.ts';
import { loopbackOfTest } from '../../support/loopback-of-test.ts';
import { chatAttributes } from '../../support/real-spans.ts';
import { createRecordingLogger } from '../../support/recording-logger.ts';

const POOR: Attributes = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.request.model': 'gpt-4o-mini',
  'gen_ai.usage.input_tokens': 14,
  'gen_ai.usage.output_tokens': 3,
  'gen_ai.response.id': 'chatcmpl-1',
};
const RICH = { ...chatAttributes(), 'gen_ai.response.id': 'chatcmpl-1' };

const OTHER = { ...chatAttributes(), 'gen_ai.usage.input_tokens': 99 };

/** Starts spans of two instrumentations of one application. */
function application(processor: SpanProcessor) {
  const provider = new BasicTracerProvider({ spanProcessors: [processor] });
  const start = (scope: string, attributes: Attributes, parent?: Span, startTime?: number) =>
    provider
      .getTracer(scope)
      .startSpan(scope, { attributes, startTime }, parent && trace.setSpan(ROOT_CONTEXT, parent));
  return {
    provider,
    rich: (parent?: Span) => start('instrumentation', RICH, parent),
    poor: (parent?: Span) => start('native', POOR, parent),
    /** A call that was over long before. */
    other: () => start('instrumentation', OTHER, undefined, 1_000).end(2_000),
  };
}

describe('of a call that two spans record, the richer one counts', () => {
  it.each<[string, number, (app: ReturnType<typeof application>) => void]>([
    [
      'though the poorer one below it ended first',
      512,
      ({ rich, poor }) => {
        const outer = rich();
        poor(outer).end();
        outer.end();
      },
    ],
    [
      'though the poorer one below it made the batch full',
      4,
      ({ rich, poor, other }) => {
        const outer = rich();
        for (let count = 0; count < 3; count++) other();
        poor(outer).end();
        outer.end();
      },
    ],
    [
      'though more end together than are looked at as a whole, and the poorer one is the last of these',
      2_000,
      ({ rich, poor, other }) => {
        for (let count = 0; count < 1_023; count++) other();
        const outer = rich();
        poor().end();
        outer.end();
      },
    ],
    [
      'though the poorer one ended first, in a trace of its own',
      512,
      ({ rich, poor }) => {
        const outer = rich();
        poor().end();
        outer.end();
      },
    ],
  ])('%s', async (_name, maxExportBatchSize, run) => {
    const posthog = await loopbackOfTest();
    const processor = new PostHogLLMSpanProcessor({
      ...{ apiKey: 'phc_test_key', endpoint: posthog.url, logger: createRecordingLogger() },
      ...{ maxExportBatchSize, scheduledDelayMs: 600_000 },
    });
    const app = application(processor);
    run(app);
    await app.provider.shutdown();
    const counted = posthog.events
      .map(({ properties }) => properties as Readonly<Record<string, unknown>>)
      .filter(({ $ai_input_tokens: tokens }) => tokens === 14);
    expect(counted).toMatchObject([{ $ai_output_choices: [{ content: 'Paris.' }] }]);
  });
});

describe('the queue', () => {
  afterEach(() => vi.useRealTimers());

  /** A queue whose exports end when they are told to. */
  function queueOfTest(maxExportBatchSize: number) {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const exports: string[][] = [];
    const ends: (() => void)[] = [];
    const settings = {
      ...{ scheduledDelayMs: 1_000, maxExportBatchSize, exportTimeoutMs: 600_000, flushOnTraceEnd: false },
      ...{ maxQueueSize: 10_000, maxQueueBytes: 10_000_000, acceptBaggage: [] },
    };
    const queue = createExportQueue(settings, {
      send(entries, done) {
        exports.push(entries.map(({ span }) => (span as ReadableSpan).name));
        ends.push(done);
      },
      onDrop() {},
    });
    const open = createOpenSpans();
    const app = application({
      onStart: (span) => {
        const ids = readSdkSpan(span);
        if (ids) open.start(span, ids);
      },
      onEnd: (span) => queue.add(span, open.end(span.spanContext())),
      forceFlush: async () => {},
      shutdown: async () => {},
    });
    return { ...app, queue, exports, ends };
  }
  const passDelay = () => vi.advanceTimersByTime(1_000);

  it('keeps a span for the open one of the same call around it until that ends', () => {
    const { rich, poor, other, exports } = queueOfTest(512);
    const outer = rich();
    poor(outer).end();
    other();
    passDelay();
    expect(exports).toEqual([['instrumentation']]);
    outer.end();
    passDelay();
    expect(exports[1]).toEqual(['native', 'instrumentation']);
  });

  it('keeps it for one delay more at most, and not when all is to go', () => {
    const waiting = queueOfTest(512);
    const outer = waiting.rich();
    waiting.poor(outer).end();
    passDelay();
    expect(waiting.exports).toEqual([]);
    passDelay();
    expect(waiting.exports).toEqual([['native']]);
    waiting.poor(outer).end();
    waiting.queue.flush();
    expect(waiting.exports).toEqual([['native'], ['native']]);
    waiting.poor(outer).end();
    waiting.queue.handOver();
    expect(waiting.exports).toHaveLength(3);
  });

  it('keeps the half of a batch at most', () => {
    const { rich, poor, exports } = queueOfTest(8);
    const outer = rich();
    for (let count = 0; count < 8; count++) poor(outer).end();
    expect(exports).toEqual([Array(8).fill('native')]);
  });

  it('keeps no span below an agent, a span of its own instrumentation or one that has ended', () => {
    const { provider, poor, exports } = queueOfTest(512);
    const tracer = provider.getTracer('agents');
    const agent = tracer.startSpan('agent', {
      attributes: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.request.model': 'gpt-4o-mini' },
    });
    poor(agent).end();
    poor(poor()).end();
    passDelay();
    expect(exports).toEqual([['native', 'native']]);
  });

  it('does not cut between two records of one call', async () => {
    const { rich, poor, other, queue, exports, ends } = queueOfTest(4);
    // As many exports as there may be at once, so that more than a batch waits.
    for (let count = 0; count < 4 * MAX_CONCURRENT_EXPORTS; count++) other();
    expect(exports).toHaveLength(MAX_CONCURRENT_EXPORTS);
    for (let count = 0; count < 3; count++) other();
    const call = rich();
    poor().end();
    call.end();
    queue.flush();
    for (let count = 0; count < 2; count++) {
      ends.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(exports.slice(MAX_CONCURRENT_EXPORTS)).toEqual([
      Array(3).fill('instrumentation'),
      ['native', 'instrumentation'],
    ]);
  });
});
