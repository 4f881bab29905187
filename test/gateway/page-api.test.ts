import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { devLane } from '../../src/gateway/lanes/dev-lane.ts';
import type { RecentCall } from '../../src/gateway/observe/recent-calls.ts';
import { silentLogger } from '../../src/ledger/log.ts';
import { loopbackOfTest } from '../support/loopback-of-test.ts';
import { destination, type GatewayOfTest, type GatewayOverrides, gatewayOfTest } from './gateway-of-test.ts';

const RECORDING = readFileSync(
  join(import.meta.dirname, '../fixtures/corpus/vercel-ai-v6/generate-text-tool-loop.json'),
  'utf8',
);
const PROMPT_WORDS = 'What is the weather in Paris';

const dev = (overrides: GatewayOverrides = {}) =>
  gatewayOfTest([devLane(silentLogger)], {
    acknowledge: 'accepted',
    page: { content: true, token: undefined },
    ...overrides,
  });

async function callsOf({ admin }: GatewayOfTest, count: number): Promise<RecentCall[]> {
  let calls: RecentCall[] = [];
  await expect
    .poll(
      async () => {
        calls = (await (await admin('/api/calls')).json()) as RecentCall[];
        return calls.length >= count && calls.every(({ fate }) => fate !== 'on its way');
      },
      { timeout: 30_000 },
    )
    .toBe(true);
  return calls;
}

describe('dev', () => {
  it('lists what PostHog would get, and sends nothing', async () => {
    const gateway = await dev();
    await gateway.post('/v1/traces', RECORDING);
    const calls = await callsOf(gateway, 2);
    expect(calls.some(({ event }) => event === '$ai_generation')).toBe(true);
    expect(calls.every(({ fate, destination: name }) => fate === 'not sent' && name === 'dev')).toBe(true);
    const generation = calls.find(({ event }) => event === '$ai_generation');
    expect(generation).toMatchObject({
      model: expect.stringContaining('gpt'),
      inputTokens: expect.any(Number),
    });
  });

  it('shows a call with its event, an explanation of every property, and its trace', async () => {
    const gateway = await dev();
    await gateway.post('/v1/traces', RECORDING);
    const call = (await callsOf(gateway, 2)).find(({ event }) => event === '$ai_generation');
    const id = encodeURIComponent(call?.id ?? '');
    const shown = (await (await gateway.admin(`/api/call?id=${id}`)).json()) as Record<
      string,
      Record<string, unknown>
    >;
    expect(JSON.stringify(shown.event)).toContain(PROMPT_WORDS);
    expect(shown.explanation).toMatchObject({
      span: { spanId: call?.spanId },
      dialects: expect.arrayContaining([expect.objectContaining({ because: expect.any(Array) })]),
      properties: expect.arrayContaining([
        expect.objectContaining({ property: '$ai_model', from: expect.any(Array) }),
      ]),
    });
    const trace = (await (await gateway.admin(`/api/trace?traceId=${call?.traceId}`)).json()) as {
      spanId: string;
    }[];
    expect(trace.map(({ spanId }) => spanId)).toContain(call?.spanId);
    expect((await gateway.admin(`/api/trace.json?traceId=${call?.traceId}`)).status).toBe(200);
  });

  it('shows calls as they come', async () => {
    const gateway = await dev();
    const stream = await gateway.admin('/api/stream');
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    await gateway.post('/v1/traces', RECORDING);
    let text = '';
    while (!text.includes('event: call')) text += (await reader?.read())?.value ?? '';
    expect(text).toContain('"destination":"dev"');
    await reader?.cancel();
  });
});

describe('serve', () => {
  it('shows no content unless it is switched on', async () => {
    const posthog = await loopbackOfTest();
    const gateway = await gatewayOfTest([destination({ options: { endpoint: posthog.url } })], {
      acknowledge: 'delivered',
    });
    await gateway.admin('/api/calls');
    await gateway.post('/v1/traces', RECORDING);
    const calls = await callsOf(gateway, 2);
    expect(calls.every(({ fate }) => fate === 'taken')).toBe(true);
    const everything = await Promise.all(
      [
        '/api/calls',
        '/api/destinations',
        '/metrics',
        '/readyz',
        ...calls.map(({ id }) => `/api/call?id=${encodeURIComponent(id)}`),
        ...calls.map(({ traceId }) => `/api/trace?traceId=${traceId}`),
        `/api/trace.json?traceId=${calls[0]?.traceId}`,
      ].map(async (path) => (await gateway.admin(path)).text()),
    );
    expect(JSON.stringify(posthog.events)).toContain(PROMPT_WORDS);
    expect(everything.join('\n')).not.toContain(PROMPT_WORDS);
    expect(everything.join('\n')).not.toContain('phc_');
  });

  it('keeps nothing while nobody looks', async () => {
    const posthog = await loopbackOfTest();
    const gateway = await gatewayOfTest([destination({ options: { endpoint: posthog.url } })]);
    await gateway.post('/v1/traces', RECORDING);
    expect(await (await gateway.admin('/api/calls')).json()).toEqual([]);
  });

  it('tests a destination, and sends it a test trace', async () => {
    const posthog = await loopbackOfTest();
    const gateway = await gatewayOfTest([destination({ options: { endpoint: posthog.url } })]);
    const url = `http://127.0.0.1:${gateway.gateway.addresses.admin.port}`;
    const ask = async (path: string, init: RequestInit = {}) =>
      fetch(`${url}${path}`, { method: 'POST', ...init });
    expect(await (await ask('/api/test?destination=product')).json()).toMatchObject({ status: 'ok' });
    expect(await (await ask('/api/send-test?destination=product')).json()).toMatchObject({
      isTaken: true,
      losses: [],
    });
    expect(posthog.events).toContainEqual(expect.objectContaining({ event: '$ai_generation' }));
    expect((await ask('/api/test?destination=nowhere')).status).toBe(404);
    expect(
      (await ask('/api/test?destination=product', { headers: { origin: 'https://attacker.example' } }))
        .status,
    ).toBe(403);
  });

  it('says why a reload changed nothing, until one does', async () => {
    const posthog = await loopbackOfTest({ knownKeys: ['phc_first', 'phc_second'] });
    const of = (apiKey: string) => [destination({ options: { apiKey, endpoint: posthog.url } })];
    const { gateway, admin } = await gatewayOfTest(of('phc_first'));
    const notReloaded = async (): Promise<unknown> =>
      Object(await (await admin('/api/destinations')).json()).notReloaded;
    expect(await notReloaded()).toBeUndefined();
    gateway.noteUnusableFile(['The config file gateway.yaml, line 3: "apiKey" is missing.']);
    expect(await notReloaded()).toMatchObject({ messages: [expect.stringContaining('line 3')] });
    expect(await gateway.reload(of('phc_wrong'))).toMatchObject({ type: 'failed' });
    expect(await notReloaded()).toMatchObject({ messages: [expect.stringMatching(/^product: .*key/)] });
    expect(JSON.stringify(await notReloaded())).not.toContain('phc_wrong');
    expect(await gateway.reload(of('phc_second'))).toEqual({ type: 'in-force' });
    expect(await notReloaded()).toBeUndefined();
  });

  it('is not said to have taken a change that came while it ended', async () => {
    let answer = (): void => {};
    const asked = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const posthog = await loopbackOfTest({
      respond: () => {
        answer();
        return undefined;
      },
    });
    const of = (name: string) => [destination({ name, options: { endpoint: posthog.url } })];
    const { gateway } = await gatewayOfTest(of('first'));
    const reloaded = gateway.reload(of('second'));
    await asked;
    const stopped = gateway.stop();
    expect(await reloaded).toEqual({ type: 'ending' });
    expect(gateway.lanes.current().map(({ name }) => name)).toEqual(['first']);
    await stopped;
  });

  it('asks for the token, but not of probes', async () => {
    const gateway = await dev({ page: { content: true, token: 'the-token' } });
    const url = `http://127.0.0.1:${gateway.gateway.addresses.admin.port}`;
    expect((await gateway.admin('/api/calls')).status).toBe(401);
    expect((await fetch(`${url}/api/calls`, { headers: { authorization: 'Bearer the-token' } })).status).toBe(
      200,
    );
    for (const path of ['/healthz', '/readyz', '/metrics'])
      expect((await gateway.admin(path)).status).toBe(200);
  });
});

it('a call that is sent again has the fate of the newest hand-over', async () => {
  let isDown = true;
  const posthog = await loopbackOfTest({
    respond: () => (isDown ? { do: 'answer', status: 503 } : undefined),
  });
  const lane = destination({ options: { endpoint: posthog.url, deadlineMs: 1_000, maxRetries: 0 } });
  const gateway = await gatewayOfTest([lane], { acknowledge: 'delivered' });
  await gateway.admin('/api/calls');
  const fates = async (): Promise<string[]> => [
    ...new Set((await callsOf(gateway, 1)).map(({ fate }) => fate)),
  ];
  expect((await gateway.post('/v1/traces', RECORDING)).status).toBe(503);
  expect(await fates()).toEqual(['lost']);
  const before = (await callsOf(gateway, 1)).map(({ id }) => id).sort();
  isDown = false;
  expect((await gateway.post('/v1/traces', RECORDING)).status).toBe(200);
  expect(await fates()).toEqual(['taken']);
  expect((await callsOf(gateway, 1)).map(({ id }) => id).sort()).toEqual(before);
});
