import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { collectGarbage } from '../support/collect-garbage.ts';
import { exportSpans } from '../support/export-spans.ts';
import { createExporterWithClock } from '../support/exporter-with-clock.ts';
import { chatAttributes, createSpanMaker } from '../support/real-spans.ts';
import { filesIn, freshDirectory } from '../support/spool.ts';
import { until } from '../support/until.ts';
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.ts';

const MIB = 1024 * 1024;
const MINUTE_MS = 60_000;
const HOURS = 24;

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** Counts requests and keeps nothing, so that the memory of this process is that of the exporter. */
async function startCountingServer() {
  let isDown = false;
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    request.resume().on('end', () => {
      response.writeHead(isDown ? 503 : 200, { 'content-type': 'application/json' });
      response.end('{"status":"Ok"}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    setDown: (down: boolean) => {
      isDown = down;
    },
  };
}

/** Lets virtual time pass while real sockets and files do their work. */
async function pass(clock: VirtualClock, stepMs: number, work: Promise<unknown>): Promise<void> {
  let isDone = false;
  void work.finally(() => {
    isDone = true;
  });
  while (!isDone) {
    clock.advance(stepMs);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Heap and buffers when everything is gone that can go. */
async function memoryBytes(): Promise<number> {
  collectGarbage();
  await new Promise((resolve) => setTimeout(resolve, 5));
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

it.each([
  ['without a spool', undefined],
  ['with a spool on failure', 'on-failure'],
  ['with everything spooled', 'always'],
] as const)('a day with an outage of twenty hours leaves memory flat, %s', async (_, mode) => {
  const server = await startCountingServer();
  const clock = createVirtualClock({ mode: 'manual' });
  const directory = freshDirectory();
  const spool = mode === undefined ? {} : { spool: { directory, mode, maxBytes: MIB } };
  const quiet = { error() {}, warn() {}, info() {}, debug() {} };
  const exporter = createExporterWithClock(
    { apiKey: 'phc_day', endpoint: server.url, maxRetries: 2, logger: quiet, ...spool },
    clock,
  );
  let seen = 0;
  const memory: number[] = [];
  for (let minute = 0; minute < HOURS * 60; minute += 30) {
    if (minute === 2 * 60) server.setDown(true);
    if (minute === 22 * 60) server.setDown(false);
    // A maker keeps its spans; they must not count.
    const maker = createSpanMaker();
    const spans = Array.from({ length: 10 }, () => maker.make('chat', chatAttributes('x'.repeat(18_000))));
    seen += spans.length;
    await pass(clock, 100, exportSpans(exporter, spans));
    for (let passed = 0; passed < 30; passed++) {
      clock.advance(MINUTE_MS);
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (minute % 240 === 60 && minute < 22 * 60) memory.push(await memoryBytes());
  }
  const drained = until(() => exporter.stats().spooled === 0);
  await pass(clock, 20, drained);
  memory.push(await memoryBytes());
  const stats = exporter.stats();
  expect(stats).toMatchObject({ seen, inFlight: 0, inFlightBytes: 0 });
  expect(stats.delivered + stats.dropped + stats.spooled).toBe(seen);
  // The outage outgrew the spool by far: some 8 MiB of events, which a leak would keep.
  expect(stats.dropped).toBeGreaterThan(seen / 2);
  if (mode !== undefined) {
    expect(Object.keys(stats.droppedByReason)).toEqual(['spool-full']);
    expect(filesIn(directory).reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(MIB);
  }
  const [, warm = 0, ...later] = memory;
  expect(Math.max(...later) - warm).toBeLessThan(4 * MIB);
  await pass(clock, 1_000, exporter.shutdown());
});
