import { expect, it } from 'vitest';
import { loopbackOfTest } from '../support/loopback-of-test.ts';
import { otlpCall } from '../support/otlp-call.ts';
import { destination, gatewayOfTest } from './gateway-of-test.ts';

const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });

/** As OpenRouter sends it. */
function broadcast(spans: readonly object[]): string {
  const resource = { attributes: [text('service.name', 'openrouter')] };
  return JSON.stringify({
    resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'openrouter' }, spans }] }],
  });
}

const TEST_OF_CONNECTION = { ...otlpCall({ name: 'openrouter-connection-test' }), attributes: [] };
const CANNED = otlpCall({ name: 'Test Generation', traceId: 'c'.repeat(32) });
// The user's own `trace_id`, which OpenRouter hands on as it is.
const CALL = otlpCall({ name: 'LLM Generation', traceId: 'Order_Processing_001' }, [text('user.id', 'u-1')]);

it.each([
  ['drop', ['Order_Processing_001']],
  ['forward', ['Order_Processing_001', 'c'.repeat(32)]],
] as const)(
  'of what Broadcast sends, calls keep their ids, and tests are none (%s)',
  async (testSpans, traceIds) => {
    const posthog = await loopbackOfTest();
    const { post } = await gatewayOfTest([destination({ options: { endpoint: posthog.url } })], {
      openrouter: { countFrom: 'both', testSpans },
    });
    for (const spans of [[TEST_OF_CONNECTION, CALL], [CANNED]]) {
      expect((await post('/openrouter', broadcast(spans))).status).toBe(200);
    }
    expect(posthog.events).toMatchObject(
      traceIds.map((id) => ({ event: '$ai_generation', properties: { $ai_trace_id: id } })),
    );
    expect(posthog.events[0]).toMatchObject({ distinct_id: 'u-1' });
  },
);
