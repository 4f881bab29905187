import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { PostHogLLMSpanExporter } from '../../../src/sdk/exporter/exporter.ts';
import { exportSpans } from '../../support/export-spans.ts';
import { loopbackOfTest } from '../../support/loopback-of-test.ts';
import type { LoopbackOptions } from '../../support/loopback-posthog.ts';
import { chatAttributes, createSpanMaker } from '../../support/real-spans.ts';
import { createRecordingLogger } from '../../support/recording-logger.ts';
import { until } from '../../support/until.ts';

async function start(options: LoopbackOptions = {}, exporterOptions: object = {}) {
  const posthog = await loopbackOfTest(options);
  const logger = createRecordingLogger();
  const exporter = new PostHogLLMSpanExporter({
    apiKey: 'phc_test_key_of_the_exporter',
    endpoint: posthog.url,
    maxRetries: 1,
    logger,
    ...exporterOptions,
  });
  return { posthog, exporter, logger };
}

const maker = createSpanMaker();
const chat = () => maker.make('chat gpt-4o-mini', chatAttributes());
const foreign = () => maker.make('GET /', { 'http.request.method': 'GET' });

describe('export', () => {
  it('delivers all of an export that is too large to be looked at as a whole', async () => {
    const { posthog, exporter } = await start();
    const spans = Array.from({ length: 2_500 }, (_, index) => (index % 5 === 0 ? foreign() : chat()));
    expect(await exportSpans(exporter, spans)).toEqual({ code: 0 });
    expect(new Set(posthog.events.map(({ uuid }) => uuid)).size).toBe(2_000);
    expect(exporter.stats()).toMatchObject({ seen: 2_500, delivered: 2_000, filtered: 500, inFlight: 0 });
  });

  it('delivers the event of a real span', async () => {
    const { posthog, exporter } = await start();
    const span = chat();
    expect(await exportSpans(exporter, [span, foreign()])).toEqual({ code: 0 });
    const [event] = posthog.events;
    expect(posthog.events).toHaveLength(1);
    expect(event).toMatchObject({
      event: '$ai_generation',
      properties: {
        $ai_model: 'gpt-4o-mini-2024-07-18',
        $ai_provider: 'openai',
        $ai_input: [{ role: 'user', content: 'What is the capital of France?' }],
        $ai_output_choices: [{ role: 'assistant', content: 'Paris.', finish_reason: 'stop' }],
        $ai_input_tokens: 14,
        $ai_output_tokens: 3,
        $ai_trace_id: span.spanContext().traceId,
        $lib: 'posthog-llm-exporter',
        $geoip_disable: true,
      },
    });
    expect(posthog.requests[0]).toMatchObject({ path: '/i/v0/ai/batch/', method: 'POST' });
    expect(posthog.requests[0]?.json).not.toHaveProperty('sent_at');
  });

  it('sends nothing when there is nothing to do with AI', async () => {
    const { posthog, exporter } = await start();
    expect(await exportSpans(exporter, [foreign(), foreign()])).toEqual({ code: 0 });
    expect(await exportSpans(exporter, [])).toEqual({ code: 0 });
    expect(posthog.requests).toHaveLength(0);
  });

  it('works in a BatchSpanProcessor of the real SDK', async () => {
    const { posthog, exporter } = await start();
    const provider = new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
    const tracer = provider.getTracer('app');
    for (let index = 0; index < 700; index++)
      tracer.startSpan('chat', { attributes: chatAttributes() }).end();
    await provider.forceFlush();
    await provider.shutdown();
    expect(posthog.events).toHaveLength(700);
    expect(new Set(posthog.events.map(({ uuid }) => uuid)).size).toBe(700);
  });

  it('tells the truth when PostHog refuses, without the key or the prompt', async () => {
    const { exporter, logger } = await start({ captureKeyCheck: 'enforce', knownKeys: ['phc_other'] });
    const { code, error } = await exportSpans(exporter, [chat(), chat()]);
    expect(code).toBe(1);
    expect(error).toMatchObject({ code: 'POSTHOG_LLM_EXPORT_FAILED', droppedByReason: { unauthorized: 2 } });
    const said = [error?.message, error?.stack, ...logger.lines].join('\n');
    expect(said).toContain('2 events were not delivered');
    expect(said).not.toContain('phc_test_key');
    expect(said).not.toContain('France');
  });

  it('cuts an event that is too large for this PostHog, and delivers all', async () => {
    const { posthog, exporter } = await start({ aiMaxEventBytes: 4_000 });
    const big = maker.make('chat', chatAttributes('p'.repeat(10_000)));
    expect(await exportSpans(exporter, [chat(), big, chat()])).toEqual({ code: 0 });
    expect(posthog.events).toHaveLength(3);
    const cut = posthog.events.find(
      ({ properties }) => isRecord(properties) && properties.$ai_trimmed !== undefined,
    );
    expect(cut).toMatchObject({ properties: { $ai_input_tokens: 14, $ai_model: 'gpt-4o-mini-2024-07-18' } });
  });

  it('does not let a throwing callback or logger out', async () => {
    const { exporter } = await start(
      {},
      {
        logger: { error: fail, warn: fail, info: fail, debug: fail },
      },
    );
    exporter.export([chat()], () => fail());
    await exporter.forceFlush();
  });

  it('takes no span for an exception', async () => {
    const { posthog, exporter } = await start();
    const spans = [undefined, null, 7, {}, { spanContext: fail }, chat()];
    const { code, error } = await exportSpans(exporter, spans);
    expect(code).toBe(1);
    expect(error).toMatchObject({ droppedByReason: { unreadable: 5 } });
    expect(posthog.events).toHaveLength(1);
    for (const none of [undefined, null, 'spans']) {
      expect(await exportSpans(exporter, none as never)).toEqual({ code: 0 });
    }
  });

  it('sends the same bytes of an event each time', async () => {
    const { posthog, exporter } = await start();
    const span = chat();
    await exportSpans(exporter, [span]);
    await exportSpans(exporter, [span]);
    expect(JSON.stringify(posthog.events[0])).toBe(JSON.stringify(posthog.events[1]));
  });

  it('never writes to a span', async () => {
    const { exporter } = await start({}, { privacyMode: true });
    const span = maker.make('chat', { ...chatAttributes(), trace: '{"a":{"b":1}}' }, (each) => {
      each.addEvent('exception', { 'exception.message': 'x' });
    });
    deepFreeze(span.attributes);
    deepFreeze(span.events);
    const before = JSON.stringify([span.attributes, span.events, span.status, span.name, span.startTime]);
    expect((await exportSpans(exporter, [span])).code).toBe(0);
    expect(JSON.stringify([span.attributes, span.events, span.status, span.name, span.startTime])).toBe(
      before,
    );
  });

  it('leaves the distinct id to a function of the call, and survives one that throws', async () => {
    const ids = ['from-function', fail];
    const { posthog, exporter } = await start(
      {},
      {
        distinctId: () => {
          const next = ids.shift();
          return typeof next === 'function' ? next() : next;
        },
      },
    );
    await exportSpans(exporter, [chat(), chat()]);
    expect(posthog.events.map(({ distinct_id }) => distinct_id)).toEqual([
      'from-function',
      expect.stringMatching(/^anon_/),
    ]);
  });

  it('sends attributes that the user lists', async () => {
    const { posthog, exporter } = await start({}, { includeAttributes: ['app.tenant', 'shop.*'] });
    await exportSpans(exporter, [
      maker.make('chat', { ...chatAttributes(), 'app.tenant': 't1', 'app.other': 'x', 'shop.id': 4 }),
    ]);
    expect(posthog.events[0]).toMatchObject({ properties: { 'app.tenant': 't1', 'shop.id': 4 } });
    expect(JSON.stringify(posthog.events)).not.toContain('app.other');
  });
});

describe('privacy mode', () => {
  it.each([
    ['as an option', { privacyMode: true }, {}],
    ['as a function', { privacyMode: () => true }, {}],
    ['as a function that throws', { privacyMode: fail }, {}],
    ['as a span attribute', {}, { 'posthog.privacy_mode': true }],
    ['as a trace attribute', {}, { 'trace.privacy_mode': 'true' }],
  ])('%s', async (_form, options, attributes) => {
    const { posthog, exporter } = await start({}, options);
    await exportSpans(exporter, [
      maker.make('chat', {
        ...chatAttributes('SECRET-IN', 'SECRET-OUT'),
        ...attributes,
        'trace.feature': 'f',
      }),
    ]);
    expect(JSON.stringify(posthog.events)).not.toContain('SECRET');
    expect(posthog.events[0]).toMatchObject({
      properties: { $ai_model: 'gpt-4o-mini-2024-07-18', $ai_input_tokens: 14, metadata_feature: 'f' },
    });
  });
});

describe('lifecycle', () => {
  it('fails exports after shutdown', async () => {
    const { posthog, exporter } = await start();
    await exporter.shutdown();
    await exporter.shutdown();
    const { code, error } = await exportSpans(exporter, [chat()]);
    expect(code).toBe(1);
    expect(error).toMatchObject({ droppedByReason: { shutdown: 1 } });
    expect(posthog.requests).toHaveLength(0);
  });

  it('finishes requests under way on shutdown', async () => {
    const { posthog, exporter } = await start();
    const outcome = exportSpans(exporter, [chat()]);
    await exporter.shutdown();
    expect((await outcome).code).toBe(0);
    expect(posthog.events).toHaveLength(1);
  });

  it('gives requests up on shutdown while there is time for the process to end', async () => {
    const { posthog, exporter } = await start({ respond: () => ({ do: 'stall' }) });
    const exported = exportSpans(exporter, [chat()]);
    await until(() => posthog.requests.length > 0);
    const late = new Promise((resolve) => setTimeout(resolve, 8_000, 'late'));
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const ended = exporter.shutdown().then(() => 'ended');
    await vi.advanceTimersByTimeAsync(4_000);
    // Of the five seconds one is left, which does not go by.
    expect(await Promise.race([ended, late])).toBe('ended');
    expect(await exported).toMatchObject({ code: 1 });
    expect(exporter.stats()).toMatchObject({ droppedByReason: { aborted: 1 }, inFlight: 0 });
  });

  it('ends the wait before a retry on shutdown', async () => {
    const { exporter } = await start({
      respond: () => ({ do: 'answer', status: 503, headers: { 'retry-after': '20' } }),
    });
    const outcome = exportSpans(exporter, [chat()]);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const startedMs = performance.now();
    await exporter.shutdown();
    expect(performance.now() - startedMs).toBeLessThan(15_000);
    expect((await outcome).code).toBe(1);
  });

  it('does nothing when disabled, and needs no key', async () => {
    const exporter = new PostHogLLMSpanExporter({ enabled: false });
    expect(await exportSpans(exporter, [chat()])).toEqual({ code: 0 });
  });

  it('reports all configuration problems at once', () => {
    expect(
      () => new PostHogLLMSpanExporter({ apiKey: 'phx_personal', endpoint: 'nonsense', timeoutMs: -1 }),
    ).toThrow(
      expect.objectContaining({
        code: 'POSTHOG_LLM_INVALID_CONFIG',
        problems: expect.objectContaining({ length: 3 }),
      }),
    );
  });
});

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function fail(): never {
  throw new Error('must not get out');
}

function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const held of Object.values(value)) deepFreeze(held);
}
