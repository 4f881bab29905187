import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type LoopbackPostHog, startLoopbackPostHog } from '../support/loopback-posthog.ts';
import { cli, configHome, KEY } from './run-cli.ts';

const OTHER_KEY = 'phc_other000000000000000000000000000000other';
const path = join(configHome, 'posthog-llm-exporter', 'config.json');

let posthog: LoopbackPostHog;
beforeAll(async () => {
  posthog = await startLoopbackPostHog({ knownKeys: [KEY, OTHER_KEY] });
});
afterAll(() => posthog.close());
afterEach(() => rmSync(dirname(path), { recursive: true, force: true }));

const saved = () => JSON.parse(readFileSync(path, 'utf8'));
const isSaved = () => statSync(path, { throwIfNoEntry: false }) !== undefined;

function saveBefore(content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content, { mode: 0o600 });
}

describe('configure with flags', () => {
  it('saves what passes the test, for the owner only', async () => {
    const flags = ['--api-key', KEY, '--endpoint', `${posthog.url}/`, '--privacy-mode'];
    const { code, out, err } = await cli(['configure', ...flags]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(saved()).toEqual({ apiKey: KEY, endpoint: posthog.url, privacyMode: true });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(out).toContain(`Saved to ${path}`);
    expect(out).toContain('configFile: true');
    expect(out).not.toContain(KEY);
    expect((await cli(['check'])).code).toBe(0);
  });

  it.each([
    [['--privacy-mode', 'true'], true],
    [['--privacy-mode=0'], false],
    [['--no-privacy-mode'], false],
    [[], false],
  ])('understands %o', async (flags, privacyMode) => {
    await cli(['configure', '--api-key', KEY, '--endpoint', posthog.url, ...flags]);
    expect(saved().privacyMode).toBe(privacyMode);
  });

  it('takes the rest from the environment, and what is left from the file so far', async () => {
    saveBefore(
      JSON.stringify({ apiKey: OTHER_KEY, endpoint: posthog.url, privacyMode: true, samplingRate: 0.5 }),
    );
    const { code } = await cli(['configure'], { env: { POSTHOG_API_KEY: KEY } });
    expect(code).toBe(0);
    expect(saved()).toEqual({ apiKey: KEY, endpoint: posthog.url, privacyMode: true, samplingRate: 0.5 });
  });

  it.each([
    ['--file', (file: string) => ({ argv: ['--file', file], env: {} })],
    ['POSTHOG_LLM_CONFIG', (file: string) => ({ argv: [], env: { POSTHOG_LLM_CONFIG: file } })],
  ])('saves to the file of %s and reads no other', async (_, how) => {
    saveBefore('{"apiKey": 5, broken');
    const file = join(configHome, 'sub', 'mine.json');
    const { argv, env } = how(file);
    const { code, out } = await cli(['configure', '--api-key', KEY, '--endpoint', posthog.url, ...argv], {
      env,
    });
    expect(code).toBe(0);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ apiKey: KEY });
    expect(out).toContain(`POSTHOG_LLM_CONFIG=${file}`);
    rmSync(dirname(file), { recursive: true });
  });

  it.each([
    [
      'a wrong key',
      () => ['--api-key', 'phc_wrong000000000000000000000000000000wrong', '--endpoint', posthog.url],
    ],
    ['a dead host', () => ['--api-key', KEY, '--endpoint', 'http://127.0.0.1:1']],
    ['a host that cannot tell', () => ['--api-key', KEY, '--endpoint', `${posthog.url}/nothing/here`]],
    ['a personal key', () => ['--api-key', 'phx_0123456789abcdef', '--endpoint', posthog.url]],
    ['no key', () => ['--endpoint', 'http://127.0.0.1:1']],
    ['a bad endpoint', () => ['--api-key', KEY, '--endpoint', 'mars']],
  ])('saves nothing on %s', async (what, flags) => {
    const before =
      what === 'no key' ? '{"privacyMode":true}' : JSON.stringify({ apiKey: OTHER_KEY, later: [1] });
    saveBefore(before);
    const { code, out, err } = await cli(['configure', ...flags()]);
    expect(code).toBe(1);
    expect(err).toContain('Nothing was saved.');
    expect(readFileSync(path, 'utf8')).toBe(before);
    expect(out + err).not.toMatch(/ph[cx]_[A-Za-z0-9]{8}/);
  });

  it('makes no file when the test fails', async () => {
    await cli(['configure', '--api-key', KEY, '--endpoint', 'http://127.0.0.1:1']);
    expect(isSaved()).toBe(false);
  });

  it('does not touch a file that is something else', async () => {
    const before = '{"name":"my-app"}';
    saveBefore(before);
    const requests = posthog.requests.length;
    const { code, err } = await cli(['configure', '--api-key', KEY, '--endpoint', posthog.url]);
    expect({ code, asked: posthog.requests.length - requests }).toEqual({ code: 1, asked: 0 });
    expect(err).toContain('--file');
    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  it('says when the file cannot be written', async () => {
    const file = join('/dev/null', 'config.json');
    const { code, err } = await cli([
      'configure',
      '--api-key',
      KEY,
      '--endpoint',
      posthog.url,
      '--file',
      file,
    ]);
    expect(code).toBe(1);
    expect(err).toContain(`${file} cannot be written`);
  });
});

describe('configure in a terminal', () => {
  it('asks for everything, again after a bad answer, and does not show the key', async () => {
    const answers = ['phx_0123456789abcdef', KEY, 'mars', posthog.url, 'perhaps', 'y'];
    const { code, out, err } = await cli(['configure'], { answers });
    expect(code).toBe(0);
    expect(saved()).toEqual({ apiKey: KEY, endpoint: posthog.url, privacyMode: true });
    expect(err.split('\n').filter((line) => line !== '')).toEqual([
      expect.stringContaining('personal API key'),
      expect.stringContaining('neither a region name nor a URL'),
      'Answer y or n.',
    ]);
    // Piece by piece, as an echo would show it.
    expect(out).not.toMatch(/0123456789|Zq8vXw|aBcDeF/);
    expect(out).toContain(posthog.url);
  });

  it('offers what is in force, and Enter keeps it', async () => {
    saveBefore(JSON.stringify({ apiKey: KEY, endpoint: posthog.url, privacyMode: true }));
    const { code, out } = await cli(['configure'], { answers: ['', '', ''] });
    expect(code).toBe(0);
    expect(saved()).toEqual({ apiKey: KEY, endpoint: posthog.url, privacyMode: true });
    expect(out).toContain('Enter keeps phc_Zq…TuVw');
    expect(out).toContain('(Y/n)');
  });

  it('asks only for what no flag gives', async () => {
    const flags = ['--api-key', KEY, '--no-privacy-mode'];
    const { code, out } = await cli(['configure', ...flags], { answers: [posthog.url] });
    expect(code).toBe(0);
    expect(out).not.toContain('Project API key');
    expect(out).not.toContain('Privacy mode, ');
  });

  it.each([
    ['end of input', []],
    ['end of input later', [KEY]],
    ['Ctrl-C', ['\u0003']],
  ])('saves nothing after %s', async (_, answers) => {
    const { code, err } = await cli(['configure'], { answers });
    expect({ code, err }).toEqual({ code: 1, err: 'Nothing was saved.\n' });
    expect(isSaved()).toBe(false);
  });
});
