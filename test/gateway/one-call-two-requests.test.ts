import { describe, expect, it } from 'vitest';
import { createWaitingRequests } from '../../src/gateway/admit/waiting-requests.ts';
import type { SpanView } from '../../src/translate/span/span-view.ts';
import type { CountFrom } from '../../src/translate/trace/count-from.ts';
import { loopbackOfTest } from '../support/loopback-of-test.ts';
import { otlpCall } from '../support/otlp-call.ts';
import { type SpanParts, span } from '../support/spans.ts';
import { destination, gatewayOfTest } from './gateway-of-test.ts';

const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
const number = (key: string, intValue: string) => ({ key, value: { intValue } });
const USAGE = [number('gen_ai.usage.input_tokens', '12'), number('gen_ai.usage.output_tokens', '3')];
const ANSWER_ID = text('gen_ai.response.id', 'gen-77');

interface Told {
  readonly service?: string;
  readonly scope: string;
  /** One hex digit. */
  readonly trace: string;
  readonly attributes: readonly object[];
}

function request({ service = 'shop', scope, trace, attributes }: Told): string {
  const ids = { traceId: trace.repeat(32), spanId: trace.repeat(16) };
  const scopeSpans = [{ scope: { name: scope }, spans: [otlpCall(ids, [...USAGE, ...attributes])] }];
  const resource = { attributes: [text('service.name', service)] };
  return JSON.stringify({ resourceSpans: [{ resource, scopeSpans }] });
}

/** Two whose spans wait for log records, and one whose do not. */
const [LOGGING, LOGGING_TOO, SILENT] = [
  'opentelemetry.instrumentation.openai_v2',
  'opentelemetry.instrumentation.openai',
  'openinference.instrumentation.openai',
];
const POOR: Told = { scope: LOGGING, trace: 'a', attributes: [ANSWER_ID] };
const RICH: Told = {
  ...{ scope: SILENT, trace: 'b' },
  attributes: [
    ANSWER_ID,
    text('gen_ai.prompt.0.content', 'Where?'),
    text('gen_ai.completion.0.content', 'Paris.'),
  ],
};
const BROADCAST: Told = {
  ...{ service: 'openrouter', scope: 'openrouter', trace: 'c' },
  attributes: [ANSWER_ID, { key: 'gen_ai.usage.total_cost', value: { doubleValue: 0.0042 } }],
};

type Properties = Readonly<Record<string, unknown>>;

async function countedOf(
  told: readonly Told[],
  { inOne = false, countFrom = 'both' }: { readonly inOne?: boolean; readonly countFrom?: CountFrom } = {},
): Promise<readonly Properties[]> {
  const posthog = await loopbackOfTest();
  const { post, gateway } = await gatewayOfTest([destination({ options: { endpoint: posthog.url } })], {
    acknowledge: 'accepted',
    limits: { maxInFlightBytes: 64 * 1024 * 1024, maxTraces: 1_000, waitForLogsMs: 2_000 },
    openrouter: { countFrom, testSpans: 'drop' },
  });
  const bodies = told.map(request);
  const whole = { resourceSpans: bodies.flatMap((body) => JSON.parse(body).resourceSpans) };
  for (const body of inOne ? [JSON.stringify(whole)] : bodies) {
    expect((await post('/v1/traces', body)).status).toBe(200);
  }
  await gateway.stop();
  return posthog.events
    .map(({ properties }) => properties as Properties)
    .filter((properties) => properties['$ai_input_tokens'] !== undefined);
}

describe('one call in two requests', () => {
  const rich = [{ $ai_trace_id: 'b'.repeat(32), $ai_output_choices: [{ content: 'Paris.' }] }];

  it.each<[string, readonly Told[]]>([
    ['the poorer, which came first', [POOR, RICH]],
    ['both', [POOR, { ...RICH, scope: LOGGING_TOO }]],
    [
      'the richer, which came first',
      [
        { ...RICH, scope: LOGGING },
        { ...POOR, scope: SILENT },
      ],
    ],
  ])('counts by the richer record while it waits for log records: %s', async (_name, told) => {
    expect(await countedOf(told)).toMatchObject(rich);
  });

  it.each<[string, Parameters<typeof countedOf>]>([
    ['in one request, the application first', [[RICH, BROADCAST], { inOne: true }]],
    ['in one request, Broadcast first', [[BROADCAST, RICH], { inOne: true }]],
    [
      'in one request, counted from the application',
      [[RICH, BROADCAST], { inOne: true, countFrom: 'application' }],
    ],
    ['in two requests, while the application’s waits', [[{ ...RICH, scope: LOGGING }, BROADCAST]]],
  ])('has the cost that OpenRouter charged, on the application’s record: %s', async (_name, given) => {
    const wanted = { ...rich[0], $ai_total_cost_usd: 0.0042, 'service.name': 'shop' };
    expect(await countedOf(...given)).toMatchObject([wanted]);
  });

  it('has the cost where it is counted from Broadcast', async () => {
    const viaOpenRouter = {
      ...RICH,
      attributes: [...RICH.attributes, text('gen_ai.provider.name', 'openrouter')],
    };
    const counted = await countedOf([viaOpenRouter, BROADCAST], { countFrom: 'broadcast' });
    expect(counted).toMatchObject([{ $ai_trace_id: 'c'.repeat(32), $ai_total_cost_usd: 0.0042 }]);
  });
});

describe('requests that wait', () => {
  const call = (scope: string, more: SpanParts = {}): SpanView =>
    span({
      ...{
        scope,
        traceId: scope,
        startTimeMs: 1_000,
        endTimeMs: 2_000,
        resource: { 'service.name': 'shop' },
      },
      ...more,
      attributes: { 'gen_ai.request.model': 'gpt-4o', ...more.attributes },
    });
  const answered = (id: string) => ({ attributes: { 'gen_ai.response.id': id } });

  it.each<[string, SpanView, boolean]>([
    ['another instrumentation’s call of the same time', call('b'), true],
    ['of a trace, though the service is another', call('b', { traceId: 'a', resource: {} }), true],
    [
      'with the same answer, whatever else',
      call('b', { resource: {}, startTimeMs: 9_000, ...answered('1') }),
      true,
    ],
    ['a call of the same instrumentation', call('a', { spanId: '2' }), false],
    ['of another time', call('b', { startTimeMs: 9_000, endTimeMs: 9_500 }), false],
    ['of another service', call('b', { resource: { 'service.name': 'blog' } }), false],
    ['an agent', call('b', { attributes: { 'gen_ai.operation.name': 'invoke_agent' } }), false],
  ])('are joined, or not, by %s', (_name, other, isJoined) => {
    const requests = createWaitingRequests(1_000, () => 0);
    expect(requests.enter([call('z'), other], undefined)).toBeUndefined();
    void requests.enter([call('a', answered('1'))], new Promise(() => {}));
    expect(requests.enter([other], undefined) !== undefined).toBe(isJoined);
  });

  it('go on together when the last has what it waits for, and wait no longer for others than that', async () => {
    let nowMs = 0;
    const requests = createWaitingRequests(1_000, () => nowMs);
    const gone: string[] = [];
    const enter = (scope: string): (() => void) => {
      let end = (): void => {};
      const wait = new Promise<void>((resolve) => {
        end = resolve;
      });
      void requests.enter([call(scope)], wait)?.then(() => gone.push(scope));
      return end;
    };
    const settle = () => new Promise((resolve) => setImmediate(resolve));
    const endFirst = enter('a');
    nowMs = 400;
    const endSecond = enter('b');
    nowMs = 600;
    const endLate = enter('c');
    endLate();
    await settle();
    expect(gone).toEqual(['c']);
    endFirst();
    await settle();
    expect(gone).toEqual(['c']);
    endSecond();
    await settle();
    expect(gone).toEqual(['c', 'a', 'b']);
    expect(requests.enter([call('d')], undefined)).toBeUndefined();
  });
});
