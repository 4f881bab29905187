import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PostHogLLMSpanExporterOptions } from '../../src/config/options.ts';
import { PostHogLLMSpanExporter } from '../../src/sdk/exporter/exporter.ts';
import { PostHogLLMLogRecordProcessor } from '../../src/sdk/logs/log-record-processor.ts';
import { PostHogLLMSpanProcessor } from '../../src/sdk/processor/span-processor.ts';
import type { SpanView } from '../../src/translate/span/span-view.ts';
import { exportSpans } from '../support/export-spans.ts';
import { type LoopbackPostHog, startLoopbackPostHog } from '../support/loopback-posthog.ts';
import { type SpanParts, span } from '../support/spans.ts';
import { toSdkSpan } from './support/sdk-shapes.ts';

let posthog: LoopbackPostHog;
beforeAll(async () => {
  posthog = await startLoopbackPostHog();
});
afterAll(() => posthog.close());

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const ROOT = '00f067aa0ba902b7';

let made = 0;
function idOf(digits: number): string {
  made += 1;
  return made.toString(16).padStart(digits, '0');
}

const json = JSON.stringify;

function asks(text: string): Record<string, unknown> {
  return { 'gen_ai.input.messages': json([{ role: 'user', parts: [{ type: 'text', content: text }] }]) };
}

/** A span of its own trace, unless the parts say otherwise. */
function chat(attributes: Record<string, unknown>, parts: SpanParts = {}): SpanView {
  const known = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o' };
  const ids = { traceId: idOf(32), spanId: idOf(16), name: 'chat' };
  return span({ ...ids, ...parts, attributes: { ...known, ...attributes } as SpanView['attributes'] });
}

/** Everything that was sent of spans that are exported together, or one by one. */
async function sent(
  views: readonly SpanView[],
  { oneByOne = false, ...options }: PostHogLLMSpanExporterOptions & { oneByOne?: boolean } = {},
  before: (exporter: PostHogLLMSpanExporter) => void = () => {},
) {
  const first = posthog.events.length;
  const exporter = new PostHogLLMSpanExporter({
    apiKey: 'phc_test_key_of_the_leaks',
    endpoint: posthog.url,
    privacyMode: true,
    ...options,
  });
  before(exporter);
  const batches = oneByOne ? views.map((view) => [view]) : [views];
  for (const batch of batches)
    await exportSpans(
      exporter,
      batch.map((view) => toSdkSpan(view)),
    );
  await exporter.forceFlush();
  await exporter.shutdown();
  return posthog.events.slice(first).map((event) => event as { event: string; properties: Properties });
}

type Properties = Readonly<Record<string, unknown>>;

/** An agent with a generation and a tool; only the generation has the message. */
function traceNamed(name: string, message: string, order: readonly number[]): SpanView[] {
  const traceId = idOf(32);
  const named = { 'trace.trace_name': name };
  const below = { traceId, parentSpanId: ROOT };
  const spans = [
    chat({ 'gen_ai.operation.name': 'invoke_agent', ...named }, { traceId, spanId: ROOT, name: 'agent' }),
    chat({ ...asks(message), ...named }, below),
    chat({ 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'x', ...named }, below),
  ];
  return order.flatMap((index) => spans[index] ?? []);
}

describe('a trace named after its first message', () => {
  const CASES: readonly (readonly [script: string, message: string, name: string, secret: string])[] = [
    ['Chinese', '请告诉我李明同学的心理评估结果和电话', '请告诉我李明同学的心理评估结果和电话', '李明'],
    ['Japanese', '田中さんの診断書を要約してください', '田中さんの診断書を要約', '田中'],
    ['Thai', 'ช่วยสรุปผลตรวจเลือดของสมชายให้หน่อย', 'ช่วยสรุปผลตรวจเลือดของสมชาย', 'สมชาย'],
    ['Latin', 'I am Ruth Miller and I lost my job', 'I am Ruth Miller and I lost my job', 'Ruth'],
    ['Latin, cut', 'I am Ruth Miller and I lost my job', 'I am Ruth Miller and I lo', 'Ruth'],
    ['Latin, in capitals', 'I am Ruth Miller and I lost my job', 'I AM RUTH MILLER AND I LOST', 'RUTH'],
    ['Latin, with more before it', 'Phone Ruth Miller, 555-0142', 'Re: phone  ruth miller, 555-0142', 'ruth'],
    ['Cyrillic', 'Меня зовут Иван Петров', 'меня зовут иван петров', 'иван'],
    ['full width', 'ＡＢＣ Ｍｉｌｌｅｒ Ｒｕｔｈ １２３', 'abc miller ruth 123', 'miller'],
  ];

  it.each(CASES)('%s', async (_script, message, name, secret) => {
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
    ]) {
      for (const oneByOne of [false, true]) {
        const events = await sent(traceNamed(name, message, order), { oneByOne });
        expect(json(events)).not.toContain(secret);
        expect(events.length).toBeGreaterThanOrEqual(3);
      }
    }
  });

  it('is withheld from all events when one of its spans asks', async () => {
    const views = traceNamed(
      'I am Ruth Miller and I lost my job',
      'I am Ruth Miller and I lost my job',
      [1, 2, 0],
    );
    const [asking, ...others] = views;
    const attributes = { ...asking?.attributes, 'posthog.privacy_mode': true };
    const marked = [{ ...(asking as SpanView), attributes }, ...others];
    expect(json(await sent(marked, { privacyMode: false }))).not.toContain('Ruth');
    expect(json(await sent(views, { privacyMode: false }))).toContain('Ruth');
  });

  it.each(['Support chat', 'checkout assistant flow', 'nightly-report', '客服'])(
    'keeps a name: %s',
    async (name) => {
      const events = await sent(traceNamed(name, 'Where is my parcel, please?', [1, 2, 0]), {
        oneByOne: true,
      });
      expect(events.filter(({ properties }) => properties.trace_name === name)).toHaveLength(events.length);
    },
  );
});

describe('names of spans', () => {
  it.each([
    [
      'the message with something before it',
      'Phone Ruth Miller, 555-0142',
      'chat Phone Ruth Miller, 555-0142',
    ],
    ['the message in another case', 'phone ruth miller at home', 'PHONE RUTH MILLER AT HOME'],
    ['a short message as a whole', 'Ruth Miller', 'answer ruth miller'],
    ['words of a script without spaces', '李明的电话是多少', 'chat 李明的电话'],
  ])('that hold %s', async (_what, message, name) => {
    const events = await sent([chat(asks(message), { name })]);
    expect(events[0]?.properties.$ai_span_name).toBe('generation');
  });

  it.each(['chat gpt-4o', 'POST /api/chat', 'invoke_agent Planner'])('that are names: %s', async (name) => {
    const events = await sent([chat(asks('Which chat model plans a trip?'), { name })]);
    expect(events[0]?.properties.$ai_span_name).toBe(name);
  });
});

describe('lists of tools that are no JSON', () => {
  const TOOLS = json([
    {
      type: 'function',
      function: { name: 'find', description: 'Finds the file of Ruth Miller', parameters: {} },
    },
  ]);

  it.each(['gen_ai.tool.definitions', 'ai.prompt.tools', 'llm.tools', 'gen_ai.request.tools'])(
    'cut off at any length: %s',
    async (attribute) => {
      const views = Array.from({ length: TOOLS.length }, (_, length) =>
        chat({ [attribute]: TOOLS.slice(0, length) }),
      );
      const events = await sent(views, { includeAttributes: ['gen_ai.*', 'ai.*', 'llm.*'] });
      expect(json(events)).not.toMatch(/Ruth|Finds the/);
      expect(events).toHaveLength(TOOLS.length);
    },
  );

  it('as text, in Python or in any script', async () => {
    const texts = [
      "[{'name': 'find', 'description': 'Finds Ruth'}]",
      'find: finds Ruth',
      '查找李明的档案',
      '[查找李明]',
    ];
    const events = await sent(texts.map((text) => chat({ 'gen_ai.tool.definitions': text })));
    expect(json(events)).not.toMatch(/Ruth|李明/);
  });
});

/** A log record that tells how a span was judged. */
function evaluationOf(judged: { readonly traceId: string; readonly spanId: string }) {
  return {
    eventName: 'gen_ai.evaluation.result',
    attributes: {
      'gen_ai.evaluation.name': 'polite',
      'gen_ai.evaluation.score.value': 1,
      'gen_ai.evaluation.explanation': 'Ruth Miller was rude',
    },
    hrTime: [1_700_000_000, 0],
    spanContext: { traceId: judged.traceId, spanId: judged.spanId },
  };
}

describe('an evaluation of a span that is still open', () => {
  it.each([
    ['withheld when it asks for privacy before it ends', true, 'end', false],
    ['withheld when it asks for privacy, and a flush cannot wait', true, 'flush', false],
    ['sent whole when it does not ask', false, 'end', true],
    ['sent whole by a flush when it does not ask', false, 'flush', true],
  ] as const)('is %s', async (_, isAsked, next, isShown) => {
    const before = posthog.events.length;
    const options = { apiKey: 'phc_leaks', endpoint: posthog.url, scheduledDelayMs: 10 };
    const processor = new PostHogLLMSpanProcessor(options);
    const tracer = new BasicTracerProvider({ spanProcessors: [processor] }).getTracer('test');
    const open = tracer.startSpan('chat', { attributes: { 'gen_ai.operation.name': 'chat' } });
    processor.logRecordProcessor().onEmit(evaluationOf(open.spanContext()));
    // Those that wait go with the next spans, and after a second.
    tracer.startSpan('chat', { attributes: { 'gen_ai.operation.name': 'chat' } }).end();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const early = posthog.events.slice(before);
    expect(early.map(({ event }) => event)).toEqual(['$ai_generation']);
    if (isAsked) open.setAttribute('posthog.privacy_mode', true);
    if (next === 'end') open.end();
    await processor.forceFlush();
    const events = posthog.events.slice(before);
    expect(events.filter(({ event }) => event === '$ai_evaluation')).toHaveLength(1);
    expect(json(events).includes('Ruth')).toBe(isShown);
    await processor.shutdown();
  });

  it('is withheld whichever of the processors of one exporter knows the span', async () => {
    const before = posthog.events.length;
    const exporter = new PostHogLLMSpanExporter({ apiKey: 'phc_leaks', endpoint: posthog.url });
    const processors = [1, 2].map(() => new PostHogLLMSpanProcessor({ exporter }));
    for (const processor of processors) {
      const tracer = new BasicTracerProvider({ spanProcessors: [processor] }).getTracer('test');
      const attributes = { 'gen_ai.operation.name': 'chat', 'posthog.privacy_mode': true };
      processor
        .logRecordProcessor()
        .onEmit(evaluationOf(tracer.startSpan('chat', { attributes }).spanContext()));
    }
    await exporter.forceFlush();
    const events = posthog.events.slice(before);
    expect(events.map(({ event }) => event)).toEqual(['$ai_evaluation', '$ai_evaluation']);
    expect(json(events)).not.toContain('Ruth');
    await exporter.shutdown();
  });
});

describe('a span that asks for privacy', () => {
  const evaluation = (spanId: string) => (exporter: PostHogLLMSpanExporter) =>
    new PostHogLLMLogRecordProcessor(exporter).onEmit(evaluationOf({ traceId: TRACE, spanId }));
  const spans = () => [
    chat({ 'posthog.privacy_mode': true, ...asks('x') }, { traceId: TRACE, spanId: ROOT }),
    chat(asks('y'), { traceId: TRACE, spanId: '00f067aa0ba902b8', parentSpanId: ROOT }),
  ];

  it.each([
    ['covers its evaluations', ROOT, false],
    ['does not cover those of its neighbours', '00f067aa0ba902b8', true],
  ])('%s', async (_what, spanId, isSent) => {
    const events = await sent(spans(), { privacyMode: false }, evaluation(spanId));
    expect(events.some(({ event }) => event === '$ai_evaluation')).toBe(true);
    expect(json(events).includes('Ruth')).toBe(isSent);
  });
});

it('texts of metrics and evaluations', async () => {
  const events = await sent([], {}, (exporter) => {
    exporter.captureMetric({ traceId: TRACE, name: 'comment', value: 'Ruth Miller wrote this' });
    exporter.captureMetric({ traceId: TRACE, name: 'thumbs', value: 'up' });
    exporter.captureEvaluation({ traceId: TRACE, name: 'topic', result: 'Ruth Miller, 李明' });
    exporter.captureEvaluation({ traceId: TRACE, name: 'grade', result: 'pass' });
    exporter.captureEvaluation({ traceId: TRACE, name: 'share', result: 0.5 });
  });
  expect(json(events)).not.toMatch(/Ruth|李明/);
  expect(events.map(({ properties: p }) => p['$ai_metric_value'] ?? p['$ai_evaluation_result'])).toEqual([
    undefined,
    'up',
    undefined,
    'pass',
    0.5,
  ]);
});

describe('metadata', () => {
  const WORDS = [
    ...['content', 'text', 'message', 'question', 'answer', 'query', 'result', 'response', 'history'],
    ...['transcript', 'arguments', 'documents', 'prompt', 'chat_history', 'context'],
  ];
  const CARRIERS = [
    ...[
      'langfuse.observation.metadata.',
      'langfuse.trace.metadata.',
      'ai.telemetry.metadata.',
      'mastra.metadata.',
    ],
    ...['traceloop.association.properties.', 'langsmith.metadata.', 'trace.metadata.', 'trace.'],
  ];

  it.each(CARRIERS)('with words for content as keys: %s', async (carrier) => {
    const attributes = Object.fromEntries(WORDS.map((word) => [carrier + word, 'call Ruth']));
    expect(json(await sent([chat(attributes)]))).not.toContain('Ruth');
    expect(json(await sent([chat(attributes)], { privacyMode: false }))).toContain('Ruth');
  });

  it('of an instrumentation keeps names, numbers and ids only', async () => {
    const values = {
      plan: 'pro',
      note: 'call Ruth',
      remark: '李明',
      [`all of Ruth's words`]: 'x',
      attempt: 3,
      requestId: 'req_01HV-7',
      nested: json({ region: 'eu-1', said: 'call Ruth', list: ['a', 'call Ruth'] }),
      cut: '{"said":"call Ru',
    };
    const attributes = Object.fromEntries(
      Object.entries(values).map(([key, value]) => [`langfuse.observation.metadata.${key}`, value]),
    );
    const [event] = await sent([chat(attributes)]);
    expect(json(event)).not.toMatch(/Ru|李明/);
    expect(event?.properties).toMatchObject({
      metadata_plan: 'pro',
      metadata_attempt: 3,
      metadata_requestId: 'req_01HV-7',
      metadata_nested: { region: 'eu-1', list: ['a'] },
    });
  });

  it('that the application sets is sent', async () => {
    const [event] = await sent([
      chat({
        'trace.tier': 'gold customers',
        'trace.metadata.campaign': 'spring sale',
        'trace.answer': 'call Ruth',
      }),
    ]);
    expect(event?.properties).toMatchObject({
      metadata_tier: 'gold customers',
      metadata_campaign: 'spring sale',
    });
    expect(json(event)).not.toContain('Ruth');
  });
});

it('attributes that are listed, among them such as nobody knows yet', async () => {
  const attributes = {
    'gen_ai.dialogue.newest': 'call Ruth',
    'acme.llm.conversation': 'call Ruth',
    'acme.llm.region': 'eu-1',
    'shop.label': 'spring sale',
    'shop.question': 'call Ruth',
  };
  const includeAttributes = ['gen_ai.*', 'acme.*', 'gen_ai.dialogue.newest', 'shop.label', 'shop.question'];
  const [event] = await sent([chat(attributes)], { includeAttributes });
  expect(json(event)).not.toContain('Ruth');
  expect(event?.properties).toMatchObject({ 'acme.llm.region': 'eu-1', 'shop.label': 'spring sale' });
});

it('properties of PostHog that no event has', async () => {
  const own = {
    $ai_mood: 'call Ruth',
    $ai_topic: '李明',
    $ai_stage: 'beta',
    $ai_note: json({ a: 'call Ruth' }),
  };
  const [event] = await sent([chat(own)]);
  expect(json(event)).not.toMatch(/Ruth|李明/);
  expect(event?.properties.$ai_stage).toBe('beta');
});
