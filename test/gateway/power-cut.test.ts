import { createHash } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { folderOfTest } from '../support/folder-of-test.ts';
import { loopbackOfTest } from '../support/loopback-of-test.ts';
import type { LoopbackPostHog } from '../support/loopback-posthog.ts';
import { hexOf, otlpCall, otlpRequest } from '../support/otlp-call.ts';
import type { Left } from '../support/recorded-disk.ts';
import { destination, type GatewayOfTest, gatewayOfTest } from './gateway-of-test.ts';

const { recorder, replayDisk, writeAfterBoot } = await vi.hoisted(async () => {
  const module = await import('../support/recorded-disk.ts');
  return { ...module, recorder: module.createDiskRecorder() };
});
vi.mock('../../src/deliver/spool/disk.ts', async (original) =>
  recorder.record(await original<typeof import('../../src/deliver/spool/disk.ts')>()),
);

/** `npm run check:power-cut` cuts after each change of the disk; the test after so many, and around some of the answers. */
const CUTS = process.env['POWER_CUTS'] === 'all' ? Number.POSITIVE_INFINITY : 40;

const LANES = ['product', 'spend'] as const;
type LaneName = (typeof LANES)[number];

type Mark =
  | { readonly answered: readonly string[] }
  | { readonly lane: LaneName; readonly delivered: ReadonlyMap<string, string> };

/** What the request of this number holds: calls with span ids of their own. */
function requestOf(number: number) {
  const spanIds = Array.from({ length: 3 }, (_, part) => hexOf(number * 3 + part + 1, 16));
  const spans = spanIds.map((spanId) => otlpCall({ traceId: spanId.repeat(2), spanId }));
  return { spanIds, body: JSON.stringify(otlpRequest(spans)) };
}

/** Event ids by span. */
function idsOf(events: LoopbackPostHog['events']): Map<string, string> {
  return new Map(
    events.map(({ uuid, properties }) => [String(Object(properties).$ai_span_id), String(uuid)]),
  );
}

function start(folder: string, posthogs: Readonly<Record<LaneName, LoopbackPostHog>>) {
  return gatewayOfTest(
    LANES.map((name) =>
      destination({
        name,
        options: {
          endpoint: posthogs[name].url,
          deadlineMs: 1_000,
          maxRetries: 1,
          compression: 'none',
          spool: { directory: join(folder, 'spool', name), mode: 'always' },
        },
      }),
    ),
    { acknowledge: 'stored' },
  );
}

/** Sends the requests of these numbers until each is answered with 200, some at a time, as senders do. */
async function sendAll({ post }: GatewayOfTest, from: number, count: number): Promise<void> {
  const numbers = Array.from({ length: count }, (_, index) => from + index);
  await Promise.all(
    Array.from({ length: 6 }, async () => {
      for (let number = numbers.pop(); number !== undefined; number = numbers.pop()) {
        const { spanIds, body } = requestOf(number);
        while (!(await post('/v1/traces', body)).ok) await new Promise((again) => setTimeout(again, 20));
        recorder.mark({ answered: spanIds } satisfies Mark);
      }
    }),
  );
}

/** Requests while one destination after the other is away, and while the disk of one cannot be trusted. */
async function record(folder: string): Promise<void> {
  const down = new Set<LaneName>();
  const posthogOf = (lane: LaneName) =>
    loopbackOfTest({
      respond: ({ events }) => {
        if (down.has(lane)) return { do: 'answer', status: 503 };
        recorder.mark({ lane, delivered: idsOf(events) } satisfies Mark);
        return undefined;
      },
    });
  const gateway = await start(folder, {
    product: await posthogOf('product'),
    spend: await posthogOf('spend'),
  });
  await sendAll(gateway, 0, 20);
  down.add('product');
  // As many as are joined into larger files.
  await sendAll(gateway, 20, 480);
  recorder.refuse(join(folder, 'spool', 'product'));
  const refused = sendAll(gateway, 500, 20);
  await new Promise((resolve) => setTimeout(resolve, 200));
  recorder.refuse(undefined);
  await refused;
  down.add('spend');
  await sendAll(gateway, 520, 20);
  down.clear();
  await sendAll(gateway, 540, 20);
  await gateway.gateway.stop();
}

it('what was answered is delivered after a power cut at any moment, once, by the destination that had it not', async () => {
  const folder = folderOfTest();
  await record(folder);
  const { changes } = recorder;
  const total = changes.length;
  expect(changes.filter(({ op }) => op === 'rename').length).toBeGreaterThan(200);
  const posthogs = { product: await loopbackOfTest(), spend: await loopbackOfTest() };

  const disk = replayDisk(folder, [...changes]);
  const answered = new Set<string>();
  const delivered = { product: new Map<string, string>(), spend: new Map<string, string>() };
  const tried = new Set<string>();
  const every = Math.max(1, Math.floor(total / CUTS));
  for (const [index, change] of changes.slice(0, total).entries()) {
    disk.apply(change, index);
    if (change.op === 'mark') {
      const mark = change.mark as Mark;
      if ('answered' in mark) for (const spanId of mark.answered) answered.add(spanId);
      else for (const [spanId, uuid] of mark.delivered) delivered[mark.lane].set(spanId, uuid);
    }
    if (index % every !== 0 && index < total - 1) continue;
    for (const left of ['forced', 'names', 'all'] satisfies Left[]) {
      const files = disk.filesLeft(left);
      const owed = (lane: LaneName) => [...answered].filter((spanId) => !delivered[lane].has(spanId));
      const state = JSON.stringify([hashOf(files), LANES.map(owed)]);
      if (tried.has(state)) continue;
      tried.add(state);
      const afterBoot = join(folder, 'again', String(tried.size));
      writeAfterBoot(afterBoot, files);
      const seen = { product: posthogs.product.events.length, spend: posthogs.spend.events.length };
      const gateway = await start(afterBoot, posthogs);
      const arrived = (lane: LaneName) => idsOf(posthogs[lane].events.slice(seen[lane]));
      const missing = () =>
        LANES.flatMap((lane) => {
          const now = arrived(lane);
          return owed(lane)
            .filter((spanId) => !now.has(spanId))
            .map((spanId) => `${lane} ${spanId}`);
        });
      await expect
        .poll(missing, { interval: 5, message: `cut after change ${index}, left: ${left}` })
        .toEqual([])
        .catch((error: unknown) => {
          // What is still there says whether the events are late or lost.
          const before = [...files.keys()].join('\n');
          const now = readdirSync(afterBoot, { recursive: true }).join('\n');
          throw new Error(`${error}\nfiles after the cut:\n${before}\nfiles now:\n${now}`, { cause: error });
        });
      await gateway.gateway.stop();
      for (const lane of LANES)
        for (const [spanId, uuid] of arrived(lane))
          expect(delivered[lane].get(spanId) ?? uuid, `id of ${spanId} at ${lane}`).toBe(uuid);
      rmSync(afterBoot, { recursive: true, force: true });
    }
  }
  expect(answered.size).toBe(560 * 3);
  expect(tried.size).toBeGreaterThan(20);
  if (CUTS === Number.POSITIVE_INFINITY)
    console.log(`${tried.size} disks after ${total} changes, nothing lost`);
}, 3_600_000);

function hashOf(files: ReadonlyMap<string, Buffer>): string {
  const hash = createHash('sha256');
  for (const [path, content] of [...files].sort(([one], [other]) => (one < other ? -1 : 1)))
    hash.update(path).update(content);
  return hash.digest('hex');
}
