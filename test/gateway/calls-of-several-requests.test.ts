import { describe, expect, it } from 'vitest';
import { loopbackOfTest } from '../support/loopback-of-test.ts';
import { otlpCall } from '../support/otlp-call.ts';
import { destination, gatewayOfTest } from './gateway-of-test.ts';

const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
const number = (key: string, intValue: number) => ({ key, value: { intValue } });

interface Told {
  readonly service: string;
  readonly scope: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name?: string;
  readonly inputTokens: number;
  readonly answer?: string;
}

function request({ service, scope, traceId, spanId, parentSpanId, name, inputTokens, answer }: Told): string {
  const call = otlpCall({ traceId, spanId, ...(name ? { name } : {}) }, [
    number('gen_ai.usage.input_tokens', inputTokens),
    number('gen_ai.usage.output_tokens', 1),
    text('gen_ai.input.messages', '[{"role":"user","parts":[{"type":"text","content":"Is this spam?"}]}]'),
    ...(answer ? [text('gen_ai.response.id', answer)] : []),
  ]);
  const spans = [{ ...call, ...(parentSpanId ? { parentSpanId } : {}) }];
  const resource = { attributes: [text('service.name', service)] };
  return JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope: { name: scope }, spans }] }] });
}

async function start() {
  const posthog = await loopbackOfTest();
  const { post } = await gatewayOfTest([destination({ options: { endpoint: posthog.url } })]);
  return {
    /** @returns what PostHog has got then: kind, tokens and trace of each */
    async send(body: string, path = '/v1/traces') {
      expect((await post(path, body)).status).toBe(200);
      return posthog.events.map(({ event, uuid, properties }) => {
        const { $ai_input_tokens: tokens, $ai_trace_id: traceId } = properties as Record<string, unknown>;
        return { event, uuid, tokens, traceId };
      });
    },
  };
}

const [ONE, OTHER] = ['a'.repeat(32), 'b'.repeat(32)] as const;

describe('two calls that look alike', () => {
  const first: Told = {
    ...{ service: 'shop', scope: 'one.instrumentation', traceId: ONE, spanId: '1'.repeat(16) },
    inputTokens: 12,
  };
  it.each<[string, Partial<Told>]>([
    ['are two, of two services', { service: 'blog', inputTokens: 12 }],
    ['are two, when their tokens contradict each other', { inputTokens: 4_711 }],
  ])('%s', async (_name, changes) => {
    const { send } = await start();
    await send(request(first));
    const second = { ...first, scope: 'other.instrumentation', traceId: OTHER, spanId: '2'.repeat(16) };
    expect(await send(request({ ...second, ...changes }))).toMatchObject([
      { event: '$ai_generation', tokens: 12, traceId: ONE },
      { event: '$ai_generation', tokens: changes.inputTokens, traceId: OTHER },
    ]);
  });
});

it('a wrapper and its call that come in two requests count once, and again the same when they come again', async () => {
  const { send } = await start();
  const inner = request({
    ...{ service: 's', scope: 'provider.sdk', traceId: ONE, spanId: '1'.repeat(16), name: 'openai.chat' },
    ...{ parentSpanId: '2'.repeat(16), inputTokens: 100, answer: 'chatcmpl-9' },
  });
  const outer = request({
    ...{ service: 's', scope: 'framework', traceId: ONE, spanId: '2'.repeat(16), name: 'wrapper' },
    ...{ inputTokens: 100, answer: 'chatcmpl-9' },
  });
  await send(inner);
  const once = await send(outer);
  expect(once.map(({ event, tokens }) => [event, tokens])).toEqual([
    ['$ai_generation', 100],
    ['$ai_trace', undefined],
  ]);
  await send(outer);
  const again = await send(inner);
  expect(new Set(again.map(({ uuid }) => uuid))).toEqual(new Set(once.map(({ uuid }) => uuid)));
});

it('an id that an application gave to OpenRouter stays as it is', async () => {
  const { send } = await start();
  const traceId = 'Order_Processing_001';
  const body = request({
    ...{ service: 'openrouter', scope: 'openrouter', traceId, spanId: 'eee19b7ec3c1b175' },
    ...{ name: 'LLM Generation', inputTokens: 12, answer: 'gen-1' },
  });
  expect(await send(body, '/openrouter')).toContainEqual(
    expect.objectContaining({ event: '$ai_generation', tokens: 12, traceId }),
  );
});
