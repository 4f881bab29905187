import { afterEach, describe, expect, it } from 'vitest';
import { PostHogLLMSpanExporter } from '../../src/sdk/exporter/exporter.ts';
import { exportSpans } from '../support/export-spans.ts';
import {
  type LoopbackOptions,
  type LoopbackPostHog,
  type Scripted,
  startLoopbackPostHog,
} from '../support/loopback-posthog.ts';
import { chatAttributes, createSpanMaker } from '../support/real-spans.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { filesIn, freshDirectory } from '../support/spool.ts';
import { longestStretchMs } from '../support/thread-cpu.ts';
import { until } from '../support/until.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function start(options: LoopbackOptions, more: object) {
  const posthog: LoopbackPostHog = await startLoopbackPostHog(options);
  const exporter = new PostHogLLMSpanExporter({
    apiKey: 'phc_bounds',
    endpoint: posthog.url,
    maxRetries: 0,
    logger: createRecordingLogger(),
    ...more,
  });
  closers.push(
    () => posthog.close(),
    () => exporter.shutdown(),
  );
  return { posthog, exporter };
}

const maker = createSpanMaker();
const chat = (bytes = 10 * KIB) => maker.make('chat', chatAttributes('x'.repeat(bytes)));
const STALL: Scripted = { do: 'stall' };

/**
 * A server that answers nothing before so many bytes are in flight, so that a busy machine is waited for.
 * @returns the most bytes that were seen in flight
 */
async function startSlow(beforeAnswers: number, delayMs: number, more: object) {
  let mostBytes = 0;
  let reach = (): void => {};
  const isReached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  const started = await start(
    {
      respond: () =>
        mostBytes < beforeAnswers ? { do: 'wait', for: isReached } : { do: 'delay', ms: delayMs },
    },
    more,
  );
  const watching = setInterval(() => {
    mostBytes = Math.max(mostBytes, started.exporter.stats().inFlightBytes);
    if (mostBytes >= beforeAnswers) reach();
  }, 1);
  closers.push(() => clearInterval(watching));
  return { ...started, mostBytes: () => mostBytes };
}

describe('bytes in flight', () => {
  it('stay within the bound, and exports wait for room', async () => {
    const { posthog, exporter, mostBytes } = await startSlow(51 * KIB, 15, {
      maxInFlightBytes: 100 * KIB,
      maxBatchBytes: 32 * KIB,
    });
    const outcomes = await Promise.all(
      Array.from({ length: 5 }, () => exportSpans(exporter, [chat(), chat(), chat()])),
    );
    const large = await exportSpans(
      exporter,
      Array.from({ length: 60 }, () => chat()),
    );
    expect([...outcomes, large].map(({ code }) => code)).toEqual(Array(6).fill(0));
    expect(posthog.events).toHaveLength(75);
    // One event may go over it, so that one larger than the bound comes through at all.
    expect(mostBytes()).toBeLessThan(112 * KIB);
    expect(mostBytes()).toBeGreaterThan(50 * KIB);
    expect(exporter.stats().inFlightBytes).toBe(0);
  });

  it('are not exceeded by waiting either: what finds no room in time is dropped and counted', async () => {
    const { exporter } = await start(
      { respond: () => STALL },
      { maxInFlightBytes: 64 * KIB, timeoutMs: 400, deadlineMs: 600 },
    );
    const startedMs = performance.now();
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, () => exportSpans(exporter, [chat(), chat()])),
    );
    expect(performance.now() - startedMs).toBeLessThan(20_000);
    expect(outcomes.every(({ code }) => code === 1)).toBe(true);
    const { droppedByReason, dropped, inFlight } = exporter.stats();
    expect({ dropped, inFlight }).toEqual({ dropped: 80, inFlight: 0 });
    expect(droppedByReason.overloaded).toBeGreaterThan(50);
  });

  const largeSpans = () => Array.from({ length: 60 }, () => chat(400 * KIB));

  it('of one export do not run ahead of a slow network', async () => {
    const { posthog, exporter, mostBytes } = await startSlow(5 * MIB + 1, 100, {});
    const outcome = await exportSpans(exporter, largeSpans());
    expect(outcome.code).toBe(0);
    expect(new Set(posthog.events.map(({ uuid }) => uuid)).size).toBe(60);
    expect(mostBytes()).toBeGreaterThan(5 * MIB);
    expect(mostBytes()).toBeLessThan(7 * MIB);
  });

  it('are no reason to wait once the exporter is shut down: every event has its try', async () => {
    const { posthog, exporter } = await start(
      { respond: () => ({ do: 'delay', ms: 500 }) },
      { shutdownTimeoutMs: 20_000 },
    );
    const outcome = exportSpans(exporter, largeSpans());
    await until(() => posthog.requests.length > 0);
    await exporter.shutdown();
    expect((await outcome).code).toBe(0);
    expect(new Set(posthog.events.map(({ uuid }) => uuid)).size).toBe(60);
    expect(posthog.requests.length).toBeLessThan(30);
  });

  it.each(['on-failure', 'always'] as const)(
    'go to the disk at once when there is a spool (%s), and nothing is dropped',
    async (mode) => {
      let isDown = true;
      const directory = freshDirectory();
      const { posthog, exporter } = await start(
        { respond: () => (isDown ? STALL : undefined) },
        { maxInFlightBytes: 64 * KIB, timeoutMs: 600, spool: { directory, mode } },
      );
      const outcomes = Array.from({ length: 40 }, () => exportSpans(exporter, [chat(), chat()]));
      await until(() => exporter.stats().spooled >= 60);
      // While the requests that hold the memory are still under way.
      expect(exporter.stats().inFlight).toBeGreaterThan(0);
      expect(exporter.stats().inFlightBytes).toBeLessThan(80 * KIB);
      isDown = false;
      expect((await Promise.all(outcomes)).every(({ code }) => code === 0)).toBe(true);
      await until(() => exporter.stats().delivered === 80);
      expect(new Set(posthog.events.map(({ uuid }) => uuid)).size).toBe(80);
      expect(exporter.stats()).toMatchObject({ dropped: 0, spooled: 0 });
      expect(filesIn(directory)).toEqual([]);
    },
  );
});

describe('flush and shutdown', () => {
  it('end within their time when PostHog never answers, and can be called again', async () => {
    const { exporter } = await start({ respond: () => STALL }, { timeoutMs: 60_000, deadlineMs: 400 });
    const outcome = exportSpans(exporter, [chat()]);
    const startedMs = performance.now();
    await Promise.all([exporter.forceFlush(), exporter.forceFlush()]);
    expect(performance.now() - startedMs).toBeLessThan(20_000);
    expect((await outcome).code).toBe(1);
    const hanging = exportSpans(exporter, [chat()]);
    const first = exporter.shutdown();
    expect(exporter.shutdown()).toBe(first);
    await first;
    expect((await hanging).code).toBe(1);
    expect(performance.now() - startedMs).toBeLessThan(20_000);
    expect(exporter.stats()).toMatchObject({ seen: 2, dropped: 2, inFlight: 0 });
    await exporter.forceFlush();
    await exporter.shutdown();
    expect((await exportSpans(exporter, [chat()])).error).toMatchObject({ droppedByReason: { shutdown: 1 } });
  });

  it('give what waits for room its try as well', async () => {
    const { exporter } = await start({ respond: () => STALL }, { maxInFlightBytes: 4 * KIB, timeoutMs: 300 });
    const outcomes = [exportSpans(exporter, [chat()]), exportSpans(exporter, [chat()])];
    await exporter.shutdown();
    expect((await Promise.all(outcomes)).map(({ code }) => code)).toEqual([1, 1]);
    expect(exporter.stats().droppedByReason).toEqual({ timeout: 2 });
  });
});

describe('the event loop', () => {
  it.each([
    ['without a spool', undefined],
    ['with everything spooled', 'always'],
  ] as const)('is not held for long by a large batch, %s', async (_, mode) => {
    const spool = mode === undefined ? {} : { spool: { directory: freshDirectory(), mode } };
    const { exporter } = await start({ respond: () => ({ do: 'answer', status: 200 }) }, spool);
    const batch = () => Array.from({ length: 512 }, () => chat(6 * KIB));
    await exportSpans(exporter, batch());
    // CPU and not time: the machine may be busy with other things. Without slices it would be hundreds of milliseconds.
    let bestMs = Number.POSITIVE_INFINITY;
    for (let attempt = 0; attempt < 6 && bestMs > 50; attempt++) {
      const spans = batch();
      bestMs = Math.min(bestMs, await longestStretchMs(() => exportSpans(exporter, spans)));
    }
    expect(bestMs).toBeLessThan(80);
  });
});
