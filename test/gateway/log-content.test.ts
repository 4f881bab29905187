import { describe, expect, it } from 'vitest';
import { loopbackOfTest } from '../support/loopback-of-test.ts';
import type { LoopbackPostHog } from '../support/loopback-posthog.ts';
import { otlpCall, otlpRequest } from '../support/otlp-call.ts';
import { destination, type GatewayOfTest, gatewayOfTest } from './gateway-of-test.ts';

const { traceId, spanId } = otlpCall();
const IDS = { traceId, spanId };
const SCOPE = { name: 'opentelemetry.instrumentation.openai_v2' };
const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });

const SPAN = JSON.stringify(otlpRequest([otlpCall()], SCOPE));
const logs = (...logRecords: readonly object[]) =>
  JSON.stringify({ resourceLogs: [{ scopeLogs: [{ scope: SCOPE, logRecords }] }] });
const PROMPT = logs({
  ...IDS,
  timeUnixNano: '1790000000000000000',
  eventName: 'gen_ai.user.message',
  body: { kvlistValue: { values: [text('content', 'planted prompt')] } },
});
const EVALUATION = logs({
  ...IDS,
  timeUnixNano: '1790000002000000000',
  eventName: 'gen_ai.evaluation.result',
  attributes: [text('gen_ai.evaluation.name', 'polite'), text('gen_ai.evaluation.score.label', 'yes')],
});

const of = (
  name: string,
  posthog: LoopbackPostHog,
  more: { privacyMode?: boolean; senders?: string[] } = {},
) =>
  destination({
    name,
    ...(more.senders ? { senders: more.senders } : {}),
    options: { endpoint: posthog.url, privacyMode: more.privacyMode ?? false },
  });
const SENDERS = ['shop', 'blog'].map((name) => ({ name, key: `${name}-key` }));
const as = (name: string) => ({ authorization: `Bearer ${name}-key` });

async function send({ post }: GatewayOfTest, path: string, body: string, sender = 'shop'): Promise<void> {
  expect((await post(path, body, as(sender))).status).toBe(200);
}

describe('content that comes in log records', () => {
  it.each<[string, boolean, readonly ('private' | 'open')[]]>([
    ['is held for a destination that sends it', true, ['open']],
    ['is not held while every destination is private', false, ['private', 'open']],
    ['is let go when the last destination that sends it goes', false, ['open', 'private', 'open']],
  ])('%s', async (_name, isExpected, steps) => {
    const posthog = await loopbackOfTest();
    const lane = (step: 'private' | 'open') => of('product', posthog, { privacyMode: step === 'private' });
    const [first = 'open', ...rest] = steps;
    const gateway = await gatewayOfTest([lane(first)], { senders: SENDERS });
    await send(gateway, '/v1/logs', PROMPT);
    for (const step of rest) expect(await gateway.gateway.reload([lane(step)])).toEqual({ type: 'in-force' });
    await send(gateway, '/v1/traces', SPAN);
    expect(posthog.events).toMatchObject([{ event: '$ai_generation' }]);
    expect(JSON.stringify(posthog.events).includes('planted prompt')).toBe(isExpected);
  });

  it('is not held for a sender of which no destination sends any', async () => {
    const posthog = await loopbackOfTest();
    const gateway = await gatewayOfTest(
      [
        of('all', posthog, { privacyMode: true }),
        of('product', await loopbackOfTest(), { senders: ['shop'] }),
      ],
      { senders: SENDERS },
    );
    await send(gateway, '/v1/logs', PROMPT, 'blog');
    await gateway.gateway.reload([of('all', posthog)]);
    await send(gateway, '/v1/traces', SPAN, 'blog');
    expect(posthog.events).toHaveLength(1);
    expect(JSON.stringify(posthog.events)).not.toContain('planted prompt');
  });

  it('reaches spans that an answer did not wait for, though the gateway ends or is reloaded meanwhile', async () => {
    const posthog = await loopbackOfTest();
    for (const end of ['stop', 'reload', 'stop while it is reloaded'] as const) {
      const gateway = await gatewayOfTest([of('product', posthog)], {
        senders: SENDERS,
        acknowledge: 'accepted',
        limits: { maxInFlightBytes: 64 * 1024 * 1024, maxTraces: 1_000, waitForLogsMs: 500 },
      });
      await send(gateway, '/v1/traces', SPAN);
      if (end !== 'stop') {
        const reloaded = gateway.gateway.reload([of('other', await loopbackOfTest())]);
        if (end === 'reload') await reloaded;
        else await expect.poll(() => gateway.gateway.lanes.current()).toMatchObject([{ name: 'other' }]);
      }
      if (end !== 'reload') await gateway.gateway.stop();
    }
    expect(posthog.events.map(({ event }) => event)).toEqual(Array(3).fill('$ai_generation'));
  });
});

describe('the outcome of a check', () => {
  it('goes to the destinations of its sender, and is there when the request is answered', async () => {
    const [shop, blog, keys] = [await loopbackOfTest(), await loopbackOfTest(), await loopbackOfTest()];
    const gateway = await gatewayOfTest(
      [
        of('shop', shop, { senders: ['shop'] }),
        of('blog', blog, { senders: ['blog'] }),
        destination({ name: 'keys', apiKeyNames: ['prod-*'], options: { endpoint: keys.url } }),
      ],
      { senders: SENDERS },
    );
    await send(gateway, '/v1/logs', EVALUATION);
    expect(shop.events.map(({ event }) => event)).toEqual(['$ai_evaluation']);
    expect([...blog.events, ...keys.events]).toEqual([]);
  });

  it('is refused with 503 where it is not delivered, and comes once when it is sent again', async () => {
    let isDown = true;
    const posthog = await loopbackOfTest({
      respond: () => (isDown ? { do: 'answer', status: 503 } : undefined),
    });
    const lane = destination({ options: { endpoint: posthog.url, deadlineMs: 1_000, maxRetries: 0 } });
    const gateway = await gatewayOfTest([lane], { senders: SENDERS });
    expect((await gateway.post('/v1/logs', EVALUATION, as('shop'))).status).toBe(503);
    isDown = false;
    await send(gateway, '/v1/logs', EVALUATION);
    await send(gateway, '/v1/logs', EVALUATION);
    expect(posthog.events).toHaveLength(1);
  });
});
