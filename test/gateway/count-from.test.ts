import { expect, it } from 'vitest';
import type { CountFrom } from '../../src/translate/trace/count-from.ts';
import { loopbackOfTest } from '../support/loopback-of-test.ts';
import { destination, gatewayOfTest } from './gateway-of-test.ts';

const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });

/** A request with a call, and a span around it in its own trace. */
function request(service: string, traceId: string, attributes: readonly object[]): string {
  const common = {
    traceId,
    startTimeUnixNano: '1790000000000000000',
    endTimeUnixNano: '1790000001000000000',
  };
  const call = {
    ...common,
    spanId: traceId.slice(0, 16),
    name: 'chat',
    attributes: [
      text('gen_ai.operation.name', 'chat'),
      text('gen_ai.request.model', 'openai/gpt-4o'),
      { key: 'gen_ai.usage.input_tokens', value: { intValue: '12' } },
      { key: 'gen_ai.usage.output_tokens', value: { intValue: '3' } },
      ...attributes,
    ],
  };
  const resource = { attributes: [text('service.name', service)] };
  return JSON.stringify({
    resourceSpans: [{ resource, scopeSpans: [{ scope: { name: service }, spans: [call] }] }],
  });
}

const BROADCAST = request('openrouter', 'a'.repeat(32), [
  text('trace.metadata.openrouter.api_key_name', 'shop'),
]);
const BY_ADDRESS = request('shop', 'b'.repeat(32), [text('server.address', 'openrouter.ai')]);
const BY_PROVIDER = request('shop', 'c'.repeat(32), [text('gen_ai.provider.name', 'openrouter')]);
const DIRECT = request('shop', 'd'.repeat(32), [text('server.address', 'api.openai.com')]);

function sentTo({ events }: { readonly events: readonly Record<string, unknown>[] }) {
  return events.map(({ properties }) => properties as Record<string, unknown>);
}

async function countedTraces(countFrom: CountFrom): Promise<string> {
  const posthog = await loopbackOfTest();
  const { post } = await gatewayOfTest([destination({ options: { endpoint: posthog.url } })], {
    openrouter: { countFrom, testSpans: 'drop' },
  });
  for (const body of [BROADCAST, BY_ADDRESS, BY_PROVIDER, DIRECT]) {
    expect((await post('/v1/traces', body)).status).toBe(200);
  }
  const counted = sentTo(posthog).filter((properties) => '$ai_input_tokens' in properties);
  return counted.map((properties) => String(properties['$ai_trace_id'])[0]).join('');
}

it.each([
  ['both', 'abcd'],
  ['broadcast', 'ad'],
  ['application', 'bcd'],
] as const)('calls through OpenRouter are counted from %s', async (countFrom, traces) => {
  expect(await countedTraces(countFrom)).toBe(traces);
});

it('rules know the name of OpenRouter’s key', async () => {
  const posthog = await loopbackOfTest();
  const rules = { field: 'apiKeyName', operator: 'equals', value: 'shop' } as const;
  const { post } = await gatewayOfTest([destination({ options: { endpoint: posthog.url, rules } })]);
  for (const body of [BROADCAST, DIRECT]) await post('/v1/traces', body);
  expect(sentTo(posthog).map((properties) => properties['service.name'])).toEqual(['openrouter']);
});
