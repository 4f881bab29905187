import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { filesIn, freshDirectory, startSpool } from '../../support/spool.ts';
import { threadCpuMs } from '../../support/thread-cpu.ts';
import { until } from '../../support/until.ts';
import { sampleEvents } from '../sample-events.ts';

const ALL = { maxEvents: 1_000_000, maxBytes: 1_000_000_000 };
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

describe.each(['write', 'writeNow'] as const)('many small exports in an outage (%s)', (way) => {
  it('lose nothing below maxBytes, and leave few files', async () => {
    const { spool, lost, files } = startSpool({ maxBytes: 50 * 1024 * 1024 });
    const exports = 3_000;
    for (let index = 0; index < exports; index++) {
      await spool[way](sampleEvents(1));
      if (index % 50 === 0) await nextTurn();
    }
    await until(() => files().length < 300 && files().every(({ state }) => state.type === 'waiting'));
    expect(files().reduce((sum, { events }) => sum + events, 0)).toBe(exports);
    const held = await spool.claim(ALL);
    expect(held.flatMap(({ events }) => events)).toHaveLength(exports);
    expect(held.every(({ isOwn }) => isOwn)).toBe(true);
    expect(lost).toEqual([]);
  });
});

it('at its bound costs no more for each further file', async () => {
  const { spool, files, lost } = startSpool({ maxBytes: 200 * 1024 });
  const cost = async (exports: number): Promise<number> => {
    const startMs = threadCpuMs();
    for (let index = 0; index < exports; index++) await spool.write(sampleEvents(1, { bytes: 1_000 }));
    return threadCpuMs() - startMs;
  };
  // The least of a few tries: what is more is the machine's, not the work's.
  const leastCost = async (tries: number): Promise<number> => {
    let least = Number.POSITIVE_INFINITY;
    for (let index = 0; index < tries; index++) least = Math.min(least, await cost(200));
    return least;
  };
  await cost(200);
  const early = await leastCost(3);
  const late = await leastCost(4);
  expect(4 * late).toBeLessThan(Math.max(9 * early, 400));
  await spool.tidy();
  // For a moment files and what they are joined to are both there.
  await until(() => files().reduce((sum, { bytes }) => sum + bytes, 0) <= 200 * 1024);
  expect(lost.length).toBeGreaterThan(0);
});

describe('ages', () => {
  it('survive steps of the clock in either direction', async () => {
    let offsetMs = 0;
    let monotonicMs = 0;
    const startMs = Date.UTC(2026, 5, 1);
    const clock = {
      now: () => startMs + monotonicMs + offsetMs,
      monotonicMs: () => monotonicMs,
      random: () => 0.5,
      sleep: () => Promise.resolve(),
      keepAwake: () => () => {},
    };
    const { spool, lost } = startSpool({ clock, maxAgeMs: 3_600_000 });
    await spool.write(sampleEvents(1));
    for (const step of [365 * 86_400_000, -365 * 86_400_000]) {
      offsetMs = step;
      await spool.tidy();
      await spool.write(sampleEvents(1));
      await spool.tidy();
      expect(lost).toEqual([]);
    }
    offsetMs = 0;
    monotonicMs = 3_600_001;
    await spool.tidy();
    expect(lost.reduce((sum, { events }) => sum + events, 0)).toBe(3);
  });

  it('of files written before the clock was set begin when they are seen', async () => {
    const { spool, lost } = startSpool({ clock: { ...startSpool().clock, now: () => 5_000 } as never });
    await spool.write(sampleEvents(1));
    const { spool: later, lost: lostLater } = startSpool({ directory: freshDirectory() });
    await later.tidy();
    expect([lost, lostLater]).toEqual([[], []]);
  });
});

describe('a spool file that was tampered with', () => {
  const UUID = '01a22d20-ec5f-76cc-b3f0-b2b754a3dff8';
  const GOOD = { event: '$ai_span', uuid: UUID, distinct_id: 'x', properties: {} };

  function put(directory: string, json: string | Buffer, format = 'posthog-llm-exporter/spool/1') {
    const bytes = Buffer.from(json);
    const header = { format, events: [[UUID, bytes.length, crc32(bytes)]] };
    const file = Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), bytes, Buffer.from('\n')]);
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const name = `1767225600000-aaaaaaaa-000000001-1-${file.length}-aaaaaaaa.waiting`;
    writeFileSync(join(directory, name), file);
    return { name, file };
  }

  it.each<[string, string | Buffer]>([
    ['closes the request and begins another', `${JSON.stringify(GOOD)}],"api_key":"phc_other","x":[{}`],
    ['is two events', `${JSON.stringify(GOOD)},${JSON.stringify(GOOD)}`],
    ['names another project', JSON.stringify({ ...GOOD, api_key: 'phc_other' })],
    ['names another project by its token', JSON.stringify({ ...GOOD, token: 'phc_other' })],
    [
      'names another project in its properties',
      JSON.stringify({ ...GOOD, properties: { token: 'phc_other' } }),
    ],
    ['is another event', JSON.stringify({ ...GOOD, uuid: UUID.replace('01', '02') })],
    ['is none of ours', JSON.stringify({ ...GOOD, event: '$identify' })],
    ['names nobody', JSON.stringify({ ...GOOD, distinct_id: { a: 1 } })],
    ['has bytes that are no UTF-8', Buffer.concat([Buffer.from(JSON.stringify(GOOD)), Buffer.from([0xff])])],
    ['is not JSON', 'x'],
    ['is a list', '[]'],
  ])('and %s is put aside', async (_, json) => {
    const { spool, directory, files, lost } = startSpool();
    put(directory, json);
    expect(await spool.claim(ALL)).toEqual([]);
    expect(files().map(({ state }) => state.type)).toEqual(['damaged']);
    expect(lost).toEqual([{ events: 1, reason: 'spool-damaged', isOwn: false }]);
  });

  it('in nothing is sent', async () => {
    const { spool, directory } = startSpool();
    put(directory, JSON.stringify(GOOD));
    expect((await spool.claim(ALL)).flatMap(({ events }) => events.map(({ uuid }) => uuid))).toEqual([UUID]);
  });

  it('by a later version of the package is left alone, with a line', async () => {
    const { spool, directory, files, logger, lost } = startSpool();
    const { name, file } = put(directory, JSON.stringify(GOOD), 'posthog-llm-exporter/spool/2');
    expect(await spool.claim(ALL)).toEqual([]);
    expect(await spool.claim(ALL)).toEqual([]);
    expect(files().map((entry) => entry.name)).toEqual([name]);
    expect(readFileSync(join(directory, name))).toEqual(file);
    expect(logger.lines.filter((line) => line.includes('later version'))).toHaveLength(1);
    expect(spool.hasBacklog()).toBe(false);
    expect(lost).toEqual([]);
  });
});

describe('a directory', () => {
  it.each(['/proc/x', '/sys/x/y'])('on a virtual file system (%s) is refused at once', async (directory) => {
    const { spool, logger } = startSpool({ directory });
    expect(await spool.write(sampleEvents(1))).toBe('failed');
    expect(spool.writeNow(sampleEvents(1))).toBe('failed');
    expect(spool.writeClaimed(sampleEvents(1))).toBeUndefined();
    expect(logger.lines.join('\n')).toMatch(/cannot be written to \(it is on a virtual file system/);
  });

  it.skipIf(process.getuid?.() !== 0)('of another user is neither written to nor read', async () => {
    const directory = freshDirectory();
    const { spool: theirs } = startSpool({ directory });
    await theirs.write(sampleEvents(1));
    const { chownSync } = await import('node:fs');
    chownSync(directory, 12_345, 12_345);
    const { spool, logger } = startSpool({ directory });
    expect(await spool.write(sampleEvents(1))).toBe('failed');
    expect(await spool.claim(ALL)).toEqual([]);
    expect(logger.lines.join('\n')).toContain('it belongs to another user');
  });

  it('that is made is for the owner only, and so are those above it', async () => {
    const directory = join(freshDirectory(), 'a', 'b');
    const { spool } = startSpool({ directory });
    expect(await spool.write(sampleEvents(1))).toBe('stored');
    for (const path of [directory, join(directory, '..')]) expect(statSync(path).mode & 0o777).toBe(0o700);
    chmodSync(directory, 0o700);
    expect(filesIn(directory)).toHaveLength(1);
  });
});
