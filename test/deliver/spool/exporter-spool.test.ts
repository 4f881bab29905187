import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { PostHogLLMSpoolOptions } from '../../../src/config/options.ts';
import { PostHogLLMSpanExporter } from '../../../src/sdk/exporter/exporter.ts';
import { exportSpans } from '../../support/export-spans.ts';
import {
  type LoopbackOptions,
  type LoopbackPostHog,
  type Scripted,
  startLoopbackPostHog,
} from '../../support/loopback-posthog.ts';
import { chatAttributes, createSpanMaker } from '../../support/real-spans.ts';
import { createRecordingLogger } from '../../support/recording-logger.ts';
import { filesIn, freshDirectory } from '../../support/spool.ts';
import { until } from '../../support/until.ts';

const KEY = 'phc_key_of_the_spooling_exporter';
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

async function server(options: LoopbackOptions = {}): Promise<LoopbackPostHog> {
  const posthog = await startLoopbackPostHog(options);
  closers.push(() => posthog.close());
  return posthog;
}

function exporterFor(endpoint: string, spool: PostHogLLMSpoolOptions, more: object = {}) {
  const logger = createRecordingLogger();
  const exporter = new PostHogLLMSpanExporter({
    apiKey: KEY,
    endpoint,
    maxRetries: 0,
    logger,
    spool,
    ...more,
  });
  closers.push(() => exporter.shutdown());
  return { exporter, logger };
}

const maker = createSpanMaker();
const chat = (prompt?: string) => maker.make('chat gpt-4o-mini', chatAttributes(prompt));
const DOWN: Scripted = { do: 'answer', status: 503 };
const MODES = ['on-failure', 'always'] as const;

describe.each(MODES)('mode %s', (mode) => {
  it('keeps on disk what cannot be delivered, and delivers it once PostHog is back', async () => {
    let isDown = true;
    const posthog = await server({ respond: () => (isDown ? DOWN : undefined) });
    const directory = freshDirectory();
    const { exporter } = exporterFor(posthog.url, { directory, mode });
    expect(await exportSpans(exporter, [chat(), chat(), chat()])).toEqual({ code: 0 });
    expect(exporter.stats()).toMatchObject({ seen: 3, spooled: 3, delivered: 0, dropped: 0, inFlight: 0 });
    isDown = false;
    await until(() => posthog.events.length === 3);
    await until(() => exporter.stats().delivered === 3);
    expect(exporter.stats()).toMatchObject({ seen: 3, spooled: 0, spool: { files: 0, bytes: 0 } });
    expect(filesIn(directory)).toEqual([]);
  });

  it('sends what an earlier process left, as soon as it starts', async () => {
    const directory = freshDirectory();
    const first = exporterFor('http://127.0.0.1:1', { directory, mode });
    const spans = [chat(), chat()];
    expect((await exportSpans(first.exporter, spans)).code).toBe(0);
    await first.exporter.shutdown();
    const posthog = await server();
    const second = exporterFor(posthog.url, { directory, mode });
    await until(() => posthog.events.length === 2);
    await until(() => second.exporter.stats().spool?.recovered.delivered === 2);
    expect(second.exporter.stats()).toMatchObject({ seen: 0, delivered: 0, spooled: 0 });
    // The same events, byte for byte, as a direct delivery gives.
    const direct = await server();
    await exportSpans(exporterFor(direct.url, { directory: freshDirectory() }).exporter, spans);
    expect(posthog.events.map((event) => JSON.stringify(event))).toEqual(
      direct.events.map((event) => JSON.stringify(event)),
    );
  });

  it('leaves nothing behind when all is well, and nothing of a key ever', async () => {
    const posthog = await server();
    const directory = freshDirectory();
    const { exporter } = exporterFor(posthog.url, { directory, mode });
    for (let index = 0; index < 5; index++) await exportSpans(exporter, [chat()]);
    expect(existsSync(directory) ? readdirSync(directory) : []).toEqual([]);
    expect(posthog.events).toHaveLength(5);
    posthog.script(DOWN, DOWN);
    await exportSpans(exporter, [chat('PROMPT-IN-SPOOL')]);
    const [file] = filesIn(directory);
    const content = readFileSync(join(directory, file?.name ?? ''), 'utf8');
    expect(content).toContain('PROMPT-IN-SPOOL');
    expect(content + file?.name).not.toContain(KEY);
  });

  it('has no content in the spool in privacy mode', async () => {
    const directory = freshDirectory();
    const { exporter } = exporterFor('http://127.0.0.1:1', { directory, mode }, { privacyMode: true });
    await exportSpans(exporter, [chat('PROMPT-IN-SPOOL')]);
    const content = readFileSync(join(directory, filesIn(directory)[0]?.name ?? ''), 'utf8');
    expect(content).toContain('$ai_generation');
    expect(content).not.toContain('PROMPT-IN-SPOOL');
  });

  it('keeps the events that PostHog may take later, and drops the one it refuses for what it is', async () => {
    const directory = freshDirectory();
    // The largest event that this PostHog takes is smaller than what cannot be cut.
    const posthog = await server({ aiMaxEventBytes: 600, captureMaxEventBytes: 600 });
    const { exporter } = exporterFor(posthog.url, { directory, mode });
    const { code, error } = await exportSpans(exporter, [chat()]);
    expect(code).toBe(1);
    expect(error).toMatchObject({ droppedByReason: { 'too-large': 1 } });
    expect(exporter.stats()).toMatchObject({ seen: 1, dropped: 1, spooled: 0 });
    expect(filesIn(directory)).toEqual([]);
  });

  it('hands over on shutdown what is waiting for a retry, at once', async () => {
    const posthog = await server({
      respond: () => ({ do: 'answer', status: 503, headers: { 'retry-after': '20' } }),
    });
    const directory = freshDirectory();
    const { exporter } = exporterFor(posthog.url, { directory, mode }, { maxRetries: 5 });
    const outcome = exportSpans(exporter, [chat(), chat()]);
    await until(() => posthog.requests.length > 0);
    const startedMs = performance.now();
    await exporter.shutdown();
    expect(performance.now() - startedMs).toBeLessThan(15_000);
    expect((await outcome).code).toBe(0);
    expect(filesIn(directory).map(({ events, state }) => [events, state.type])).toEqual([[2, 'waiting']]);
    expect(exporter.stats()).toMatchObject({ seen: 2, spooled: 2, inFlight: 0 });
    expect((await exportSpans(exporter, [chat()])).error).toMatchObject({ droppedByReason: { shutdown: 1 } });
  });

  it('aborts a request that does not end in time, and spools its events', async () => {
    const posthog = await server({ respond: () => ({ do: 'stall' }) });
    const directory = freshDirectory();
    const options = { timeoutMs: 300, deadlineMs: 2_000 };
    const { exporter } = exporterFor(posthog.url, { directory, mode }, options);
    const outcome = exportSpans(exporter, [chat()]);
    await until(() => posthog.requests.length > 0);
    await exporter.shutdown();
    expect((await outcome).code).toBe(0);
    expect(filesIn(directory)).toHaveLength(1);
  });

  it('lets two exporters for two projects share a directory', async () => {
    const directory = freshDirectory();
    const other = { apiKey: 'phc_another_project_altogether' };
    await exportSpans(exporterFor('http://127.0.0.1:1', { directory, mode }, other).exporter, [chat()]);
    const posthog = await server();
    const { exporter } = exporterFor(posthog.url, { directory, mode });
    await exportSpans(exporter, [chat()]);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(posthog.events).toHaveLength(1);
    expect(filesIn(directory)).toHaveLength(1);
  });
});

describe('the mode always', () => {
  it('has the spans on disk when export returns', async () => {
    const posthog = await server({ respond: () => ({ do: 'stall' }) });
    const directory = freshDirectory();
    const { exporter } = exporterFor(posthog.url, { directory, mode: 'always' }, { timeoutMs: 300 });
    let calledBack = false;
    exporter.export([chat(), chat(), chat()], () => {
      calledBack = true;
    });
    expect(filesIn(directory).map(({ events, state }) => [events, state.type])).toEqual([[3, 'claimed']]);
    expect(calledBack).toBe(false);
    expect(posthog.requests).toHaveLength(0);
  });

  it('writes a large batch slice by slice, and sends it in one body', async () => {
    const posthog = await server();
    const directory = freshDirectory();
    const { exporter } = exporterFor(posthog.url, { directory, mode: 'always' });
    await exportSpans(
      exporter,
      Array.from({ length: 400 }, () => chat('long prompt '.repeat(500))),
    );
    expect(posthog.requests.map(({ events }) => events.length)).toEqual([400]);
    expect(filesIn(directory)).toEqual([]);
  });
});

describe('the mode on-failure', () => {
  it('makes one short attempt during an outage, so that exports do not pile up behind it', async () => {
    const posthog = await server({ respond: () => DOWN });
    const { exporter } = exporterFor(posthog.url, { directory: freshDirectory() }, { maxRetries: 2 });
    await exportSpans(exporter, [chat()]);
    const before = posthog.requests.length;
    expect(before).toBe(3);
    await exportSpans(exporter, [chat()]);
    expect(exporter.stats().spooled).toBe(2);
    // One of its own, and at most one of the replay.
    expect(posthog.requests.length - before).toBeLessThanOrEqual(2);
  });
});
