import { spawn, spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltPackage, buildPackage } from '../../cli/built-package.ts';
import { outputOf } from '../../support/child-output.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
let built: BuiltPackage;

beforeAll(async () => {
  built = await buildPackage();
});
afterAll(() => built.remove());

interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script; `flush(name, ms)` makes a flush that takes a while and then says so. */
async function runScript(source: string, within: readonly string[] = []): Promise<End> {
  const script = `
    import { flushOnExit } from '${join(built.folder, 'dist/index.js')}';
    const flush = (name, ms = 100) => () =>
      new Promise((done) => setTimeout(() => { console.log('flushed', name); done(); }, ms));
    const raise = (signal, ms = 0) => setTimeout(() => process.kill(process.pid, signal), ms);
    const stay = () => setInterval(() => {}, 1_000);
    ${source}`;
  const [program = process.execPath, ...args] = [...within, process.execPath];
  const child = spawn(program, [...args, '--input-type=module', '-e', script], {
    timeout: 60_000,
    cwd: ROOT,
  });
  const { stdout, ...end } = await outputOf(child);
  return { ...end, stdout: stdout.trim() };
}

/** Makes a process the first of its container, as Docker does; needs Linux and the right to do so. */
const AS_FIRST_PROCESS = ['unshare', '--pid', '--fork', '--kill-child'];
const canBeFirst = spawnSync('unshare', [...AS_FIRST_PROCESS.slice(1), 'true']).status === 0;

describe('flushOnExit', () => {
  it.skipIf(!canBeFirst)(
    'ends the first process of a container, which no signal ends by itself',
    async () => {
      const source = `if (process.pid !== 1) throw new Error('not the first');
      flushOnExit(flush('a')); stay(); raise('SIGTERM');`;
      expect(await runScript(source, AS_FIRST_PROCESS)).toMatchObject({ code: 143, stdout: 'flushed a' });
    },
  );

  it.each<[string, string, Partial<End>]>([
    ['when the event loop is empty', `flushOnExit(flush('a'));`, { code: 0, stdout: 'flushed a' }],
    [
      'what has a forceFlush, of whatever class',
      `flushOnExit({ forceFlush: flush('a') });`,
      { code: 0, stdout: 'flushed a' },
    ],
    [
      'by a shutdown, where the process then ends',
      `flushOnExit({ forceFlush: flush('a'), shutdown: flush('b') }); stay(); raise('SIGTERM');`,
      { signal: 'SIGTERM', stdout: 'flushed b' },
    ],
    [
      'on SIGTERM, which then ends the process',
      `flushOnExit(flush('a')); stay(); raise('SIGTERM');`,
      { signal: 'SIGTERM', stdout: 'flushed a' },
    ],
    [
      'on SIGINT, also when the flush fails',
      `flushOnExit(() => Promise.reject(new Error('no'))); stay(); raise('SIGINT');`,
      { signal: 'SIGINT' },
    ],
    [
      'several destinations, and waits for the slowest',
      `flushOnExit(flush('slow', 400)); flushOnExit(flush('fast', 10)); stay(); raise('SIGTERM');`,
      { signal: 'SIGTERM', stdout: 'flushed fast\nflushed slow' },
    ],
    [
      'and leaves the end to an application that listens, before us or after',
      `process.once('SIGTERM', () => setTimeout(() => process.exit(7), 300));
       flushOnExit(flush('a', 10)); stay(); raise('SIGTERM');`,
      { code: 7, stdout: 'flushed a' },
    ],
    [
      'beside a package that ends the process only where it is alone',
      `const emitter = (globalThis[Symbol.for('signal-exit emitter')] = { count: 1 });
       const passive = () => {
         if (process.listenerCount('SIGTERM') === emitter.count) process.kill(process.pid, 'SIGKILL');
       };
       flushOnExit(flush('a')); process.on('SIGTERM', passive); stay(); raise('SIGTERM');
       setTimeout(() => process.removeListener('SIGTERM', passive), 50);`,
      { signal: 'SIGTERM', stdout: 'flushed a' },
    ],
    [
      'once: a second signal does not wait',
      `flushOnExit(flush('a', 10_000)); stay(); raise('SIGINT'); raise('SIGINT', 200);`,
      { signal: 'SIGINT', stdout: '' },
    ],
    [
      'nothing any more when it was taken back',
      `flushOnExit(flush('a'))(); stay(); raise('SIGTERM');`,
      { signal: 'SIGTERM', stdout: '' },
    ],
    [
      'only on the signals that are asked for',
      `flushOnExit(flush('a'), { signals: ['SIGUSR2'] }); stay(); raise('SIGUSR2');`,
      { signal: 'SIGUSR2', stdout: 'flushed a' },
    ],
  ])('flushes %s', async (_name, source, expected) => {
    expect(await runScript(source)).toMatchObject(expected);
  });

  it.each([
    ['thrown', `setTimeout(() => { throw new Error('boom'); });`],
    ['rejected', `Promise.reject(new Error('boom'));`],
  ])('flushes before the process dies of what was %s, if asked', async (_name, failure) => {
    const end = await runScript(`flushOnExit(flush('a'), { uncaughtException: true }); stay(); ${failure}`);
    expect(end).toMatchObject({ code: 1, stdout: 'flushed a' });
    expect(end.stderr).toContain('Error: boom');
  });

  it('lets an application that catches everything go on', async () => {
    const end = await runScript(`
      process.on('uncaughtException', (error) => console.log('caught', error.message));
      flushOnExit(flush('a'), { uncaughtException: true });
      setTimeout(() => { throw new Error('boom'); });
      setTimeout(() => process.exit(0), 500);`);
    expect(end).toMatchObject({ code: 0, stdout: 'caught boom\nflushed a' });
  });

  it('does nothing about exceptions unless asked', async () => {
    const end = await runScript(
      `flushOnExit(flush('a')); stay(); setTimeout(() => { throw new Error('boom'); });`,
    );
    expect(end).toMatchObject({ code: 1, stdout: '' });
  });
});
