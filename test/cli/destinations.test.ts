import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type LoopbackPostHog, startLoopbackPostHog } from '../support/loopback-posthog.ts';
import { cli, KEY } from './run-cli.ts';

const OTHER_KEY = 'phc_other000000000000000000000000000000other';
const WRONG_KEY = 'phc_wrong000000000000000000000000000000wrong';

let posthog: LoopbackPostHog;
beforeAll(async () => {
  posthog = await startLoopbackPostHog({ knownKeys: [KEY, OTHER_KEY] });
});
afterAll(() => posthog.close());

const folder = mkdtempSync(join(tmpdir(), 'destinations-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, 'gateway.yaml');

const GATEWAY = () => `# What the shop sends
listen:
  http: 127.0.0.1:4318 # the usual port
destinations:
  # The product's own project
  - name: product
    apiKey: \${env:POSTHOG_KEY_PRODUCT} # not in here
    endpoint: ${posthog.url}
`;
const text = () => readFileSync(file, 'utf8');

beforeEach(() => {
  rmSync(file, { force: true });
  writeFileSync(file, GATEWAY(), { mode: 0o640 });
});

const add = (...argv: string[]) => cli(['destinations', 'add', ...argv, '--file', file]);

describe('destinations add', () => {
  it('writes what passes the test, below what is there, with its comments', async () => {
    const { code, out, err } = await add(
      'spend',
      '--api-key',
      KEY,
      '--endpoint',
      posthog.url,
      '--privacy-mode',
    );
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(text()).toBe(
      `${GATEWAY()}  - name: spend\n    apiKey: ${KEY}\n    endpoint: ${posthog.url}\n    privacyMode: true\n`,
    );
    expect(out).not.toContain(KEY);
    expect(statSync(file).mode & 0o777).toBe(0o640);
  });

  it('writes a reference as it is given, and tests what it stands for', async () => {
    const argv = ['destinations', 'add', 'spend', '--file', file, '--endpoint', posthog.url];
    const reference = '$' + '{env:SPEND_KEY}';
    const { code } = await cli([...argv, '--api-key', reference], { env: { SPEND_KEY: OTHER_KEY } });
    expect(code).toBe(0);
    expect(text()).toContain(`apiKey: ${reference}`);
    expect(text()).not.toContain(OTHER_KEY);
    const unset = await cli([...argv.with(2, 'third'), '--api-key', reference]);
    expect(unset).toMatchObject({ code: 1, err: expect.stringContaining('SPEND_KEY is not set') });
  });

  it('asks for what is missing, and does not show the key', async () => {
    const answers = ['spend', KEY, posthog.url, 'y'];
    const { code, out } = await cli(['destinations', 'add', '--file', file], { answers });
    expect(code).toBe(0);
    expect(text()).toContain(`apiKey: ${KEY}\n    endpoint: ${posthog.url}\n    privacyMode: true`);
    expect(out).not.toContain(KEY);
  });

  it('makes a file that is not there, for its owner only', async () => {
    const fresh = join(folder, 'fresh.yaml');
    const { code } = await cli([
      'destinations',
      'add',
      'product',
      '--file',
      fresh,
      '--api-key',
      KEY,
      '--endpoint',
      posthog.url,
    ]);
    expect(code).toBe(0);
    expect(readFileSync(fresh, 'utf8')).toBe(
      `destinations:\n  - name: product\n    apiKey: ${KEY}\n    endpoint: ${posthog.url}\n`,
    );
    expect(statSync(fresh).mode & 0o777).toBe(0o600);
    expect((await cli(['destinations', 'test', '--file', fresh])).code).toBe(0);
  });

  it('keeps JSON as JSON', async () => {
    const json = join(folder, 'gateway.json');
    writeFileSync(json, JSON.stringify({ destinations: [{ name: 'product', apiKey: KEY }] }), {
      mode: 0o600,
    });
    const argv = ['--file', json, '--api-key', KEY, '--endpoint', posthog.url];
    expect((await cli(['destinations', 'add', 'spend', ...argv])).code).toBe(0);
    expect(JSON.parse(readFileSync(json, 'utf8')).destinations).toEqual([
      { name: 'product', apiKey: KEY },
      { name: 'spend', apiKey: KEY, endpoint: posthog.url },
    ]);
  });

  it.each<[string, () => string[], string]>([
    ['a wrong key', () => ['spend', '--api-key', WRONG_KEY, '--endpoint', posthog.url], 'did not pass'],
    ['a dead host', () => ['spend', '--api-key', KEY, '--endpoint', 'http://127.0.0.1:1'], 'did not pass'],
    [
      'a personal key',
      () => ['spend', '--api-key', 'phx_0123456789abcdef', '--endpoint', posthog.url],
      'personal',
    ],
    ['a name that is taken', () => ['product', '--api-key', KEY, '--endpoint', posthog.url], 'already'],
    ['a name that is none', () => ['a b', '--api-key', KEY, '--endpoint', posthog.url], 'name'],
    ['no key, and nobody to ask', () => ['spend', '--endpoint', posthog.url], '--api-key'],
  ])('writes nothing for %s', async (_name, argv, words) => {
    const { code, err } = await add(...argv());
    expect(code).toBe(1);
    expect(err).toContain(words);
    expect(err).toContain('Nothing was written');
    expect(text()).toBe(GATEWAY());
  });

  it.each([
    ['no YAML', 'a: [', 'not valid YAML'],
    ['one destination at the top', `apiKey: ${KEY}\n`, 'move them into a list'],
    ['a "destinations" that is no list', 'destinations: 3\n', 'no list'],
  ])('leaves a file alone that is %s', async (_name, content, words) => {
    writeFileSync(file, content);
    const { code, err } = await add('spend', '--api-key', KEY, '--endpoint', posthog.url);
    expect(code).toBe(1);
    expect(err).toContain(words);
    expect(text()).toBe(content);
  });
});

it('destinations list masks keys and says what is wrong', async () => {
  chmodSync(file, 0o600);
  const env = { POSTHOG_KEY_PRODUCT: KEY };
  const { code, out } = await cli(['destinations', 'list', '--file', file], { env });
  expect(code).toBe(0);
  expect(out).toContain(`product  ${posthog.url}`);
  expect(out).not.toContain(KEY);
  const json = await cli(['destinations', 'list', '--json'], { env: { ...env, POSTHOG_LLM_CONFIG: file } });
  expect(JSON.parse(json.out)).toMatchObject([{ name: 'product', endpoint: posthog.url, problems: [] }]);
  const unset = await cli(['destinations', 'list', '--file', file]);
  expect(unset).toMatchObject({ code: 1, err: expect.stringContaining('POSTHOG_KEY_PRODUCT') });
  expect(existsSync(join(folder, 'nothing.yaml'))).toBe(false);
  expect((await cli(['destinations', 'list', '--file', join(folder, 'nothing.yaml')])).code).toBe(1);
});
