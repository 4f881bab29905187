import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { destinationOf } from '../../../src/deliver/spool/spool-name.ts';
import { cli, KEY } from '../../cli/run-cli.ts';
import { loopbackOfTest } from '../../support/loopback-of-test.ts';
import type { LoopbackPostHog } from '../../support/loopback-posthog.ts';
import { filesIn, freshDirectory, startSpool } from '../../support/spool.ts';
import { sampleEvent, sampleEvents } from '../sample-events.ts';

/** A directory with some files for the key of the tests. */
async function spooled(counts: readonly number[], key = KEY) {
  const started = startSpool({ destination: destinationOf(key) });
  for (const count of counts) {
    await started.spool.write(sampleEvents(count));
    started.clock.advance(1_000);
  }
  return started;
}

const replay = (directory: string, posthog: LoopbackPostHog, ...more: string[]) =>
  cli(['replay', directory, '--endpoint', posthog.url, ...more], { env: { POSTHOG_API_KEY: KEY } });

describe('replay', () => {
  it('sends everything, tells how far it is, and leaves the directory empty', async () => {
    const posthog = await loopbackOfTest();
    const { directory } = await spooled([600, 600, 3]);
    expect(await replay(directory, posthog)).toEqual({
      code: 0,
      out: 'Sent 600 of 1,203 events.\nSent 1,203 of 1,203 events.\n',
      err: '',
    });
    expect(new Set(posthog.events.map(({ uuid }) => uuid)).size).toBe(1_203);
    expect(posthog.requests[0]?.json).toMatchObject({ api_key: KEY });
    expect(filesIn(directory)).toEqual([]);
  });

  it('says so when nothing waits', async () => {
    const { directory } = await spooled([1]);
    const posthog = await loopbackOfTest();
    await replay(directory, posthog);
    expect(await replay(directory, posthog)).toMatchObject({
      code: 0,
      out: `Nothing waits in ${directory}.\n`,
    });
  });

  it('stops when PostHog takes no more, and keeps the rest', async () => {
    const { directory } = await spooled([300, 300]);
    const posthog = await loopbackOfTest({ captureKeyCheck: 'enforce', knownKeys: ['phc_other'] });
    const { code, err } = await replay(directory, posthog);
    expect(code).toBe(1);
    expect(err).toContain('status 401');
    expect(err).toContain(`What was not sent stays in ${directory}`);
    expect(filesIn(directory).map(({ events, state }) => [events, state.type])).toEqual([
      [300, 'waiting'],
      [300, 'waiting'],
    ]);
  });

  it('tells what PostHog refuses for good', async () => {
    const { spool, directory } = await spooled([2]);
    await spool.write([sampleEvent('bad', { name: '$ai_unknown' })]);
    const posthog = await loopbackOfTest();
    expect(await replay(directory, posthog)).toMatchObject({ code: 1, err: '1 event lost: bad-request.\n' });
    expect(posthog.events).toHaveLength(2);
    expect(filesIn(directory)).toEqual([]);
  });

  it('leaves the events of another project alone unless told otherwise', async () => {
    const { directory } = await spooled([2], 'phc_another_key_that_was_rotated');
    const posthog = await loopbackOfTest();
    const refused = await replay(directory, posthog);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('2 events');
    expect(refused.err).toContain('--any-project');
    expect(posthog.requests).toHaveLength(0);
    expect((await replay(directory, posthog, '--any-project')).code).toBe(0);
    expect(posthog.events).toHaveLength(2);
  });

  it('reads what it can of a damaged file, and puts it aside', async () => {
    const { directory, files } = await spooled([3]);
    const name = files()[0]?.name ?? '';
    writeFileSync(join(directory, name), 'nonsense');
    const { code, err } = await replay(directory, await loopbackOfTest());
    expect(code).toBe(1);
    expect(err).toContain('0 of 3 events could be read');
    expect(err).toContain('3 events lost: spool-damaged');
    expect(files().map(({ state }) => state.type)).toEqual(['damaged']);
  });

  it('leaves alone what another process is sending', async () => {
    const { spool, directory } = await spooled([]);
    spool.writeClaimed(sampleEvents(2));
    const posthog = await loopbackOfTest();
    expect(await replay(directory, posthog)).toMatchObject({
      code: 0,
      out: `Another process is sending 2 events.\nNothing waits in ${directory}.\n`,
    });
    expect(posthog.requests).toHaveLength(0);
  });

  it.each([
    ['without a directory', ['replay'], {}, 2],
    ['with one that is not there', ['replay', '/nowhere/at/all', '--api-key', KEY], {}, 1],
    ['without a key', ['replay', '/tmp'], {}, 1],
  ])('fails %s', async (_, argv, env, code) => {
    expect((await cli(argv, { env })).code).toBe(code);
  });
});

describe('spool ls', () => {
  it('lists files with age, events and bytes, and nothing of what is in them', async () => {
    const { spool, directory, files } = await spooled([3]);
    await spool.write([sampleEvent('SECRET-USER')]);
    spool.writeClaimed(sampleEvents(2));
    const damaged = files()[0];
    renameSync(
      join(directory, damaged?.name ?? ''),
      join(directory, (damaged?.name ?? '').replace('waiting', 'damaged')),
    );
    const { code, out, err } = await cli(['spool', 'ls', directory]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const lines = out.split('\n');
    expect(lines[0]).toMatch(/^STATE +AGE +EVENTS +BYTES +PROJECT +FILE$/);
    expect(lines.slice(1, 4).map((line) => line.split(/ {2,}/).slice(0, 3))).toEqual([
      ['damaged', expect.stringMatching(/^\d+ d$/), '3'],
      ['waiting', expect.stringMatching(/^\d+ d$/), '1'],
      ['sending', expect.stringMatching(/^\d+ d$/), '2'],
    ]);
    expect(out).toContain('3 files, 6 events');
    expect(out).not.toContain('SECRET');
  });

  it('prints JSON for programs', async () => {
    const { directory } = await spooled([3, 4]);
    const { code, out } = await cli(['spool', 'ls', directory, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject([
      { state: 'waiting', events: 3, bytes: expect.any(Number), ageSeconds: expect.any(Number) },
      { state: 'waiting', events: 4, project: destinationOf(KEY) },
    ]);
  });

  it('fails when there is no directory, and says when it is empty', async () => {
    expect((await cli(['spool', 'ls', '/nowhere/at/all'])).code).toBe(1);
    const { directory, spool } = startSpool();
    await spool.write(sampleEvents(1));
    await (await spool.claim({ maxEvents: 1, maxBytes: 1 }))[0]?.release([]);
    expect(await cli(['spool', 'ls', directory])).toMatchObject({
      code: 0,
      out: `Nothing is spooled in ${directory}.\n`,
    });
    expect((await cli(['spool'])).code).toBe(2);
    expect(freshDirectory()).not.toBe(directory);
  });
});
