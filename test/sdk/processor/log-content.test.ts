import { context, trace } from '@opentelemetry/api';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { describe, expect, it } from 'vitest';
import {
  createLogContentStore,
  type LogContentStore,
} from '../../../src/pipeline/log-content/log-content-store.ts';
import { PostHogLLMSpanExporter } from '../../../src/sdk/exporter/exporter.ts';
import { PostHogLLMLogRecordProcessor } from '../../../src/sdk/logs/log-record-processor.ts';
import { PostHogLLMSpanProcessor } from '../../../src/sdk/processor/span-processor.ts';
import type { LogRecordView } from '../../../src/translate/span/read-log-record.ts';
import type { SpanView } from '../../../src/translate/span/span-view.ts';
import { exportSpans } from '../../support/export-spans.ts';
import { loopbackOfTest } from '../../support/loopback-of-test.ts';
import { createSpanMaker } from '../../support/real-spans.ts';
import { span } from '../../support/spans.ts';

async function start(options: object = {}) {
  const posthog = await loopbackOfTest();
  const exporter = new PostHogLLMSpanExporter({ apiKey: 'phc_logs', endpoint: posthog.url, ...options });
  const logs = new LoggerProvider({ processors: [new PostHogLLMLogRecordProcessor(exporter)] });
  return { posthog, exporter, logger: logs.getLogger('@opentelemetry/instrumentation-openai') };
}

const maker = createSpanMaker('@opentelemetry/instrumentation-openai');
const CHAT = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.system': 'openai',
  'gen_ai.request.model': 'gpt-4o-mini',
};

type Logger = Awaited<ReturnType<typeof start>>['logger'];
type RealSpan = ReturnType<typeof maker.make>;

/** The two records that the official instrumentation writes for a chat, with or without a name of their own. */
function emitChat(
  logger: Logger,
  of: { spanContext: RealSpan['spanContext'] },
  named: 'event.name' | 'eventName' = 'event.name',
) {
  const within = trace.setSpanContext(context.active(), of.spanContext());
  const emit = (name: string, body: object) =>
    logger.emit({
      context: within,
      body: body as Record<string, string>,
      ...(named === 'eventName' ? { eventName: name } : { attributes: { 'event.name': name } }),
    });
  emit('gen_ai.user.message', { content: 'What is the capital of France?' });
  emit('gen_ai.choice', { index: 0, finish_reason: 'stop', message: { content: 'Paris.' } });
}

const EXPECTED = {
  $ai_input: [{ role: 'user', content: 'What is the capital of France?' }],
  $ai_output_choices: [{ role: 'assistant', content: 'Paris.', finish_reason: 'stop' }],
  $ai_stop_reason: 'stop',
};

describe('content in log records', () => {
  it('reaches a processor, an exporter, or several', async () => {
    const [us, eu] = [await loopbackOfTest(), await loopbackOfTest()];
    const exporter = new PostHogLLMSpanExporter({ apiKey: 'phc_us', endpoint: us.url });
    const processor = new PostHogLLMSpanProcessor({ apiKey: 'phc_eu', endpoint: eu.url });
    const logs = new LoggerProvider({ processors: [new PostHogLLMLogRecordProcessor(exporter, processor)] });
    const logger = logs.getLogger('@opentelemetry/instrumentation-openai');
    const chat = maker.make('chat gpt-4o-mini', CHAT, (open) => emitChat(logger, open));
    await exportSpans(exporter, [chat]);
    processor.onEnd(chat);
    await processor.forceFlush();
    for (const { events } of [us, eu]) expect(events).toMatchObject([{ properties: EXPECTED }]);
  });

  it('refuses what is neither', () => {
    const other = { export: () => {} } as never;
    for (const wrong of [other, undefined as never, { exporter: other } as never])
      expect(() => new PostHogLLMLogRecordProcessor(wrong)).toThrow(/PostHogLLMSpanProcessor or/);
  });

  it.each(['event.name', 'eventName'] as const)('joins its span (name in %s)', async (named) => {
    const { posthog, exporter, logger } = await start();
    const chat = maker.make('chat gpt-4o-mini', CHAT, (open) => emitChat(logger, open, named));
    expect((await exportSpans(exporter, [chat])).code).toBe(0);
    expect(posthog.events[0]).toMatchObject({ properties: EXPECTED });
  });

  it('joins a span that was exported before the records came', async () => {
    const { posthog, exporter, logger } = await start();
    emitChat(logger, maker.make('another', CHAT));
    const chat = maker.make('chat gpt-4o-mini', CHAT);
    const outcome = exportSpans(exporter, [chat]);
    setImmediate(() => emitChat(logger, chat));
    await outcome;
    expect(posthog.events[0]).toMatchObject({ properties: EXPECTED });
  });

  it('gives the same event when the span is exported twice', async () => {
    const { posthog, exporter, logger } = await start();
    const chat = maker.make('chat gpt-4o-mini', CHAT, (open) => emitChat(logger, open));
    await exportSpans(exporter, [chat]);
    await exportSpans(exporter, [chat]);
    expect(posthog.events[0]).toEqual(posthog.events[1]);
  });

  it('joins a record to the span that names its request', async () => {
    const { posthog, exporter } = await start();
    const logs = new LoggerProvider({ processors: [new PostHogLLMLogRecordProcessor(exporter)] });
    const request = createSpanMaker('com.anthropic.claude_code.tracing').make('claude_code.llm_request', {
      'gen_ai.request.model': 'claude-sonnet-4-5',
      'gen_ai.operation.name': 'chat',
      request_id: 'req_1',
    });
    const logger = logs.getLogger('com.anthropic.claude_code.events');
    const attributes = { request_id: 'req_1', response: 'Paris.', cost_usd: 0.25 };
    logger.emit({ attributes: { ...attributes, 'event.name': 'assistant_response' } });
    logger.emit({ attributes: { ...attributes, 'event.name': 'api_request' } });
    await exportSpans(exporter, [request]);
    expect(posthog.events[0]).toMatchObject({
      properties: {
        $ai_output_choices: [{ role: 'assistant', content: 'Paris.' }],
        $ai_total_cost_usd: 0.25,
      },
    });
  });

  it('keeps the process alive while an export waits for records', async () => {
    const { exporter, logger } = await start();
    emitChat(logger, maker.make('another', CHAT));
    const exporting = exportSpans(exporter, [maker.make('chat', CHAT)]);
    expect(process.getActiveResourcesInfo()).toContain('Timeout');
    await exporting;
  });

  it('does not wait for long when no records come', async () => {
    const { posthog, exporter, logger } = await start();
    emitChat(logger, maker.make('another', CHAT));
    const startedMs = performance.now();
    await exportSpans(exporter, [maker.make('chat', CHAT)]);
    expect(performance.now() - startedMs).toBeLessThan(20_000);
    expect(posthog.events[0]).toMatchObject({ event: '$ai_generation' });
  });

  it('goes to every exporter that the processor was given', async () => {
    const first = await start();
    const second = await start();
    const logs = new LoggerProvider({
      processors: [new PostHogLLMLogRecordProcessor(first.exporter, second.exporter)],
    });
    const chat = maker.make('chat', CHAT, (open) => emitChat(logs.getLogger('x'), open));
    await Promise.all([exportSpans(first.exporter, [chat]), exportSpans(second.exporter, [chat])]);
    for (const { posthog } of [first, second])
      expect(posthog.events[0]).toMatchObject({ properties: EXPECTED });
  });

  it('is not held in privacy mode', async () => {
    const { posthog, exporter, logger } = await start({ privacyMode: true });
    const chat = maker.make('chat', CHAT, (open) => emitChat(logger, open));
    await exportSpans(exporter, [chat]);
    expect(JSON.stringify(posthog.events)).not.toContain('capital');
    expect(posthog.events[0]).toMatchObject({ properties: { $ai_model: 'gpt-4o-mini' } });
  });

  it('is held by nobody when there is no exporter', () => {
    const processor = new PostHogLLMLogRecordProcessor();
    expect(() => processor.onEmit({ eventName: 'gen_ai.choice' })).not.toThrow();
  });

  it.each([undefined, null, 7, {}, { eventName: 4 }, { eventName: 'gen_ai.choice', spanContext: {} }])(
    'takes no harm from the record %j',
    async (record) => {
      const { exporter } = await start();
      expect(() => new PostHogLLMLogRecordProcessor(exporter).onEmit(record)).not.toThrow();
    },
  );
});

describe('an evaluation result', () => {
  const evaluation = (extra: Record<string, string | number>) => ({
    'event.name': 'gen_ai.evaluation.result',
    ...extra,
  });

  it.each([
    [
      'a label',
      { 'gen_ai.evaluation.name': 'helpful', 'gen_ai.evaluation.score.label': 'yes' },
      'yes',
      'label',
    ],
    [
      'a number',
      { 'gen_ai.evaluation.name': 'helpful', 'gen_ai.evaluation.score.value': 0.5 },
      0.5,
      'number',
    ],
  ])('becomes $ai_evaluation with %s', async (_case, attributes, result, type) => {
    const { posthog, exporter, logger } = await start();
    const chat = maker.make('chat', CHAT);
    logger.emit({
      attributes: evaluation(attributes),
      context: trace.setSpanContext(context.active(), chat.spanContext()),
    });
    await exporter.forceFlush();
    expect(posthog.events[0]).toMatchObject({
      event: '$ai_evaluation',
      properties: {
        $ai_evaluation_name: 'helpful',
        $ai_evaluation_result: result,
        $ai_evaluation_result_type: type,
        $ai_trace_id: chat.spanContext().traceId,
        $ai_target_span_id: chat.spanContext().spanId,
      },
    });
  });

  it.each([
    ['no name', { 'gen_ai.evaluation.score.value': 1 }],
    ['no result', { 'gen_ai.evaluation.name': 'helpful' }],
  ])('with %s is not sent', async (_case, attributes) => {
    const { posthog, exporter, logger } = await start();
    const chat = maker.make('chat', CHAT);
    logger.emit({
      attributes: evaluation(attributes),
      context: trace.setSpanContext(context.active(), chat.spanContext()),
    });
    await exporter.forceFlush();
    expect(posthog.events).toHaveLength(0);
  });
});

describe('the store', () => {
  const record = (spanId: string, text: string): LogRecordView => ({
    traceId: 't',
    spanId,
    scopeName: 's',
    name: 'gen_ai.choice',
    timeMs: 1,
    attributes: {},
    body: text,
  });

  const has = (store: LogContentStore, spanId: string) =>
    store.join([span({ traceId: 't', spanId })])[0]?.events.length === 1;

  it('lets the oldest go when it holds too much', () => {
    const store = createLogContentStore({ maxHeldBytes: 10_000, maxAgeMs: 1_000 }, () => 0);
    for (let index = 0; index < 100; index++) store.hold(record(String(index), 'x'.repeat(1_000)));
    expect(store.heldBytes).toBeLessThanOrEqual(10_000);
    expect(has(store, '0')).toBe(false);
    expect(has(store, '99')).toBe(true);
  });

  it('lets go what is too old', () => {
    let nowMs = 0;
    const store = createLogContentStore({ maxHeldBytes: 1e9, maxAgeMs: 1_000 }, () => nowMs);
    store.hold(record('a', 'x'));
    nowMs = 5_000;
    store.hold(record('b', 'x'));
    expect([has(store, 'a'), has(store, 'b')]).toEqual([false, true]);
  });

  describe('records of the span around a call', () => {
    const task = span({ traceId: 't', spanId: 'p' });
    const child = (spanId: string) =>
      span({
        traceId: 't',
        spanId,
        parentSpanId: 'p',
        scope: 's',
        attributes: { 'gen_ai.request.model': 'm' },
      });
    const joined = (spans: readonly SpanView[]) => {
      const store = createLogContentStore({ maxHeldBytes: 1e9, maxAgeMs: 1_000 });
      store.hold(record('p', 'x'));
      return store.join(spans).map(({ events }) => events.length);
    };

    it.each([
      ['go to the only call there', [task, child('a')], [1, 1]],
      ['also when it comes alone', [child('a')], [1]],
      ['stay with it when there are two', [task, child('a'), child('b')], [1, 0, 0]],
      ['stay with it when it is a call', [{ ...child('p'), parentSpanId: undefined }, child('a')], [1, 0]],
      [
        'stay with it when the call is of another instrumentation',
        [span({ ...child('a'), scope: 'y' })],
        [0],
      ],
    ] as const)('%s', (_title, spans, counts) => {
      expect(joined(spans)).toEqual(counts);
    });
  });

  it('waits for calls alone, and not for ever for what never logs', async () => {
    const store = createLogContentStore({ maxHeldBytes: 1e9, maxAgeMs: 1_000 });
    const scope = 'opentelemetry.instrumentation.openai';
    const chat = span({
      scope,
      attributes: { 'gen_ai.request.model': 'm', 'gen_ai.operation.name': 'chat' },
    });
    const tool = { 'gen_ai.request.model': 'm', 'gen_ai.operation.name': 'execute_tool' };
    expect([chat, span({ scope, attributes: tool }), span({ scope })].map(store.awaits)).toEqual([
      true,
      false,
      false,
    ]);
    for (let wait = 0; wait < 3; wait++) await store.waitFor([chat], 1);
    expect(store.awaits(chat)).toBe(false);
    store.hold({ ...record('b', 'x'), scopeName: scope });
    expect(store.awaits(chat)).toBe(true);
  });

  it('never changes the span', () => {
    const store = createLogContentStore({ maxHeldBytes: 1e9, maxAgeMs: 1_000 });
    const plain = span({ traceId: 't', spanId: 'a' });
    store.hold(record('a', 'x'));
    expect(store.join([plain])[0]?.events).toHaveLength(1);
    expect(plain.events).toHaveLength(0);
  });
});
