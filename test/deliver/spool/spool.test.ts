import { mkdirSync, readFileSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { whoAmI } from '../../../src/deliver/spool/owner.ts';
import { nameEntry, parseSpoolName } from '../../../src/deliver/spool/spool-name.ts';
import { ALL, filesIn, freshDirectory, startSpool, states } from '../../support/spool.ts';
import { labelOf, sampleEvent, sampleEvents } from '../sample-events.ts';

const labels = (
  files: readonly { readonly events: readonly { readonly json: Buffer; readonly uuid: string }[] }[],
) => files.flatMap(({ events }) => events.map(labelOf));

describe('a spool file', () => {
  it('holds the events byte for byte, one a line, and no more than a header besides', async () => {
    const { spool, directory, files } = startSpool();
    const events = sampleEvents(3);
    expect(await spool.write(events)).toBe('stored');
    const [file] = files();
    const lines = readFileSync(join(directory, file?.name ?? ''))
      .toString('utf8')
      .split('\n');
    expect(lines.slice(1, -1)).toEqual(events.map(({ json }) => json.toString('utf8')));
    expect(Object.keys(JSON.parse(lines[0] ?? ''))).toEqual(['format', 'events']);
    expect(file).toMatchObject({ events: 3, bytes: statSync(join(directory, file?.name ?? '')).size });
  });

  it.skipIf(process.platform === 'win32')('is for the owner only, as is the directory', async () => {
    const { spool, directory, files } = startSpool();
    await spool.write(sampleEvents(1));
    spool.writeClaimed(sampleEvents(1));
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(files().map(({ name }) => statSync(join(directory, name)).mode & 0o777)).toEqual([0o600, 0o600]);
  });

  it('survives a name and back', () => {
    const owner = { ...whoAmI(), untilMs: 1_767_225_600_000 };
    const parts = { createdMs: 1_767_225_600_000, writer: '0123abcd', number: 7, events: 3, bytes: 900 };
    for (const state of [
      { type: 'waiting' } as const,
      { type: 'damaged' } as const,
      { type: 'claimed', owner, token: 'deadbeef' } as const,
      { type: 'partial', owner, token: 'deadbeef' } as const,
    ]) {
      const entry = nameEntry({ ...parts, destination: 'aaaaaaaa', state });
      expect(parseSpoolName(entry.name)).toEqual(entry);
    }
    for (const name of [
      '',
      'notes.txt',
      '.waiting',
      `${'1'.repeat(13)}-0123abcd-000007-3-900-aaaaaaaa.gone`,
    ]) {
      expect(parseSpoolName(name)).toBeUndefined();
    }
  });
});

describe('claiming', () => {
  it('gives every file to one of many claimants', async () => {
    const { spool, directory } = startSpool();
    for (let index = 0; index < 40; index++) await spool.write([sampleEvent(`e${index}`)]);
    const others = Array.from({ length: 5 }, () => startSpool({ directory }).spool);
    const claims = await Promise.all([spool, ...others].map((each) => each.claim(ALL)));
    const all = claims.flatMap(labels);
    expect(all).toHaveLength(40);
    expect(new Set(all).size).toBe(40);
  });

  it('takes the oldest first, up to the limits, but one file in any case', async () => {
    const { spool, clock } = startSpool();
    for (const label of ['a', 'b', 'c']) {
      await spool.write([sampleEvent(label, { bytes: 2_000 })]);
      clock.advance(1);
    }
    expect(labels(await spool.claim({ maxEvents: 2, maxBytes: 1e6 }))).toEqual(['a', 'b']);
    expect(labels(await spool.claim({ maxEvents: 10, maxBytes: 1 }))).toEqual(['c']);
    expect(await spool.claim(ALL)).toEqual([]);
  });

  it('leaves the files of other projects alone unless told otherwise', async () => {
    const { spool, directory } = startSpool();
    await spool.write(sampleEvents(2));
    const other = startSpool({ directory, destination: 'bbbbbbbb' }).spool;
    expect(await other.claim(ALL)).toEqual([]);
    expect(other.hasBacklog()).toBe(false);
    expect(await other.claim({ ...ALL, destination: 'any' })).toHaveLength(1);
  });

  it.each([
    ['nothing', []],
    ['some', ['b']],
    ['everything', ['a', 'b', 'c']],
  ])('keeps what is left when released: %s', async (_, left) => {
    const { spool, files, clock } = startSpool();
    await spool.write(['a', 'b', 'c'].map((label) => sampleEvent(label)));
    const [createdMs] = files().map((file) => file.createdMs);
    clock.advance(5_000);
    const [held] = await spool.claim(ALL);
    await held?.release(held.events.filter((event) => left.some((label) => label === labelOf(event))));
    expect(files().map((file) => [file.state.type, file.events, file.createdMs])).toEqual(
      left.length === 0 ? [] : [['waiting', left.length, createdMs]],
    );
    const [again] = await spool.claim(ALL);
    expect(labels(again ? [again] : [])).toEqual(left);
    expect(again?.isOwn ?? true).toBe(true);
  });
});

describe('files of processes that are no more', () => {
  const me = whoAmI();
  /** The process that started this one; not every system tells since when. */
  const ALIVE = { pid: process.ppid, startTicks: 0 };
  const UNTIL = Date.UTC(2026, 0, 1) + 90_000;

  it.each([
    ['its process ended', { pid: 2 ** 22 + 1 }, 'waiting'],
    ['its process id belongs to a later process', { startTicks: me.startTicks + 1 }, 'waiting'],
    [
      'it is on another machine and its time is not over',
      { machine: 'ffffffff', pid: 2 ** 22 + 1 },
      'claimed',
    ],
    [
      'it is on another machine and its time is over',
      { machine: 'ffffffff', untilMs: UNTIL - 90_001 },
      'waiting',
    ],
    ['it is another process, alive, and its time is over', { ...ALIVE, untilMs: UNTIL - 90_001 }, 'waiting'],
    ['it is another process, alive, and its time is not over', ALIVE, 'claimed'],
    ['it is this process and its time is over', { untilMs: UNTIL - 90_001 }, 'claimed'],
  ])('are freed when %s', async (_, changes, expected) => {
    const { spool, directory, files } = startSpool();
    const held = spool.writeClaimed(sampleEvents(2));
    expect(held).toBeDefined();
    const [entry] = files();
    if (entry?.state.type !== 'claimed') throw new Error('not claimed');
    const owner = { ...entry.state.owner, ...changes };
    const changed = nameEntry({ ...entry, state: { ...entry.state, owner } });
    renameSync(join(directory, entry.name), join(directory, changed.name));
    await startSpool({ directory }).spool.tidy();
    expect(states(files())).toEqual([expected]);
  });

  it('are read as far as they were written, and told of', async () => {
    const { spool, directory, files, lost, logger } = startSpool();
    await spool.write(['a', 'b', 'c'].map((label) => sampleEvent(label)));
    const [entry] = files();
    if (entry === undefined) throw new Error('nothing stored');
    const whole = readFileSync(join(directory, entry.name));
    const owner = { ...me, untilMs: UNTIL, pid: 2 ** 22 + 1 };
    const partial = nameEntry({ ...entry, state: { type: 'partial', owner, token: 'deadbeef' } });
    renameSync(join(directory, entry.name), join(directory, partial.name));
    writeFileSync(join(directory, partial.name), whole.subarray(0, whole.length - 30));
    await spool.tidy();
    expect(labels(await spool.claim(ALL))).toEqual(['a', 'b']);
    expect(states(files()).sort()).toEqual(['claimed', 'damaged']);
    expect(lost).toEqual([{ events: 1, reason: 'spool-damaged', isOwn: true }]);
    expect(logger.lines.join()).toContain('2 of 3 events could be read');
  });
});

describe('a damaged file', () => {
  const stored = async () => {
    const started = startSpool();
    await started.spool.write(['a', 'b', 'c'].map((label) => sampleEvent(label)));
    const path = join(started.directory, started.files()[0]?.name ?? '');
    return { ...started, path, content: readFileSync(path) };
  };

  it.each<[string, (content: Buffer) => Buffer, string[]]>([
    ['empty', () => Buffer.alloc(0), []],
    ['not ours', () => Buffer.from('{"format":"something else","events":[]}\n'), []],
    ['binary', (content) => content.map((byte) => byte ^ 0xff) as Buffer, []],
    ['cut in the header', (content) => content.subarray(0, 40), []],
    ['cut after the header', (content) => content.subarray(0, content.indexOf('\n') + 1), []],
    ['cut in the last event', (content) => content.subarray(0, content.length - 10), ['a', 'b']],
    [
      'changed within an event',
      (content) => {
        const copy = Buffer.from(content);
        copy[content.lastIndexOf('"distinct_id"') + 1] = 0x58;
        return copy;
      },
      ['a', 'b'],
    ],
    ['followed by something', (content) => Buffer.concat([content, Buffer.from('more')]), ['a', 'b', 'c']],
  ])('%s gives what can be read, and is put aside', async (_, damage, expected) => {
    const { spool, path, content, files, lost, logger } = await stored();
    writeFileSync(path, damage(content));
    expect(labels(await spool.claim(ALL))).toEqual(expected);
    expect(states(files())).toContain('damaged');
    expect(lost.reduce((sum, { events }) => sum + events, 0)).toBe(3 - expected.length);
    expect(spool.status().damagedFiles).toBe(1);
    expect(logger.lines).toHaveLength(1);
    expect(logger.lines[0]).not.toContain('distinct_id');
  });

  it('is dropped in the end, without being counted again', async () => {
    const { spool, path, files, lost, clock } = await stored();
    writeFileSync(path, 'x');
    await spool.claim(ALL);
    clock.advance(60 * 60 * 1000 + 1);
    await spool.tidy();
    expect(files()).toEqual([]);
    expect(lost).toHaveLength(1);
  });
});

describe('bounds', () => {
  it('drops the oldest for newer ones, and counts them', async () => {
    const { spool, files, lost, clock } = startSpool({ maxBytes: 20_000 });
    for (let index = 0; index < 30; index++) {
      await spool.write([sampleEvent(`e${index}`, { bytes: 2_000 })]);
      clock.advance(10);
    }
    expect(files().reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(20_000);
    const kept = labels(await spool.claim(ALL));
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, index) => `e${30 - kept.length + index}`));
    expect(kept.length).toBeGreaterThanOrEqual(8);
    expect(lost).toEqual(
      Array.from({ length: 30 - kept.length }, () => ({ events: 1, reason: 'spool-full', isOwn: true })),
    );
  });

  it('never drops what is being sent', async () => {
    const { spool, lost } = startSpool({ maxBytes: 10_000 });
    for (let index = 0; index < 4; index++) await spool.write([sampleEvent(`e${index}`, { bytes: 2_000 })]);
    const held = await spool.claim(ALL);
    await spool.write([sampleEvent('new', { bytes: 4_000 })]);
    expect(lost).toEqual([]);
    await Promise.all(held.map((file) => file.release(file.events)));
    await spool.tidy();
    expect(lost.length).toBeGreaterThan(0);
  });

  it('refuses what is too large for it', async () => {
    const { spool, directory } = startSpool({ maxBytes: 10_000 });
    expect(await spool.write([sampleEvent('huge', { bytes: 10_001 })])).toBe('no-room');
    expect(spool.writeClaimed([sampleEvent('huge', { bytes: 10_001 })])).toBeUndefined();
    mkdirSync(directory, { recursive: true });
    expect(filesIn(directory)).toEqual([]);
  });

  it('drops what is too old, whoever wrote it', async () => {
    const { spool, directory, clock } = startSpool();
    await spool.write(sampleEvents(2));
    clock.advance(60 * 60 * 1000);
    await spool.write(sampleEvents(3));
    clock.advance(1);
    const other = startSpool({ directory, clock });
    await other.spool.tidy();
    expect(filesIn(directory).map(({ events }) => events)).toEqual([3]);
    expect(other.lost).toEqual([{ events: 2, reason: 'spool-expired', isOwn: false }]);
  });

  it('puts many small batches that come at a time into few files', async () => {
    const { spool, files } = startSpool();
    const ends = await Promise.all(sampleEvents(200).map((event) => spool.write([event])));
    expect(new Set(ends)).toEqual(new Set(['stored']));
    expect(files().length).toBeLessThan(10);
    expect(labels(await spool.claim(ALL))).toHaveLength(200);
  });
});

describe('the directory', () => {
  it('may hold anything else, which is left alone', async () => {
    const directory = freshDirectory();
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'notes.txt'), 'mine');
    utimesSync(join(directory, 'notes.txt'), 0, 0);
    mkdirSync(join(directory, '1767225600000-0123abcd-000001-1-100-aaaaaaaa.waiting'));
    const { spool, clock } = startSpool({ directory, maxBytes: 5_000 });
    for (let index = 0; index < 10; index++) await spool.write([sampleEvent(`e${index}`, { bytes: 2_000 })]);
    clock.advance(1e9);
    await spool.tidy();
    expect(readFileSync(join(directory, 'notes.txt'), 'utf8')).toBe('mine');
    expect(await spool.claim(ALL)).toEqual([]);
  });

  it('is made again when somebody removes it', async () => {
    const { spool, directory } = startSpool();
    await spool.write(sampleEvents(1));
    renameSync(directory, `${directory}.moved`);
    expect(spool.writeClaimed(sampleEvents(1))).toBeDefined();
    renameSync(directory, `${directory}.again`);
    expect(await spool.write(sampleEvents(1))).toBe('stored');
    expect(filesIn(directory)).toHaveLength(1);
  });
});
