import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { isPostHogLLMConfigError } from '../../src/config/config-error.ts';
import type { PostHogLLMSpanExporterOptions } from '../../src/config/options.ts';
import { destinationsInFile, resolveConfig } from '../../src/config/resolve-config.ts';
import { reasonNotToReplace, writeConfigFile } from '../../src/config/write-config-file.ts';

const KEY = 'phc_Zq8vXw2LmN4rT6yU9aBcDeFgHiJkLmNoPqRsTuVw';
const OTHER_KEY = 'phc_0000000000000000000000000000000000000000';

const folder = mkdtempSync(join(tmpdir(), 'posthog-llm-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function fileWith(text: string, given?: string): string {
  files += 1;
  const name = given ?? `config-${files}.yaml`;
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

function resolve(text: string, env: NodeJS.ProcessEnv = {}, options: PostHogLLMSpanExporterOptions = {}) {
  return resolveConfig({ configFile: fileWith(text), ...options }, env);
}

/** Everything that is wrong, each in a line. */
function complaint(text: string, env: NodeJS.ProcessEnv = {}, options = {}): string {
  try {
    resolve(text, env, options);
    return 'none';
  } catch (error) {
    if (!isPostHogLLMConfigError(error)) throw error;
    return error.problems.map(({ option, message, fix }) => `${option}: ${message} ${fix}`).join('\n');
  }
}

describe('a configuration file', () => {
  it('holds every option that is plain data, in YAML', () => {
    const config = resolve(`
      # comments are welcome
      apiKey: ${KEY}
      endpoint: eu
      headers: { x-proxy: 'yes' }
      privacyMode: true
      redact: [email, iban]
      samplingRate: 0.2
      alwaysKeep: { errors: true }
      maxBatchBytes: 2 MiB
      maxInFlightBytes: 64MiB
      spool: { directory: /var/lib/spool, maxBytes: 2 GiB, mode: always }
      includeAttributes: [app.*]
      rules: { field: provider, operator: in, value: [openai] }
      debug: true
      uiHost: https://posthog.example.com
      scheduledDelayMs: 100
    `);
    expect(config).toMatchObject({
      endpoint: 'https://eu.i.posthog.com',
      privacyMode: true,
      samplingRate: 0.2,
      alwaysKeep: { errors: true },
      maxBatchBytes: 2 * 1024 ** 2,
      maxInFlightBytes: 64 * 1024 ** 2,
      spool: { directory: '/var/lib/spool', maxBytes: 2 * 1024 ** 3, mode: 'always' },
      includeAttributes: ['app.*'],
      debug: true,
      warnings: [],
    });
    expect(config.apiKey.reveal()).toBe(KEY);
    expect(config.redact.map(({ name }) => name)).toEqual(['iban', 'email'].sort());
  });

  it('is the same in JSON', () => {
    expect(resolve(JSON.stringify({ apiKey: KEY, samplingRate: 0.5 })).samplingRate).toBe(0.5);
  });

  it('takes values from variables and files', () => {
    fileWith(`${KEY}\n`, 'key.txt');
    const env = { RATE: '0.25', REGION: 'eu', PRIVATE: 'true', SIZE: '3 MiB', WHO: '12345' };
    const config = resolve(
      `
      apiKey: $\{file:${join(folder, 'key.txt')}}
      endpoint: "$\{env:REGION}"
      samplingRate: $\{env:RATE}
      privacyMode: $\{env:PRIVATE}
      maxBatchBytes: $\{env:SIZE}
      distinctId: $\{env:WHO}
      metadataPrefix: "x$$\{x}_$\{env:REGION}_"
      `,
      env,
    );
    expect(config).toMatchObject({
      endpoint: 'https://eu.i.posthog.com',
      samplingRate: 0.25,
      privacyMode: true,
      maxBatchBytes: 3 * 1024 ** 2,
      distinctId: '12345',
      metadataPrefix: `x$\{x}_eu_`,
    });
    expect(config.apiKey.reveal()).toBe(KEY);
    expect(resolve('apiKey: ${file:key.txt}').apiKey.reveal()).toBe(KEY);
  });

  it.each([
    [
      'an unknown name',
      `apiKey: ${KEY}\nhost: eu`,
      /line 2, column 1: there is no option "host"; write "endpoint"/,
    ],
    [
      'a name nothing like ours',
      `apiKey: ${KEY}\ncolour: blue`,
      /line 2, column 1: there is no option "colour"/,
    ],
    ['an option of code only', `apiKey: ${KEY}\nfilter: x`, /there is no option "filter"/],
    [
      'a wrong value',
      `apiKey: ${KEY}\nsamplingRate: 10`,
      /samplingRate: "samplingRate" must be .* for 10 % write 0.1 \(line 2, column 1\)/,
    ],
    ['a wrong key', 'apiKey: phx_abc', /apiKey: This is a personal API key .* \(line 1, column 1\)/],
    ['a wrong size', `apiKey: ${KEY}\nmaxBatchBytes: 5 Mib`, /or a size such as 64 MiB/],
    [
      'a name that is there twice',
      `apiKey: ${KEY}\napiKey: ${KEY}`,
      /line 2, column 1: a name stands there twice/,
    ],
    [
      'broken YAML',
      `apiKey: ${KEY}\n  endpoint: eu`,
      /line 1, column \d+: not valid YAML or JSON: the indentation is wrong, or a quote is missing/,
    ],
    ['a text', 'hello', /must hold an object, not string/],
    ['nothing', '', /must hold an object, and is empty/],
    [
      'a variable that is not set',
      'apiKey: ${env:NOPE}',
      /line 1, column 9: the environment variable NOPE is not set/,
    ],
    ['a file that is not there', 'apiKey: ${file:/nope}', /the file \/nope cannot be read \(ENOENT\)/],
    [
      'a reference of another kind',
      'apiKey: ${POSTHOG_KEY}',
      /write \$\{env:POSTHOG_KEY\} for an environment variable/,
    ],
  ])('is refused with line and column: %s', (_what, text, words) => {
    expect(complaint(text)).toMatch(words);
    expect(complaint(text)).not.toContain(KEY.slice(8));
  });

  it('says everything at once', () => {
    expect(complaint('host: eu\nurl: x\ncolour: 1').split('\n')).toHaveLength(3);
  });

  it('passes over what is for the gateway, in one line', () => {
    const { warnings } = resolve(
      `apiKey: ${KEY}\nlisten: { http: 127.0.0.1:4318 }\nsenders: []\npage: { content: true }`,
    );
    expect(warnings).toEqual([
      expect.stringContaining('settings for the gateway only: listen, senders, page.'),
    ]);
  });

  it('is warned about for others only when the key stands in it', () => {
    const path = fileWith('apiKey: ${env:KEY}');
    chmodSync(path, 0o644);
    expect(resolveConfig({ configFile: path }, { KEY }).warnings).toEqual([]);
  });
});

describe('a file with several destinations', () => {
  const FILE = `
    spool: { directory: /var/lib/spool, maxBytes: 1 GiB }
    destinations:
      - name: product
        apiKey: ${KEY}
        endpoint: eu
      - name: spend
        apiKey: ${OTHER_KEY}
        privacyMode: true
        senders: [openrouter]
        apiKeyNames: [prod-*]
        spool: { directory: /elsewhere }
  `;

  it('gives the one that is named', () => {
    const product = resolve(FILE, {}, { destination: 'product' });
    expect(product).toMatchObject({ endpoint: 'https://eu.i.posthog.com', privacyMode: false });
    expect(product.spool).toMatchObject({ directory: '/var/lib/spool/product', maxBytes: 1024 ** 3 });
    const spend = resolve(FILE, { POSTHOG_LLM_DESTINATION: 'spend' });
    expect(spend.apiKey.reveal()).toBe(OTHER_KEY);
    expect(spend).toMatchObject({ privacyMode: true, spool: { directory: '/elsewhere' } });
    expect(spend.warnings).toEqual([expect.stringContaining('gateway only: senders, apiKeyNames')]);
  });

  it.each([
    [FILE, {}, /has several destinations: product, spend. Name one of them/],
    [FILE, { destination: 'prod' }, /has no destination "prod"; it has product, spend/],
    ['destinations: []', {}, /"destinations" must be a list of objects/],
    [`destinations: [{ apiKey: ${KEY} }]`, {}, /a destination needs a "name"/],
    [
      `destinations: [{ name: a, host: eu }]`,
      {},
      /line 1, column 27: there is no option "host"; write "endpoint"/,
    ],
    [
      `apiKey: ${KEY}\ndestinations: [{ name: a }]`,
      {},
      /no option "apiKey"; options belong into each of "destinations"/,
    ],
    ['destinations: [{ name: a }, { name: a }]', {}, /there are two destinations named "a"/],
  ])('%s with %o is refused', (text, options, words) => {
    expect(complaint(text, {}, options)).toMatch(words);
  });

  it('wins over the environment, which knows one destination only', () => {
    const env = { POSTHOG_API_KEY: OTHER_KEY, POSTHOG_HOST: 'us', POSTHOG_PRIVACY_MODE: 'true' };
    const product = resolve(FILE, env, { destination: 'product' });
    expect(product.apiKey.reveal()).toBe(KEY);
    expect(product).toMatchObject({ endpoint: 'https://eu.i.posthog.com', privacyMode: true });
  });

  it('needs no name when it lists one', () => {
    expect(resolve(`destinations: [{ name: only, apiKey: ${KEY} }]`).apiKey.reveal()).toBe(KEY);
  });

  it('is not replaced by configure', () => {
    expect(reasonNotToReplace(fileWith(FILE))).toContain('several destinations');
  });
});

describe('destinationsInFile', () => {
  it('names the destinations of a list, and nothing else', () => {
    const several = fileWith(`destinations: [{ name: a, apiKey: ${KEY} }, { name: b, apiKey: ${KEY} }]`);
    expect(destinationsInFile({ POSTHOG_LLM_CONFIG: several })).toEqual(['a', 'b']);
    expect(destinationsInFile({ POSTHOG_LLM_CONFIG: fileWith(`apiKey: ${KEY}`) })).toEqual([]);
    expect(destinationsInFile({ POSTHOG_LLM_CONFIG: '/nope' })).toEqual([]);
    expect(destinationsInFile({})).toEqual([]);
  });
});

describe('variables', () => {
  it('say what a file says', () => {
    const env = {
      POSTHOG_LLM_SPOOL_DIRECTORY: '/var/spool',
      POSTHOG_LLM_SAMPLING_RATE: '0.5',
      POSTHOG_LLM_REDACT: 'email, iban',
      POSTHOG_LLM_DEBUG: 'true',
    };
    const config = resolveConfig({ apiKey: KEY }, env);
    expect(config).toMatchObject({ samplingRate: 0.5, debug: true, spool: { directory: '/var/spool' } });
    expect(config.redact).toHaveLength(2);
  });

  it('stop the start where data would go astray, and are warned about elsewhere', () => {
    expect(() => resolveConfig({ apiKey: KEY }, { POSTHOG_LLM_REDACT: 'emails' })).toThrow(
      /must be a list of/,
    );
    const { warnings, samplingRate } = resolveConfig({ apiKey: KEY }, { POSTHOG_LLM_SAMPLING_RATE: 'half' });
    expect(warnings).toEqual([expect.stringContaining('POSTHOG_LLM_SAMPLING_RATE must be a number')]);
    expect(samplingRate).toBe(1);
  });
});

describe('configure on a YAML file', () => {
  it('keeps comments and other options', async () => {
    const path = fileWith('# ours\napiKey: old\nsamplingRate: 0.5 # half\n');
    await writeConfigFile(path, { apiKey: KEY, endpoint: 'https://eu.i.posthog.com', privacyMode: false });
    const text = readFileSync(path, 'utf8');
    expect(text).toContain('# ours');
    expect(text).toContain('samplingRate: 0.5 # half');
    expect(resolveConfig({ configFile: path }, {})).toMatchObject({ samplingRate: 0.5 });
  });
});
