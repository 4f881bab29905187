import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PostHogLLMSpanExporter } from '../../../src/sdk/exporter/exporter.ts';
import { exportSpans } from '../../support/export-spans.ts';
import { type LoopbackPostHog, startLoopbackPostHog } from '../../support/loopback-posthog.ts';
import { chatAttributes, createSpanMaker } from '../../support/real-spans.ts';

let posthog: LoopbackPostHog;
let exporter: PostHogLLMSpanExporter;
beforeAll(async () => {
  posthog = await startLoopbackPostHog();
  exporter = new PostHogLLMSpanExporter({ apiKey: 'phc_hostile', endpoint: posthog.url, maxRetries: 0 });
});
afterAll(() => posthog.close());

const maker = createSpanMaker();

/** Exports a hostile span, real but for the parts given, between two good ones; both must arrive. */
async function survives(parts: Readonly<Record<string, PropertyDescriptor>>): Promise<void> {
  const before = posthog.events.length;
  const neighbours = [maker.make('chat', chatAttributes()), maker.make('chat', chatAttributes())];
  const hostile = Object.create(maker.make('chat', {}), parts) as ReadableSpan;
  await exportSpans(exporter, [neighbours[0], hostile, neighbours[1]]);
  const arrived = posthog.events
    .slice(before)
    .map(({ properties }) => (properties as { $ai_span_id: string }).$ai_span_id);
  for (const span of neighbours) expect(arrived).toContain(span.spanContext().spanId);
}

const KEYS = [
  ...Object.keys(chatAttributes()),
  'trace',
  'trace.metadata',
  'trace.a',
  'gen_ai.tool.definitions',
  'gen_ai.system_instructions',
  'gen_ai.prompt',
  'gen_ai.completion.0.content',
  'gen_ai.prompt.999999999.role',
  'llm.input_messages.0.message.content',
  'ai.prompt.messages',
  'ai.operationId',
  'openinference.span.kind',
  'langfuse.observation.type',
  'langfuse.observation.usage_details',
  'genkit:output',
  'user.id',
  'session.id',
  '$groups',
  '__proto__',
  'constructor',
  'error.type',
];

const hugeText = 'x'.repeat(10_000_000);
const cyclic: Record<string, unknown> = { role: 'user' };
cyclic.self = cyclic;

const value = fc.oneof(
  fc.anything({
    withBigInt: true,
    withDate: true,
    withNullPrototype: true,
    withTypedArray: true,
    withSparseArray: true,
  }),
  fc.jsonValue().map((json) => JSON.stringify(json)),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '{"a":',
    '[{"role":"user","parts":',
    '{"__proto__":{"x":1}}',
    '\uD800 lone',
    '\0',
    'null',
    Number.NaN,
    -1,
    cyclic,
  ),
);

describe('hostile spans', () => {
  it('never cost a neighbour, whatever their attributes hold', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.constantFrom(...KEYS), value, { maxKeys: 12 }),
        async (attributes) => {
          const chat = { 'gen_ai.operation.name': 'chat', ...attributes };
          await survives({ attributes: { get: () => chat } });
        },
      ),
      { numRuns: 150 },
    );
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  const get = (given: unknown) => ({ get: () => given });
  const attributes = (extra: Record<string, unknown>) => get({ 'gen_ai.operation.name': 'chat', ...extra });
  it.each<[string, Record<string, PropertyDescriptor>]>([
    ['a 10 MB prompt', { attributes: attributes({ 'gen_ai.input.messages': hugeText }) }],
    ['10 MB of metadata', { attributes: attributes({ 'trace.note': hugeText }) }],
    ['a 10 MB model name', { attributes: attributes({ 'gen_ai.request.model': hugeText }) }],
    [
      'a 10 MB user',
      { attributes: attributes({ 'user.id': hugeText, 'session.id': hugeText, 'trace.trace_id': hugeText }) },
    ],
    ['a 10 MB span name', { name: get(hugeText) }],
    [
      'JSON 100,000 levels deep',
      { attributes: attributes({ 'gen_ai.input.messages': '['.repeat(100_000) + ']'.repeat(100_000) }) },
    ],
    [
      'metadata 100,000 levels deep',
      { attributes: attributes({ trace: `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}` }) },
    ],
    ['circular attributes', { attributes: attributes({ trace: cyclic, 'gen_ai.input.messages': [cyclic] }) }],
    [
      'attributes that throw',
      {
        attributes: {
          get: () => ({
            get 'gen_ai.system'() {
              throw new Error('no');
            },
          }),
        },
      },
    ],
    ['no attributes', { attributes: get(undefined) }],
    ['attributes that are a list', { attributes: get(['gen_ai.system']) }],
    ['events that are no list', { attributes: attributes({}), events: get('x') }],
    ['events of nothing', { attributes: attributes({}), events: get([null, 1, {}]) }],
    [
      'times that are no numbers',
      { attributes: attributes({}), startTime: get(['a', {}]), endTime: get(null) },
    ],
    [
      'times of NaN',
      { attributes: attributes({}), startTime: get([Number.NaN, 0]), endTime: get([Number.NaN, Number.NaN]) },
    ],
    ['times beyond all calendars', { attributes: attributes({}), endTime: get([1e20, 0]) }],
    [
      'a clock that ran backwards',
      { attributes: attributes({}), startTime: get([2e9, 0]), endTime: get([1e9, 0]) },
    ],
    ['no status', { attributes: attributes({}), status: get(undefined) }],
    ['no resource', { attributes: attributes({}), resource: get(undefined) }],
    [
      'a resource that throws',
      {
        attributes: attributes({}),
        resource: {
          get: () => {
            throw new Error('no');
          },
        },
      },
    ],
    ['no scope', { attributes: attributes({}), instrumentationScope: get(undefined) }],
  ])('%s', async (_case, descriptors) => {
    await survives(descriptors);
  });

  it('never cost a neighbour in an export that is worked on in portions', async () => {
    const throwing = new Proxy(chatAttributes(), {
      get: () => {
        throw new Error('no');
      },
    });
    const hostile = Object.create(maker.make('chat', {}), { attributes: get(throwing) }) as ReadableSpan;
    const good = Array.from({ length: 1_100 }, () => maker.make('chat', chatAttributes()));
    const before = posthog.events.length;
    await exportSpans(exporter, [...good.slice(0, 1_000), hostile, ...good.slice(1_000)]);
    expect(posthog.events.length - before).toBe(good.length);
  });
});
