import { context, propagation, ROOT_CONTEXT, SpanKind, TraceFlags, trace } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SamplingDecision,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { afterEach, describe, expect, it } from 'vitest';
import { isPostHogLLMConfigError } from '../../../src/config/config-error.ts';
import { PostHogLLMSpanExporter } from '../../../src/sdk/exporter/exporter.ts';
import { createOpenSpans } from '../../../src/sdk/processor/open-spans.ts';
import {
  PostHogLLMSpanProcessor,
  type PostHogLLMSpanProcessorOptions,
} from '../../../src/sdk/processor/span-processor.ts';
import { setTrace, withTrace } from '../../../src/sdk/scope/with-trace.ts';
import type { PostHogEvent } from '../../../src/translate/posthog-event.ts';
import { scopeOf } from '../../../src/translate/span/trace-scope.ts';
import { registerContextManager } from '../../support/als-context-manager.ts';
import {
  type LoopbackOptions,
  type LoopbackPostHog,
  startLoopbackPostHog,
} from '../../support/loopback-posthog.ts';
import { chatAttributes } from '../../support/real-spans.ts';
import { createRecordingLogger } from '../../support/recording-logger.ts';
import { span } from '../../support/spans.ts';
import { until } from '../../support/until.ts';

registerContextManager();

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(options: PostHogLLMSpanProcessorOptions = {}, loopback: LoopbackOptions = {}) {
  const posthog = await startLoopbackPostHog(loopback);
  const logger = createRecordingLogger();
  const processor = new PostHogLLMSpanProcessor({
    apiKey: 'phc_test_key',
    endpoint: posthog.url,
    logger,
    ...options,
  } as PostHogLLMSpanProcessorOptions);
  const provider = new BasicTracerProvider({ spanProcessors: [processor] });
  cleanups.push(
    () => posthog.close(),
    () => provider.shutdown(),
  );
  const tracer = provider.getTracer('test-instrumentation');
  return { posthog, processor, provider, tracer, logger, events: () => eventsOf(posthog) };
}

const eventsOf = (posthog: LoopbackPostHog) => posthog.events as unknown as readonly PostHogEvent[];
const chat = { kind: SpanKind.CLIENT, attributes: chatAttributes() };
const agent = { attributes: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'planner' } };

describe('batching', () => {
  it('delivers 10,000 spans of one burst, none dropped', async () => {
    // None of its own bounds of time may end it on a busy machine.
    const ample = { timeoutMs: 250_000, deadlineMs: 250_000, exportTimeoutMs: 250_000 };
    const { tracer, processor, events } = await start(ample);
    for (let i = 0; i < 10_000; i++) {
      tracer.startSpan(`chat ${i}`, chat).end();
      tracer.startSpan('GET /', { attributes: { 'http.request.method': 'GET' } }).end();
    }
    await processor.forceFlush();
    expect(processor.droppedSpans).toBe(0);
    expect(new Set(events().map(({ uuid }) => uuid)).size).toBe(10_000);
  });

  it('sends a full batch at once, a part of one after the delay', async () => {
    const { tracer, posthog } = await start({ maxExportBatchSize: 10, scheduledDelayMs: 200_000 });
    for (let i = 0; i < 10; i++) tracer.startSpan('chat', chat).end();
    await until(() => posthog.events.length === 10);
    tracer.startSpan('chat', chat).end();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(posthog.events).toHaveLength(10);

    const quick = await start({ scheduledDelayMs: 20 });
    quick.tracer.startSpan('chat', chat).end();
    await until(() => quick.posthog.events.length === 1);
  });

  it('sends at once what is large, whatever its number', async () => {
    const { tracer, posthog } = await start({ scheduledDelayMs: 200_000 });
    const attributes = chatAttributes('x'.repeat(2_000_000));
    for (let i = 0; i < 3; i++) tracer.startSpan('chat', { attributes }).end();
    await until(() => posthog.events.length >= 2);
  });

  it.each<[string, PostHogLLMSpanProcessorOptions, number]>([
    ['count', { maxQueueSize: 5 }, 5],
    ['bytes', { maxQueueBytes: 10_000 }, 8],
  ])('drops what is above its bound of %s, and says so', async (_name, options, kept) => {
    const { tracer, processor, events, logger } = await start({ scheduledDelayMs: 60_000, ...options });
    for (let i = 0; i < 20; i++) tracer.startSpan('chat', chat).end();
    expect(processor.droppedSpans).toBe(20 - kept);
    await processor.forceFlush();
    expect(events()).toHaveLength(kept);
    expect(logger.lines.filter((line) => line.includes('overloaded'))).toHaveLength(1);
    expect(processor.exporter.stats()).toMatchObject({ seen: 20, delivered: kept, dropped: 20 - kept });
    for (let i = 0; i < kept; i++) tracer.startSpan('chat', chat).end();
    await processor.forceFlush();
    expect(events()).toHaveLength(2 * kept);
  });

  it('flushes when the root of a trace ends, if asked', async () => {
    const { tracer, posthog } = await start({ scheduledDelayMs: 200_000, flushOnTraceEnd: true });
    const root = tracer.startSpan('GET /');
    tracer.startSpan('chat', chat, trace.setSpan(ROOT_CONTEXT, root)).end();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(posthog.requests).toHaveLength(0);
    root.end();
    await until(() => posthog.events.length === 1);
  });

  it('takes no room for spans that have nothing to do with AI or are not sampled', async () => {
    const { processor, posthog } = await start({ maxQueueSize: 1, scheduledDelayMs: 60_000 });
    const unsampled = new BasicTracerProvider({
      sampler: {
        shouldSample: () => ({ decision: SamplingDecision.RECORD }),
        toString: () => 'record only',
      },
      spanProcessors: [processor],
    });
    unsampled.getTracer('t').startSpan('chat', chat).end();
    const sampled = new BasicTracerProvider({ spanProcessors: [processor] }).getTracer('t');
    for (let i = 0; i < 50; i++) sampled.startSpan('SELECT', { attributes: { 'db.system.name': 'x' } }).end();
    sampled.startSpan('chat', chat).end();
    await processor.forceFlush();
    expect(processor.droppedSpans).toBe(0);
    expect(posthog.events).toHaveLength(1);
    expect(processor.exporter.stats()).toMatchObject({ seen: 51, filtered: 50, delivered: 1 });
  });

  it('delivers what waits on shutdown, and takes nothing after it', async () => {
    const { tracer, processor, events } = await start({ scheduledDelayMs: 60_000 });
    tracer.startSpan('chat', chat).end();
    await Promise.all([processor.shutdown(), processor.shutdown()]);
    tracer.startSpan('chat', chat).end();
    await processor.forceFlush();
    expect(events()).toHaveLength(1);
  });

  it('gives up waiting for an export that does not answer', async () => {
    const exporter = new PostHogLLMSpanExporter({ apiKey: 'phc_x', endpoint: 'http://127.0.0.1:9' });
    exporter.export = () => {};
    const processor = new PostHogLLMSpanProcessor({ exporter, exportTimeoutMs: 30 });
    const tracer = new BasicTracerProvider({ spanProcessors: [processor] }).getTracer('t');
    tracer.startSpan('chat', chat).end();
    const keepAlive = setInterval(() => {}, 1_000);
    await processor.forceFlush();
    clearInterval(keepAlive);
  });
});

describe('parents', () => {
  it('are the nearest that are sent, though they end later', async () => {
    const { tracer, processor, events } = await start();
    const below = (parent: ReturnType<typeof tracer.startSpan>) => trace.setSpan(ROOT_CONTEXT, parent);
    const request = tracer.startSpan('GET /');
    const planner = tracer.startSpan('invoke_agent planner', agent, below(request));
    const step = tracer.startSpan('step', {}, below(planner));
    tracer.startSpan('chat', chat, below(step)).end();
    await processor.forceFlush();
    step.end();
    planner.end();
    const late = tracer.startSpan('chat late', chat, below(step));
    await processor.forceFlush();
    request.end();
    late.end();
    await processor.forceFlush();
    const plannerId = planner.spanContext().spanId;
    const parents = events().map(({ properties: p }) => [p['$ai_span_name'], p['$ai_parent_id']]);
    expect(parents).toEqual([
      ['chat', plannerId],
      ['planner', request.spanContext().traceId],
      ['chat late', plannerId],
    ]);
  });

  it('hang below the trace when every span above has nothing to do with AI', async () => {
    const { tracer, processor, events } = await start();
    const remote = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 };
    const incoming = trace.setSpanContext(ROOT_CONTEXT, { ...remote, isRemote: true });
    const request = tracer.startSpan('GET /', {}, incoming);
    tracer.startSpan('chat', chat, trace.setSpan(ROOT_CONTEXT, request)).end();
    await processor.forceFlush();
    request.end();
    expect(events()[0]?.properties).toMatchObject({
      $ai_trace_id: remote.traceId,
      $ai_parent_id: remote.traceId,
    });
  });

  it('count a call once when its wrapper ends in a later batch', async () => {
    const { tracer, processor, events } = await start();
    const outer = tracer.startSpan('chat outer', chat);
    const middle = tracer.startSpan('retry', {}, trace.setSpan(ROOT_CONTEXT, outer));
    tracer.startSpan('chat inner', chat, trace.setSpan(ROOT_CONTEXT, middle)).end();
    await processor.forceFlush();
    middle.end();
    outer.end();
    await processor.forceFlush();
    expect(events().map(({ event }) => event)).toEqual(['$ai_generation', '$ai_trace']);
  });
});

describe('open spans', () => {
  it('of two traces may have the same id', () => {
    const open = createOpenSpans();
    const first = open.start({}, span({ traceId: 't1', spanId: '1' }));
    open.start({}, span({ traceId: 't2', spanId: '1' }));
    expect(open.start({}, span({ traceId: 't1', spanId: '2', parentSpanId: '1' })).parent).toBe(first);
    expect(open.end({ traceId: 't1', spanId: '1' })).toBe(first);
    expect(open.size).toBe(2);
  });

  it('are bounded in number and in depth', () => {
    const open = createOpenSpans(100);
    let last = open.start({}, span({ spanId: '0' }));
    for (let i = 1; i < 3_000; i++) {
      open.end({ traceId: last.traceId, spanId: String(i - 2) });
      last = open.start({}, span({ spanId: String(i), parentSpanId: String(i - 1) }));
    }
    let chain = 0;
    for (let ancestor = last.parent; ancestor; ancestor = ancestor.parent) chain++;
    expect(chain).toBeLessThanOrEqual(1_000);
    for (let i = 0; i < 1_000; i++) open.start({}, span({ spanId: `x${i}` }));
    expect(open.size).toBe(100);
  });
});

describe('baggage', () => {
  const names = ['user', 'metadata.tenant', 'privacyMode', 'traceName'] as const;
  const entries = (ctx = context.active()) =>
    Object.fromEntries(
      (propagation.getBaggage(ctx)?.getAllEntries() ?? []).map(([name, { value }]) => [name, value]),
    );

  it('carries what is asked for, and no more than its bound', () => {
    const scope = { user: 'ü', sessionId: 's', metadata: { tenant: 7, deep: {} } };
    withTrace(scope, () => expect(entries()).toEqual({}));
    withTrace(
      scope,
      () => expect(entries()).toEqual({ 'posthog.llm.user': 'ü', 'posthog.llm.metadata.tenant': '7' }),
      {
        propagate: ['user', 'metadata.tenant', 'metadata.deep', 'traceName'],
      },
    );
    withTrace(
      { user: 'u', traceName: '語'.repeat(300) },
      () => expect(entries()).toEqual({ 'posthog.llm.user': 'u' }),
      {
        propagate: ['user', 'traceName'],
      },
    );
  });

  it('is taken over only as far as allowed, and gives way to what is said here', async () => {
    const { tracer } = await start({ acceptBaggage: names });
    const closed = await start();
    const scope = { user: 'far', sessionId: 's', metadata: { tenant: 'acme' }, privacyMode: true };
    withTrace(
      scope,
      () => {
        const incoming = propagation.setBaggage(
          ROOT_CONTEXT,
          propagation.getBaggage(context.active()) as never,
        );
        const taken = { user: 'far', metadata: { tenant: 'acme' }, privacyMode: true };
        const request = tracer.startSpan('GET /', {}, incoming);
        expect(scopeOf(request)).toEqual(taken);
        expect(scopeOf(closed.tracer.startSpan('GET /', {}, incoming))).toBeUndefined();
        context.with(trace.setSpan(incoming, request), () => {
          setTrace({ user: 'near' });
          expect(scopeOf(tracer.startSpan('chat'))).toEqual({ ...taken, user: 'near' });
        });
      },
      { propagate: ['user', 'sessionId', 'metadata.tenant', 'privacyMode'] },
    );
  });
});

describe('beside other processors', () => {
  it('each sees every span unmodified, whatever the order', async () => {
    const posthog = await startLoopbackPostHog();
    cleanups.push(() => posthog.close());
    const seen: Record<string, string[]> = {};
    const plain = new InMemorySpanExporter();
    /** As Sentry and Langfuse do: looks at spans when they start and end, and keeps what it saw. */
    const observer = (name: string) => ({
      onStart: (started: object) => note(`${name} start`, started),
      onEnd: (ended: object) => note(`${name} end`, ended),
      forceFlush: async () => {},
      shutdown: async () => {},
    });
    const note = (name: string, noted: object) => {
      const { attributes, events, links, status, name: spanName } = noted as ReadableSpan;
      seen[name] ??= [];
      seen[name].push(JSON.stringify({ attributes, events, links, status, spanName }));
    };
    const provider = new BasicTracerProvider({
      spanProcessors: [
        observer('before'),
        new PostHogLLMSpanProcessor({ apiKey: 'phc_test_key', endpoint: posthog.url, privacyMode: true }),
        observer('after'),
        new SimpleSpanProcessor(plain),
      ],
    });
    const make = (tracer = provider.getTracer('t')) =>
      withTrace({ user: 'u', metadata: { a: 1 } }, () => tracer.startSpan('chat', chat).end());
    make();
    await provider.forceFlush();
    const [finished] = plain.getFinishedSpans();
    note('exported', finished as object);
    await provider.shutdown();
    expect(eventsOf(posthog)[0]).toMatchObject({ distinct_id: 'u', properties: { metadata_a: 1 } });
    expect(JSON.stringify(posthog.events)).not.toContain('capital of France');
    expect(new Set(Object.values(seen).flat()).size).toBe(1);
    expect(finished?.attributes).toEqual(chatAttributes());
    expect(finished?.spanContext().traceFlags).toBe(TraceFlags.SAMPLED);
  });
});

describe('configuration', () => {
  it('joins its own problems with those of the exporter', () => {
    try {
      new PostHogLLMSpanProcessor({
        apiKey: 'phx_personal',
        maxQueueSize: 0,
        flushOnTraceEnd: 'yes' as never,
      });
      expect.unreachable();
    } catch (error) {
      if (!isPostHogLLMConfigError(error)) throw error;
      expect(error.problems.map(({ option }) => option)).toEqual([
        'maxQueueSize',
        'flushOnTraceEnd',
        'apiKey',
      ]);
    }
  });

  it('follows OTEL_BSP_*, and warns of values it cannot use', async () => {
    process.env['OTEL_BSP_MAX_QUEUE_SIZE'] = '3';
    process.env['OTEL_BSP_SCHEDULE_DELAY'] = 'soon';
    cleanups.push(async () => {
      delete process.env['OTEL_BSP_MAX_QUEUE_SIZE'];
      delete process.env['OTEL_BSP_SCHEDULE_DELAY'];
    });
    const { tracer, processor, logger } = await start();
    for (let i = 0; i < 5; i++) tracer.startSpan('chat', chat).end();
    expect(processor.droppedSpans).toBe(2);
    expect(logger.lines.join()).toContain('OTEL_BSP_SCHEDULE_DELAY');
  });
});
