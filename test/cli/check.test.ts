import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageVersion } from '../../src/package-info.ts';
import { type LoopbackPostHog, startLoopbackPostHog } from '../support/loopback-posthog.ts';
import { cli, configHome, KEY } from './run-cli.ts';

const UNKNOWN_KEY = 'phc_0000000000000000000000000000000000unknown';

let posthog: LoopbackPostHog;
beforeAll(async () => {
  posthog = await startLoopbackPostHog({ knownKeys: [KEY] });
});
afterAll(() => posthog.close());

describe('check', () => {
  it('says that all is well, and exits with 0', async () => {
    const { code, out, err } = await cli(['check', '--api-key', KEY, '--endpoint', posthog.url]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(`Endpoint  ${posthog.url}`);
    expect(out).toContain('Key       phc_Zq…TuVw');
    expect(out).toContain('Result    ok');
    expect(out).toContain('AI route  available');
    expect(posthog.events).toEqual([]);
  });

  it('prints JSON and nothing else', async () => {
    const { code, out, err } = await cli(['check', '--json', '--api-key', KEY, '--endpoint', posthog.url]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toEqual({
      apiKey: 'phc_Zq…TuVw',
      status: 'ok',
      endpoint: posthog.url,
      aiRoute: 'available',
      message: expect.any(String),
      fix: expect.any(String),
    });
  });

  it.each([
    ['a wrong key', () => ['--api-key', UNKNOWN_KEY, '--endpoint', posthog.url], { status: 'wrong-key' }],
    [
      'a personal key',
      () => ['--api-key', 'phx_0123456789abcdef', '--endpoint', 'eu'],
      { status: 'personal-key' },
    ],
    [
      'a dead host',
      () => ['--api-key', KEY, '--endpoint', 'http://127.0.0.1:1'],
      { status: 'host-unreachable', cause: 'refused' },
    ],
    ['no key', () => ['--endpoint', posthog.url], { status: 'invalid-config' }],
    ['a missing file', () => ['--api-key', KEY, '--file', '/nonexistent.json'], { status: 'invalid-config' }],
  ])('exits with 1 on %s, in words and as JSON', async (_, flags, expected) => {
    const words = await cli(['check', ...flags()]);
    expect(words.code).toBe(1);
    expect(words.out + words.err).not.toBe('');
    const json = await cli(['check', '--json', ...flags()]);
    expect(json.code).toBe(1);
    expect(JSON.parse(json.out)).toMatchObject(expected);
    for (const text of [words.out, words.err, json.out, json.err]) {
      expect(text).not.toMatch(/ph[cx]_[A-Za-z0-9]{8}/);
    }
  });

  it('names flags and the next step when the configuration is wrong', async () => {
    const { err } = await cli(['check', '--endpoint', 'mars']);
    expect(err).toMatch(/--api-key: There is no API key\.\n {2}Give --api-key, set POSTHOG_API_KEY, or run/);
    expect(err).toMatch(/--endpoint: .*\n {2}Give "us", "eu"/);
  });

  it('names the region that knows the key', async () => {
    const other = await startLoopbackPostHog();
    const regions = [
      { name: 'us', endpoint: posthog.url, app: posthog.url },
      { name: 'eu', endpoint: other.url, app: other.url },
    ];
    const { code, out } = await cli(['check', '--api-key', UNKNOWN_KEY, '--endpoint', posthog.url], {
      regions,
    });
    expect(code).toBe(1);
    expect(out).toContain('wrong-region');
    expect(out).toContain('Set the endpoint to "eu"');
    await other.close();
  });
});

describe('the sources of a setting', () => {
  const file = join(configHome, 'other.json');
  const endpointOf = async (argv: string[], env: NodeJS.ProcessEnv) => {
    const { out } = await cli(['check', '--json', ...argv], { env });
    return JSON.parse(out);
  };

  it('are flags, then environment, then file', async () => {
    writeFileSync(file, JSON.stringify({ apiKey: KEY, endpoint: posthog.url }), { mode: 0o600 });
    const dead = 'http://127.0.0.1:1';
    expect(await endpointOf(['--file', file], {})).toMatchObject({ status: 'ok' });
    expect(await endpointOf([], { POSTHOG_LLM_CONFIG: file })).toMatchObject({ status: 'ok' });
    const env = { POSTHOG_HOST: dead };
    expect(await endpointOf(['--file', file], env)).toMatchObject({ endpoint: dead });
    expect(await endpointOf(['--file', file, '--endpoint', posthog.url], env)).toMatchObject({
      status: 'ok',
    });
    const { err } = await cli(['check', '--file', file], { env });
    expect(err).toContain('POSTHOG_HOST is set and wins over the file');
  });

  it('run although the exporter is switched off', async () => {
    expect(await endpointOf(['--file', file], { OTEL_SDK_DISABLED: 'true' })).toMatchObject({ status: 'ok' });
  });
});

describe('a file with several destinations', () => {
  const path = join(configHome, 'several.yaml');
  const several = () =>
    writeFileSync(
      path,
      `destinations:
  - { name: good, apiKey: ${KEY}, endpoint: "${posthog.url}" }
  - { name: bad, apiKey: phc_unknown_key_of_a_destination, endpoint: "${posthog.url}" }`,
      { mode: 0o600 },
    );

  it('has each of them checked', async () => {
    several();
    const { code, out } = await cli(['check', '--file', path]);
    expect(code).toBe(1);
    expect(out).toMatch(/Destination good[\s\S]*Result +ok[\s\S]*Destination bad[\s\S]*Result +wrong-key/);
  });

  it('has the one checked that is named', async () => {
    several();
    expect((await cli(['check', '--file', path, '--destination', 'good'])).code).toBe(0);
    const { code, err } = await cli(['check', '--file', path, '--destination', 'other']);
    expect(code).toBe(1);
    expect(err).toContain('has no destination "other"; it has good, bad');
    const env = { POSTHOG_LLM_DESTINATION: 'good', POSTHOG_LLM_CONFIG: path };
    expect((await cli(['check'], { env })).code).toBe(0);
  });
});

describe('the program', () => {
  it.each([
    [['--version'], packageVersion],
    [['--help'], 'Examples:'],
    [['--help'], 'POSTHOG_API_KEY'],
    [['check', '--help'], 'posthog-llm-exporter check --file'],
    [['configure', '--help'], 'stays as it is unless the test passes'],
    [['send-test', '--help'], '--privacy-mode'],
  ])('prints with %o', async (argv, words) => {
    const { code, out, err } = await cli(argv);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(words);
  });

  it.each([
    [[], 'Usage:'],
    [['chekc'], 'check'],
    [['check', '--colour'], '--colour'],
    [['check', 'surplus'], 'too many arguments'],
    [['configure', '--privacy-mode=perhaps'], 'Use true or false'],
    [['check', '--api_key=phx_0123456789abcdef'], 'unknown option'],
  ])('exits with 2 on wrong usage: %o', async (argv, words) => {
    const { code, out, err } = await cli(argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(words);
    expect(err).not.toContain('0123456789');
  });

  it('masks the key in the environment wherever it turns up, whatever it looks like', async () => {
    const env = { POSTHOG_API_KEY: 'my-private-key-0123456789' };
    const { code, err } = await cli(['check', 'my-private-key-0123456789', 'x'], { env });
    expect(code).toBe(2);
    expect(err).not.toContain('0123456789');
    const { out } = await cli(['check', '--endpoint', posthog.url], { env });
    expect(out).toContain('Key       ****');
  });
});
