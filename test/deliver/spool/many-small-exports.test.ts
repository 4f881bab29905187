import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { PostHogLLMSpanExporter } from '../../../src/sdk/exporter/exporter.ts';
import { collectGarbage } from '../../support/collect-garbage.ts';
import { chatAttributes, createSpanMaker } from '../../support/real-spans.ts';
import { filesIn, freshDirectory } from '../../support/spool.ts';
import { threadCpuMs } from '../../support/thread-cpu.ts';
import { until } from '../../support/until.ts';

/** `npm run check:outage` has as many as a busy application in an hour. */
const EXPORTS = Number(process.env['OUTAGE_EXPORTS'] ?? 1_200);
const MIB = 1024 * 1024;

/** Keeps the ids of what it took, and nothing of what it refused. */
async function startPostHog() {
  const took: string[] = [];
  let isDown = true;
  const server = createServer((request, response) => {
    const body: Buffer[] = [];
    request
      .on('data', (piece: Buffer) => void (isDown || body.push(piece)))
      .on('end', () => {
        response.writeHead(isDown ? 503 : 200, { 'content-type': 'application/json' }).end('{"status":"Ok"}');
        if (isDown) return;
        for (const { uuid } of JSON.parse(Buffer.concat(body).toString()).batch) took.push(uuid);
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const comeBack = (): void => {
    isDown = false;
  };
  return { url, took, comeBack };
}

/** The least of a few looks: files that are being joined are held for a moment. */
async function heldBytes(): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let look = 0; look < 10; look++) {
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const { heapUsed, external } = process.memoryUsage();
    least = Math.min(least, heapUsed + external);
  }
  return least;
}

it.each(['on-failure', 'always'] as const)(
  'thousands of small exports in an outage (%s) leave few files, cost the same each, stay out of memory and arrive once',
  async (mode) => {
    const posthog = await startPostHog();
    const directory = freshDirectory();
    const exporter = new PostHogLLMSpanExporter({
      apiKey: 'phc_outage',
      endpoint: posthog.url,
      compression: 'none',
      maxRetries: 0,
      logger: { error() {}, warn() {}, info() {}, debug() {} },
      spool: { directory, mode },
    });
    onTestFinished(() => exporter.shutdown());
    let seen = 0;
    let mostWaiting = 0;
    const waiting = () => filesIn(directory).filter(({ state }) => state.type === 'waiting').length;
    const exportMany = async (count: number) => {
      const startMs = threadCpuMs();
      let answered = 0;
      for (let index = 0; index < count; index++) {
        // A maker keeps its spans; they must not count.
        exporter.export([createSpanMaker().make('chat', chatAttributes())], ({ code }) => {
          expect(code).toBe(0);
          answered += 1;
        });
        if (index % 200 === 0) mostWaiting = Math.max(mostWaiting, waiting());
        await new Promise((resolve) => setImmediate(resolve));
      }
      await until(() => answered === count);
      const cpuMs = threadCpuMs() - startMs;
      seen += count;
      await until(() => filesIn(directory).length < 200);
      return { cpuMs, bytes: await heldBytes() };
    };
    await exportMany(EXPORTS / 4);
    const small = await exportMany(EXPORTS / 4);
    const large = await exportMany(EXPORTS);

    expect(mostWaiting).toBeLessThan(EXPORTS / 4);
    expect(large.cpuMs).toBeLessThan(9 * small.cpuMs);
    expect(large.bytes - small.bytes).toBeLessThan(4 * MIB);
    expect(exporter.stats()).toMatchObject({
      seen,
      spooled: seen,
      dropped: 0,
      inFlight: 0,
      inFlightBytes: 0,
    });
    posthog.comeBack();
    // What arrives shows that the outage is over.
    await exportMany(1);
    await until(() => exporter.stats().delivered === seen);
    expect(posthog.took).toHaveLength(seen);
    expect(new Set(posthog.took).size).toBe(seen);
    expect(filesIn(directory)).toEqual([]);
  },
);
