import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { PostHogLLMSpanExporter } from '../../../src/sdk/exporter/exporter.ts';
import { exportSpans } from '../../support/export-spans.ts';
import { type LoopbackPostHog, startLoopbackPostHog } from '../../support/loopback-posthog.ts';
import { chatAttributes, createSpanMaker } from '../../support/real-spans.ts';
import { createRecordingLogger } from '../../support/recording-logger.ts';
import { mountSmallDisk, type SmallDisk } from '../../support/small-disk.ts';
import { filesIn, freshDirectory } from '../../support/spool.ts';
import { until } from '../../support/until.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const maker = createSpanMaker();
const chat = () => maker.make('chat', chatAttributes('x'.repeat(4_000)));

async function start(directory: string, mode: 'on-failure' | 'always') {
  let isDown = true;
  const posthog: LoopbackPostHog = await startLoopbackPostHog({
    respond: () => (isDown ? { do: 'answer', status: 503 } : undefined),
  });
  const logger = createRecordingLogger();
  const exporter = new PostHogLLMSpanExporter({
    apiKey: 'phc_disk_trouble',
    endpoint: posthog.url,
    maxRetries: 1,
    logger,
    spool: { directory, mode },
  });
  closers.push(
    () => posthog.close(),
    () => exporter.shutdown(),
  );
  return {
    posthog,
    exporter,
    logger,
    recover: () => {
      isDown = false;
    },
  };
}

/** A disk, or the test is skipped where none can be mounted. */
function disk(kib: number, skip: (why: string) => void): SmallDisk {
  const mounted = mountSmallDisk(kib);
  if (mounted === undefined) {
    skip('mounting a file system needs root');
    throw new Error('unreachable');
  }
  closers.push(mounted.remove);
  return mounted;
}

describe.each(['on-failure', 'always'] as const)('mode %s', (mode) => {
  it('survives a full disk: what fits is kept, the rest is counted, and all goes on when there is room', async ({
    skip,
  }) => {
    const { path } = disk(128, skip);
    const directory = join(path, 'spool');
    const { posthog, exporter, logger, recover } = await start(directory, mode);
    const outcomes = [];
    for (let index = 0; index < 40; index++) outcomes.push(await exportSpans(exporter, [chat(), chat()]));
    const { seen, spooled, dropped, droppedByReason, inFlight, spool } = exporter.stats();
    expect({ seen, inFlight, sum: spooled + dropped }).toEqual({ seen: 80, inFlight: 0, sum: 80 });
    expect(spooled).toBeGreaterThan(10);
    expect(dropped).toBeGreaterThan(10);
    expect(Object.keys(droppedByReason)).toEqual(['server-error']);
    expect(spool?.failedWrites).toBeGreaterThan(0);
    expect(outcomes.filter(({ code }) => code === 1)).toHaveLength(dropped / 2);
    expect(logger.lines.filter((line) => line.includes('ENOSPC'))).toHaveLength(1);
    // No half-written file takes up what little room there is.
    await until(() => filesIn(directory).every(({ state }) => state.type === 'waiting'));

    recover();
    await until(() => exporter.stats().spooled === 0);
    expect(posthog.events).toHaveLength(spooled);
    expect(filesIn(directory)).toEqual([]);
    expect((await exportSpans(exporter, [chat()])).code).toBe(0);
  });
});

describe.each(['on-failure', 'always'] as const)(
  'a directory that is lost while exports go on (%s)',
  (mode) => {
    it.each<[string, (directory: string) => void, 'kept' | 'counted']>([
      ['is made again when it was removed', () => {}, 'kept'],
      ['is used where it leads to when it is a link now', linkElsewhere, 'kept'],
      [
        'costs what comes then when a file is in its place',
        (directory) => writeFileSync(directory, 'x'),
        'counted',
      ],
    ])('%s', async (_, putInItsPlace, fate) => {
      const directory = freshDirectory();
      const { posthog, exporter, recover } = await start(directory, mode);
      // As many as are joined in the background.
      for (let index = 0; index < 80; index++) await exportSpans(exporter, [chat()]);
      lose(directory);
      putInItsPlace(directory);
      const outcomes = await Promise.all(Array.from({ length: 10 }, () => exportSpans(exporter, [chat()])));
      const isKept = fate === 'kept';
      expect(outcomes.map(({ code }) => code)).toEqual(Array(10).fill(isKept ? 0 : 1));
      expect(exporter.stats()).toMatchObject({ seen: 90, dropped: isKept ? 0 : 10, inFlight: 0 });
      recover();
      expect((await exportSpans(exporter, [chat()])).code).toBe(0);
      await until(() => posthog.events.length >= (isKept ? 11 : 1));
      await exporter.shutdown();
      const { seen, delivered, spooled, dropped } = exporter.stats();
      expect(delivered + spooled + dropped).toBe(seen);
    });
  },
);

/** Moved away first: what is written meanwhile would come into a directory that is being emptied. */
function lose(directory: string): void {
  const away = `${directory}-away`;
  renameSync(directory, away);
  rmSync(away, { recursive: true });
}

function linkElsewhere(directory: string): void {
  const elsewhere = `${directory}-elsewhere`;
  mkdirSync(elsewhere, { mode: 0o700 });
  symlinkSync(elsewhere, directory);
}

describe('a disk that cannot be written to', () => {
  const mode = 'always';

  it('sends all the same when the disk is read-only', async ({ skip }) => {
    const { path, makeReadOnly } = disk(128, skip);
    const directory = join(path, 'spool');
    mkdirSync(directory);
    makeReadOnly();
    const { posthog, exporter, logger, recover } = await start(directory, mode);
    recover();
    expect((await exportSpans(exporter, [chat()])).code).toBe(0);
    expect(posthog.events).toHaveLength(1);
    posthog.script({ do: 'answer', status: 503 }, { do: 'answer', status: 503 });
    expect((await exportSpans(exporter, [chat()])).error).toMatchObject({
      droppedByReason: { 'server-error': 1 },
    });
    expect(exporter.stats()).toMatchObject({ seen: 2, delivered: 1, dropped: 1, spooled: 0 });
    expect(logger.lines.join('\n')).toContain('cannot be written to (EROFS)');
  });

  it('leaves files where they are when the disk becomes read-only', async ({ skip }) => {
    const { path, makeReadOnly } = disk(128, skip);
    const directory = join(path, 'spool');
    const { posthog, exporter, recover } = await start(directory, mode);
    await exportSpans(exporter, [chat()]);
    makeReadOnly();
    recover();
    await exportSpans(exporter, [chat()]);
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(filesIn(directory)).toHaveLength(1);
    expect(posthog.events).toHaveLength(1);
    expect(exporter.stats()).toMatchObject({ seen: 2, delivered: 1, spooled: 1 });
  });

  it('sends all the same when the directory cannot be made', async () => {
    const parent = freshDirectory();
    writeFileSync(parent, 'a file');
    const { posthog, exporter, logger, recover } = await start(join(parent, 'spool'), mode);
    recover();
    expect((await exportSpans(exporter, [chat(), chat()])).code).toBe(0);
    expect(posthog.events).toHaveLength(2);
    expect(logger.lines.join('\n')).toContain('ENOTDIR');
  });
});
