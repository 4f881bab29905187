import { join } from 'node:path';
import { expect, it } from 'vitest';
import { folderOfTest } from '../support/folder-of-test.ts';
import { loopbackOfTest } from '../support/loopback-of-test.ts';
import { hexOf, otlpCall, otlpRequest } from '../support/otlp-call.ts';
import { destination, gatewayOfTest } from './gateway-of-test.ts';

const REQUESTS = 60;

/** Two calls, one of which is a mini model's, and a span that is nobody's call. */
function requestOf(number: number): string {
  const traceId = hexOf(number + 1, 32);
  const span = (part: number, ...attributes: readonly object[]) => ({
    ...otlpCall({ traceId, spanId: hexOf(number * 3 + part + 1, 16), name: 'chat' }),
    attributes,
  });
  const call = (model: string) => [
    { key: 'gen_ai.operation.name', value: { stringValue: 'chat' } },
    { key: 'gen_ai.request.model', value: { stringValue: model } },
    { key: 'gen_ai.response.id', value: { stringValue: `${number} ${model}` } },
  ];
  const spans = [span(0, ...call('gpt-4o')), span(1, ...call('gpt-4o-mini')), span(2)];
  return JSON.stringify(otlpRequest(spans));
}

/** Sums of the samples of a metric, by destination. */
function byDestination(metrics: string, name: string): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [, destinationName = '', value] of metrics.matchAll(
    new RegExp(`^${name}\\{destination="([^"]+)".* ([0-9.e+]+)$`, 'gm'),
  ))
    sums[destinationName] = (sums[destinationName] ?? 0) + Number(value);
  return sums;
}

it('a destination that is away all the time costs the other nothing, and the figures of both add up at any moment', async () => {
  const folder = folderOfTest();
  const fine = await loopbackOfTest();
  const away = await loopbackOfTest({ respond: () => ({ do: 'answer', status: 503 }) });
  const { post, admin } = await gatewayOfTest(
    [
      destination({
        name: 'away',
        options: { endpoint: away.url, spool: { directory: join(folder, 'away'), mode: 'always' } },
      }),
      destination({
        name: 'fine',
        options: {
          endpoint: fine.url,
          spool: { directory: join(folder, 'fine'), mode: 'always' },
          rules: { field: 'model', operator: 'equals', value: 'gpt-4o' },
        },
      }),
    ],
    { acknowledge: 'stored' },
  );
  const figures = async () => {
    const text = await (await admin('/metrics')).text();
    const accepted = /^posthog_gateway_receiver_spans_total\{.*outcome="accepted"\} (\d+)$/m.exec(text)?.[1];
    return {
      accepted: Number(accepted ?? 0),
      fates: byDestination(text, 'posthog_gateway_events_total'),
      waiting: byDestination(text, 'posthog_gateway_events_waiting'),
    };
  };
  const sending = Promise.all(
    Array.from({ length: 6 }, async (_, first) => {
      for (let number = first; number < REQUESTS; number += 6)
        expect((await post('/v1/traces', requestOf(number))).status).toBe(200);
    }),
  );
  let isSent = false;
  void sending.then(() => {
    isSent = true;
  });
  while (!isSent) {
    const { accepted, fates, waiting } = await figures();
    for (const name of ['away', 'fine'])
      expect((fates[name] ?? 0) + (waiting[name] ?? 0)).toBeLessThanOrEqual(accepted);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await sending;

  await expect.poll(() => fine.events.length).toBe(REQUESTS);
  await expect.poll(async () => (await figures()).waiting).toMatchObject({ away: REQUESTS * 2, fine: 0 });
  const { accepted, fates, waiting } = await figures();
  expect(accepted).toBe(REQUESTS * 3);
  for (const name of ['away', 'fine']) {
    expect((fates[name] ?? 0) + (waiting[name] ?? 0), name).toBe(accepted);
  }
  expect(away.events).toEqual([]);
});
