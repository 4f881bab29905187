import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { defaultConfigFile } from '../../src/config/config-file.ts';
import { reasonNotToReplace, writeConfigFile } from '../../src/config/write-config-file.ts';

const OLD = { apiKey: 'phc_old0000000000000000000000000000000000000', endpoint: 'https://old.example' };
const NEW = {
  apiKey: 'phc_new0000000000000000000000000000000000000',
  endpoint: 'https://new.example',
  privacyMode: true,
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'posthog-llm-write-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const readJson = (path: string) => JSON.parse(readFileSync(path, 'utf8'));
const modeOf = (path: string) => statSync(path).mode & 0o777;

describe('writeConfigFile', () => {
  it('makes the directory and a file that only the owner can read, and leaves nothing else', async () => {
    const path = join(folder, 'a', 'b', 'config.json');
    await writeConfigFile(path, NEW);
    expect(readJson(path)).toEqual(NEW);
    expect([modeOf(path), modeOf(join(folder, 'a', 'b')), modeOf(join(folder, 'a'))]).toEqual([
      0o600, 0o700, 0o700,
    ]);
    expect(readdirSync(join(folder, 'a', 'b'))).toEqual(['config.json']);
  });

  it('replaces an open file by a closed one, and keeps settings it does not know', async () => {
    const path = join(folder, 'config.json');
    writeFileSync(path, JSON.stringify({ ...OLD, later: { version: 2 } }), { mode: 0o644 });
    await writeConfigFile(path, NEW);
    expect(readJson(path)).toEqual({ ...NEW, later: { version: 2 } });
    expect(modeOf(path)).toBe(0o600);
  });

  it('writes through a link', async () => {
    const target = join(folder, 'real.json');
    const link = join(folder, 'link.json');
    writeFileSync(target, JSON.stringify(OLD));
    symlinkSync(target, link);
    await writeConfigFile(link, NEW);
    expect(readJson(target)).toEqual(NEW);
    expect(readdirSync(folder).sort()).toEqual(['link.json', 'real.json']);
  });

  it.each([
    ['another JSON file', '{"name":"my-app","version":"1.0.0"}'],
    ['a text', 'dear diary'],
    ['half a file', '{"apiKey": "phc_'],
  ])('does not replace %s', async (_, content) => {
    const path = join(folder, 'precious');
    writeFileSync(path, content);
    expect(reasonNotToReplace(path)).toContain(path);
    await expect(writeConfigFile(path, NEW)).rejects.toThrow(path);
    expect(readFileSync(path, 'utf8')).toBe(content);
    expect(readdirSync(folder)).toEqual(['precious']);
  });

  it('rejects, and leaves nothing behind, when the path is a directory', async () => {
    mkdirSync(join(folder, 'config.json'));
    await expect(writeConfigFile(join(folder, 'config.json'), NEW)).rejects.toThrow('EISDIR');
    expect(readdirSync(folder)).toEqual(['config.json']);
  });

  it('rejects when the directory cannot be made', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(writeConfigFile(join(folder, 'file', 'config.json'), NEW)).rejects.toThrow(/EEXIST|ENOTDIR/);
  });

  it('removes what an earlier crash left behind, but not what another process may be writing', async () => {
    const path = join(folder, 'config.json');
    const leftover = join(folder, '.config.json.00000000.tmp');
    const young = join(folder, '.config.json.11111111.tmp');
    writeFileSync(leftover, 'half');
    writeFileSync(young, 'half');
    const anHourAgo = Date.now() / 1000 - 3600;
    utimesSync(leftover, anHourAgo, anHourAgo);
    await writeConfigFile(path, NEW);
    expect(readdirSync(folder).sort()).toEqual(['.config.json.11111111.tmp', 'config.json']);
  });

  it('lets writers at the same time not mix their files', async () => {
    const path = join(folder, 'config.json');
    const configs = Array.from({ length: 8 }, (_, index) => ({
      ...NEW,
      endpoint: `https://${index}.example`,
    }));
    await Promise.all(configs.map((config) => writeConfigFile(path, config)));
    expect(configs).toContainEqual(readJson(path));
    expect(readdirSync(folder)).toEqual(['config.json']);
  });
});

describe('a crash half-way', () => {
  // One file of JavaScript, for a process that can be killed, on a Node that knows no TypeScript.
  const built = mkdtempSync(join(tmpdir(), 'posthog-llm-crash-'));
  beforeAll(async () => {
    const input = join(import.meta.dirname, '../../src/config/write-config-file.ts');
    const bundle = await rolldown({ input, platform: 'node' });
    await bundle.write({ file: join(built, 'write-config-file.mjs') });
  });
  afterAll(() => rmSync(built, { recursive: true }));

  /** Replaces one step of the writing by the death of the process. */
  const dieAt = {
    'while the new content is written': `
      fs.writev = (file, [text]) => { fs.writeSync(file, text.subarray(0, 20)); die(); };`,
    'before it is on disk': 'fs.fsync = die;',
    'before the rename': 'fsp.rename = die;',
  };

  it.each(Object.entries(dieAt))('%s leaves the old file as it was', async (_, patch) => {
    const path = join(folder, 'config.json');
    const before = JSON.stringify(OLD);
    writeFileSync(path, before, { mode: 0o600 });
    const script = join(built, 'die.mjs');
    writeFileSync(
      script,
      `import fs from 'node:fs';
       import fsp from 'node:fs/promises';
       import { syncBuiltinESMExports } from 'node:module';
       const die = () => process.kill(process.pid, 'SIGKILL');
       ${patch}
       syncBuiltinESMExports();
       const { writeConfigFile } = await import('./write-config-file.mjs');
       await writeConfigFile(process.argv[2], ${JSON.stringify(NEW)});`,
    );
    const { signal } = spawnSync(process.execPath, [script, path], { timeout: 60_000 });
    expect(signal).toBe('SIGKILL');
    expect(readFileSync(path, 'utf8')).toBe(before);
    const leftovers = readdirSync(folder).filter((name) => name !== 'config.json');
    expect(leftovers).toHaveLength(1);
    expect(leftovers.map((name) => modeOf(join(folder, name)))).toEqual([0o600]);
    // And the next attempt works.
    await writeConfigFile(path, NEW);
    expect(readJson(path)).toEqual(NEW);
  });
});

describe('defaultConfigFile', () => {
  it.each([
    [{ XDG_CONFIG_HOME: '/xdg', HOME: '/home/u' }, 'linux', '/xdg/posthog-llm-exporter/config.json'],
    [
      { XDG_CONFIG_HOME: 'relative', HOME: '/home/u' },
      'linux',
      '/home/u/.config/posthog-llm-exporter/config.json',
    ],
    [{ HOME: '/Users/u' }, 'darwin', '/Users/u/.config/posthog-llm-exporter/config.json'],
    [{ APPDATA: '/roaming' }, 'win32', '/roaming/posthog-llm-exporter/config.json'],
  ] as const)('for %o on %s is %s', (env, platform, path) => {
    expect(defaultConfigFile({ ...env }, platform)).toBe(path);
  });
});

// The superuser may write anywhere.
it.skipIf(process.getuid?.() === 0)('a refusing disk is reported and the old file kept', async () => {
  const path = join(folder, 'config.json');
  writeFileSync(path, JSON.stringify(OLD));
  chmodSync(folder, 0o500);
  await expect(writeConfigFile(path, NEW)).rejects.toThrow('EACCES');
  chmodSync(folder, 0o700);
  expect(readJson(path)).toEqual(OLD);
});
