import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { loopbackOfTest } from '../support/loopback-of-test.ts';
import { otlpCall, otlpRequest } from '../support/otlp-call.ts';
import { encodeOtlp } from '../support/otlp-protobuf.ts';
import { destination, gatewayOfTest, TEST_KEY } from './gateway-of-test.ts';

const CALL = otlpCall({}, [
  { key: 'gen_ai.provider.name', value: { stringValue: 'openai' } },
  { key: 'gen_ai.usage.input_tokens', value: { intValue: '12' } },
  { key: 'gen_ai.usage.output_tokens', value: { intValue: '3' } },
]);
const traces = (...spans: readonly object[]) => JSON.stringify(otlpRequest(spans));
const sender = (name: string) => ({ name, key: `${name}-key` });
const as = (name: string) => ({ authorization: `Bearer ${name}-key` });

describe('destinations', () => {
  it('each get what they are meant to get, under their own key and privacy', async () => {
    const [product, spend] = [await loopbackOfTest(), await loopbackOfTest()];
    const prompt = {
      key: 'gen_ai.input.messages',
      value: { stringValue: '[{"role":"user","parts":[{"type":"text","content":"Hello"}]}]' },
    };
    const { post } = await gatewayOfTest(
      [
        destination({ name: 'product', options: { endpoint: product.url } }),
        destination({
          name: 'spend',
          senders: ['shop'],
          options: { endpoint: spend.url, apiKey: 'phc_another', privacyMode: true },
        }),
      ],
      { senders: [sender('shop'), sender('blog')] },
    );
    const call = { ...CALL, attributes: [...CALL.attributes, prompt] };
    expect((await post('/v1/traces', traces(call), as('shop'))).status).toBe(200);
    expect(
      (await post('/v1/traces', traces({ ...call, spanId: '1111111111111111' }), as('blog'))).status,
    ).toBe(200);
    expect(product.events).toHaveLength(2);
    expect(spend.events).toHaveLength(1);
    expect(product.events[0]).toMatchObject({
      event: '$ai_generation',
      properties: { $ai_input: [{ role: 'user', content: 'Hello' }] },
    });
    expect(JSON.stringify(spend.requests.map(({ json }) => json))).not.toContain('Hello');
    expect(product.requests.map(({ json }) => json)).toMatchObject([
      { api_key: TEST_KEY },
      { api_key: TEST_KEY },
    ]);
    expect(spend.requests.at(-1)?.json).toMatchObject({ api_key: 'phc_another' });
  });

  it('by the name of the OpenRouter key', async () => {
    const posthog = await loopbackOfTest();
    const { post } = await gatewayOfTest([
      destination({ apiKeyNames: ['prod-*'], options: { endpoint: posthog.url } }),
    ]);
    const ofKey = (name: string, spanId: string) => ({
      ...CALL,
      spanId,
      traceId: spanId.repeat(2),
      attributes: [
        ...CALL.attributes,
        { key: 'trace.metadata.openrouter.api_key_name', value: { stringValue: name } },
      ],
    });
    await post('/openrouter', traces(ofKey('prod-shop', '1'.repeat(16)), ofKey('dev', '2'.repeat(16)), CALL));
    expect(
      posthog.events.map(({ properties }) => (properties as Record<string, unknown>)['$ai_trace_id']),
    ).toEqual(['1'.repeat(32)]);
  });

  it('do not touch each other: one answers 503 all the time', async () => {
    const fine = await loopbackOfTest();
    const down = await loopbackOfTest({ respond: () => ({ do: 'answer', status: 503 }) });
    const { post, gateway, admin } = await gatewayOfTest(
      [
        destination({ name: 'down', options: { endpoint: down.url, deadlineMs: 60_000 } }),
        destination({ name: 'fine', options: { endpoint: fine.url } }),
      ],
      { acknowledge: 'accepted' },
    );
    const spans = Array.from({ length: 20 }, (_, index) => ({
      ...CALL,
      spanId: String(index).padStart(16, '1'),
    }));
    for (const span of spans) expect((await post('/v1/traces', traces(span))).status).toBe(200);
    await expect.poll(() => fine.events.length).toBe(20);
    await expect
      .poll(() => gateway.lanes.health())
      .toMatchObject([
        { name: 'down', state: 'degraded' },
        { name: 'fine', state: 'ok' },
      ]);
    const ready = await admin('/readyz');
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({
      status: 'ready',
      destinations: [{ state: 'degraded', message: expect.stringContaining('503') }, { state: 'ok' }],
    });
  });
});

describe('an answer', () => {
  it('of a gateway that delivers comes when PostHog has taken the events', async () => {
    const posthog = await loopbackOfTest();
    const { post } = await gatewayOfTest([destination({ options: { endpoint: posthog.url } })]);
    expect((await post('/v1/traces', traces(CALL))).status).toBe(200);
    expect(posthog.events).toHaveLength(1);
  });

  it('asks to send again when PostHog cannot be reached, and says which destination it is', async () => {
    const down = await loopbackOfTest({ respond: () => ({ do: 'answer', status: 503 }) });
    const { post } = await gatewayOfTest([
      destination({ options: { endpoint: down.url, deadlineMs: 1_000, timeoutMs: 500 } }),
    ]);
    const answer = await post('/v1/traces', traces(CALL));
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(await answer.json()).toMatchObject({ message: expect.stringContaining('product') });
  });

  it('is no when all destinations of a tested connection are refused', async () => {
    const posthog = await loopbackOfTest({ knownKeys: ['phc_other'] });
    const { post, gateway } = await gatewayOfTest([destination({ options: { endpoint: posthog.url } })]);
    const test = () => post('/openrouter', '{}', { 'x-test-connection': 'true' });
    expect((await test()).status).toBe(200);
    await gateway.lanes.test('product');
    const answer = await test();
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ message: expect.stringContaining('key') });
  });
});

it('a tested connection is judged by the destinations of its sender', async () => {
  const posthog = await loopbackOfTest({ knownKeys: ['phc_right'] });
  const to = (name: string, apiKey: string, sender: string) =>
    destination({ name, senders: [sender], options: { apiKey, endpoint: posthog.url } });
  const { post, gateway } = await gatewayOfTest(
    [to('product', 'phc_right', 'backend'), to('spend', 'phc_wrong', 'openrouter')],
    {
      senders: [
        { name: 'backend', key: 'key-of-backend' },
        { name: 'openrouter', key: 'key-of-openrouter' },
      ],
    },
  );
  for (const name of ['product', 'spend']) await gateway.lanes.test(name);
  const test = (key: string, body: string) =>
    post('/openrouter', body, { 'x-test-connection': 'true', authorization: `Bearer ${key}` });
  const connectionTest = openrouter({ ...CALL, name: 'openrouter-connection-test', attributes: [] });
  for (const body of ['{}', '{"resourceSpans":[]}', connectionTest]) {
    expect((await test('key-of-backend', body)).status).toBe(200);
    const refused = await test('key-of-openrouter', body);
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ message: expect.stringMatching(/^spend: .*key/) });
    expect((await test('another-key', body)).status).toBe(401);
  }
  expect(posthog.events).toEqual([]);
});

/** A span as OpenRouter sends it. */
function openrouter(span: object): string {
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'openrouter' } }] },
        scopeSpans: [{ scope: { name: 'openrouter' }, spans: [span] }],
      },
    ],
  });
}

it("makes no event of OpenRouter's own tests", async () => {
  const posthog = await loopbackOfTest();
  const { post, admin } = await gatewayOfTest([destination({ options: { endpoint: posthog.url } })]);
  await post('/openrouter', openrouter({ ...CALL, name: 'openrouter-connection-test', attributes: [] }));
  await post('/openrouter', openrouter({ ...CALL, name: 'Test Generation' }));
  expect(posthog.events).toEqual([]);
  expect(await (await admin('/metrics')).text()).toContain(
    'posthog_gateway_receiver_spans_total{transport="openrouter",sender="",outcome="test"} 2',
  );
});

it('joins log records that come before or after their span, in requests of their own', async () => {
  const posthog = await loopbackOfTest();
  const { post } = await gatewayOfTest([destination({ options: { endpoint: posthog.url } })], {
    limits: { maxInFlightBytes: 1e8, maxTraces: 100, waitForLogsMs: 3_000 },
  });
  const scope = { name: 'opentelemetry.instrumentation.openai_v2' };
  const span = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ scope, spans: [CALL] }] }] });
  const { traceId, spanId } = CALL;
  const log = JSON.stringify({
    resourceLogs: [
      {
        scopeLogs: [
          {
            scope,
            logRecords: [
              {
                traceId,
                spanId,
                timeUnixNano: '1790000000500000000',
                eventName: 'gen_ai.user.message',
                body: { kvlistValue: { values: [{ key: 'content', value: { stringValue: 'Hello' } }] } },
              },
            ],
          },
        ],
      },
    ],
  });
  const answered = post('/v1/traces', span);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(posthog.events).toEqual([]);
  expect((await post('/v1/logs', log)).status).toBe(200);
  expect((await answered).status).toBe(200);
  expect(posthog.events).toMatchObject([{ properties: { $ai_input: [{ role: 'user', content: 'Hello' }] } }]);
});

describe('events are the same, byte for byte, over every transport', () => {
  const folder = join(import.meta.dirname, '../fixtures/corpus');
  const recordings = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .map((name) => ({ name, document: JSON.parse(readFileSync(join(folder, name), 'utf8')) as object }))
    .filter(({ document }) => 'resourceSpans' in document);
  // A part of them, evenly: the readers are compared recording by recording elsewhere.
  const some = recordings.filter((_, index) => index % 20 === 0);
  it.each(some)('$name', async ({ document }) => {
    const bodies: readonly (readonly [Uint8Array<ArrayBuffer> | string, Record<string, string>])[] = [
      [JSON.stringify(document), {}],
      [Uint8Array.from(gzipSync(JSON.stringify(document))), { 'content-encoding': 'gzip' }],
      [Uint8Array.from(encodeOtlp('traces', document)), { 'content-type': 'application/x-protobuf' }],
    ];
    const sent = await Promise.all(
      bodies.map(async ([body, headers]) => {
        const posthog = await loopbackOfTest();
        const { post } = await gatewayOfTest([destination({ options: { endpoint: posthog.url } })]);
        expect((await post('/v1/traces', body, headers)).status).toBe(200);
        return posthog.requests.map((request) => request.body?.toString());
      }),
    );
    expect(sent[1]).toEqual(sent[0]);
    expect(sent[2]).toEqual(sent[0]);
  });
});

it('a request that is sent again costs no destination again that had it', async () => {
  const fine = await loopbackOfTest();
  let isDown = true;
  const late = await loopbackOfTest({ respond: () => (isDown ? { do: 'answer', status: 503 } : undefined) });
  const options = { deadlineMs: 1_000, timeoutMs: 500 };
  const { post } = await gatewayOfTest([
    destination({ name: 'fine', options: { endpoint: fine.url } }),
    destination({ name: 'late', options: { ...options, endpoint: late.url } }),
  ]);
  expect((await post('/v1/traces', traces(CALL))).status).toBe(503);
  isDown = false;
  expect((await post('/v1/traces', traces(CALL))).status).toBe(200);
  expect(fine.events).toHaveLength(1);
  expect(late.events).toHaveLength(1);
  expect(late.events[0]?.uuid).toBe(fine.events[0]?.uuid);
});
