import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { Agent, ProxyAgent } from 'undici';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { isPostHogLLMConfigError, PostHogLLMConfigError } from '../../src/config/config-error.ts';
import type { PostHogLLMSpanExporterOptions } from '../../src/config/options.ts';
import { readConfig, resolveConfig } from '../../src/config/resolve-config.ts';

const KEY = 'phc_Zq8vXw2LmN4rT6yU9aBcDeFgHiJkLmNoPqRsTuVw';
const OTHER_KEY = 'phc_0000000000000000000000000000000000000000';

const folder = mkdtempSync(join(tmpdir(), 'posthog-llm-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

function configFile(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content), { mode: 0o600 });
  return path;
}

/** Options as callers from JavaScript can pass them. */
function untyped(options: Record<string, unknown>): PostHogLLMSpanExporterOptions {
  return options as PostHogLLMSpanExporterOptions;
}

function problemsOf(options: Record<string, unknown>, env: NodeJS.ProcessEnv = {}) {
  try {
    resolveConfig(untyped(options), env);
  } catch (error) {
    if (isPostHogLLMConfigError(error)) {
      return error.problems.map(({ code, option, source }) => `${source} ${option}: ${code}`);
    }
    throw error;
  }
  return [];
}

describe('resolveConfig', () => {
  it.each([null, 'phc_key', 7, true])('refuses %j for options, with all other problems', (given) => {
    const resolve = () => resolveConfig(given as unknown as PostHogLLMSpanExporterOptions, {});
    expect(resolve).toThrow(expect.objectContaining({ problems: expect.objectContaining({ length: 2 }) }));
  });

  it('says that a blank key hides the variable', () => {
    expect(() => resolveConfig({ apiKey: '' }, { POSTHOG_API_KEY: KEY })).toThrow(/option "apiKey" is empty/);
  });

  it('fills in the defaults', () => {
    const { logger, headers, apiKey, ...rest } = resolveConfig({ apiKey: ` ${KEY}\n` }, {});
    expect(apiKey.reveal()).toBe(KEY);
    expect(rest).toEqual({
      enabled: true,
      debug: false,
      onEvent: undefined,
      uiHost: undefined,
      configFile: false,
      destination: undefined,
      selection: { filter: undefined, rules: undefined, sampling: { alwaysKeep: {}, rate: 1 } },
      filter: undefined,
      rules: undefined,
      samplingRate: 1,
      alwaysKeep: {},
      media: 'remove',
      mask: undefined,
      redact: [],
      endpoint: 'https://us.i.posthog.com',
      privacyMode: false,
      distinctId: undefined,
      content: { media: 'remove', mask: undefined, redact: [], metadataPrefix: 'metadata_' },
      metadataPrefix: 'metadata_',
      maxMetadataDepth: 3,
      namedTraceEvents: true,
      modelPrices: undefined,
      disableGeoip: true,
      timeoutMs: 10_000,
      deadlineMs: 25_000,
      shutdownTimeoutMs: 5_000,
      maxConcurrentRequests: 8,
      maxRetries: 5,
      compression: 'gzip',
      maxBatchBytes: 5_242_880,
      maxInFlightBytes: 64 * 1024 * 1024,
      spool: undefined,
      meterProvider: undefined,
      dispatcher: undefined,
      includeAttributes: [],
      warnings: [],
    });
    expect(logger.warn).toBeTypeOf('function');
    expect(headers).toBeTypeOf('function');
  });

  it('keeps every value given in code', async () => {
    const dispatcher = new Agent();
    const warn = vi.fn();
    const privacyMode = () => true;
    const distinctId = () => 'user-1';
    const config = resolveConfig(
      {
        apiKey: KEY,
        endpoint: 'eu',
        headers: { 'x-proxy': 'a' },
        privacyMode,
        distinctId,
        metadataPrefix: '',
        maxMetadataDepth: 5,
        timeoutMs: 1_000,
        deadlineMs: 2_000,
        maxRetries: 0,
        compression: 'none',
        maxBatchBytes: 2048,
        dispatcher,
        logger: { error: warn, warn, info: warn, debug: warn },
        enabled: true,
        includeAttributes: ['app.*', 'tenant'],
      },
      {},
    );
    expect(config).toMatchObject({
      endpoint: 'https://eu.i.posthog.com',
      metadataPrefix: '',
      maxMetadataDepth: 5,
      timeoutMs: 1_000,
      deadlineMs: 2_000,
      maxRetries: 0,
      compression: 'none',
      maxBatchBytes: 2048,
      includeAttributes: ['app.*', 'tenant'],
      warnings: [],
    });
    expect([config.privacyMode, config.distinctId, config.dispatcher]).toEqual([
      privacyMode,
      distinctId,
      dispatcher,
    ]);
    await expect(config.headers()).resolves.toEqual({ 'x-proxy': 'a' });
    config.logger.warn('hello');
    expect(warn).toHaveBeenCalledWith('hello');
    await dispatcher.close();
  });

  it('takes code over environment over file over default', () => {
    const path = configFile('precedence.json', { apiKey: OTHER_KEY, endpoint: 'eu', privacyMode: true });
    const env = { POSTHOG_API_KEY: KEY, POSTHOG_HOST: 'https://env.example', POSTHOG_PRIVACY_MODE: '0' };
    const read = (options: PostHogLLMSpanExporterOptions, variables: NodeJS.ProcessEnv) => {
      const { apiKey, endpoint, privacyMode } = resolveConfig(options, variables);
      return [apiKey.reveal(), endpoint, privacyMode];
    };
    expect(read({ configFile: path }, {})).toEqual([OTHER_KEY, 'https://eu.i.posthog.com', true]);
    expect(read({}, { POSTHOG_LLM_CONFIG: path })).toEqual([OTHER_KEY, 'https://eu.i.posthog.com', true]);
    expect(read({ configFile: path }, env)).toEqual([KEY, 'https://env.example', false]);
    expect(
      read({ configFile: path, apiKey: OTHER_KEY, endpoint: 'https://code.example', privacyMode: true }, env),
    ).toEqual([OTHER_KEY, 'https://code.example', true]);
    expect(read({ configFile: false }, { ...env, POSTHOG_LLM_CONFIG: path })).toEqual([
      KEY,
      'https://env.example',
      false,
    ]);
  });

  it('reads the default config file when asked to', () => {
    const env = { XDG_CONFIG_HOME: folder, APPDATA: folder };
    expect(problemsOf({ configFile: true }, env)).toContain('option configFile: config-file-missing');
    mkdirSync(join(folder, 'posthog-llm-exporter'));
    configFile('posthog-llm-exporter/config.json', { apiKey: KEY });
    expect(resolveConfig({ configFile: true }, env).apiKey.reveal()).toBe(KEY);
    expect(problemsOf({}, env)).toEqual(['option apiKey: api-key-missing']);
  });

  it('does not look at a weaker source', () => {
    const env = { POSTHOG_API_KEY: 'phx_personal', POSTHOG_HOST: 'nonsense', POSTHOG_PRIVACY_MODE: 'maybe' };
    expect(problemsOf({ apiKey: KEY, endpoint: 'us', privacyMode: false }, env)).toEqual([]);
  });

  it('treats empty variables as not set', () => {
    const env = {
      POSTHOG_HOST: '',
      POSTHOG_PRIVACY_MODE: ' ',
      OTEL_SDK_DISABLED: '',
      POSTHOG_LLM_CONFIG: '',
    };
    expect(problemsOf({ apiKey: KEY }, env)).toEqual([]);
    expect(problemsOf({}, { POSTHOG_API_KEY: '  ' })).toEqual(['option apiKey: api-key-missing']);
  });

  it.each([
    ['true', true],
    ['TRUE', true],
    ['1', true],
    ['False', false],
    ['0', false],
  ])('reads POSTHOG_PRIVACY_MODE=%s', (word, expected) => {
    expect(resolveConfig({ apiKey: KEY }, { POSTHOG_PRIVACY_MODE: word }).privacyMode).toBe(expected);
  });

  it.each([
    [{ apiKey: '' }, {}, 'option apiKey: api-key-missing'],
    [{ apiKey: 'phx_abcdef' }, {}, 'option apiKey: api-key-personal'],
    [{ apiKey: `phc_${'a'.repeat(61)}` }, {}, 'option apiKey: api-key-malformed'],
    [{ apiKey: 'phc_schlüssel' }, {}, 'option apiKey: api-key-malformed'],
    [{ apiKey: 'phc_a\0b' }, {}, 'option apiKey: api-key-malformed'],
    [{ apiKey: 'phc_a b' }, {}, 'option apiKey: api-key-malformed'],
    [{ apiKey: 7 }, {}, 'option apiKey: api-key-malformed'],
    [{ apiKey: null }, {}, 'option apiKey: api-key-malformed'],
    [{}, { POSTHOG_API_KEY: 'phx_abcdef' }, 'environment POSTHOG_API_KEY: api-key-personal'],
    [{ apiKey: KEY, endpoint: 'mars' }, {}, 'option endpoint: endpoint-invalid'],
    [{ apiKey: KEY }, { POSTHOG_HOST: 'mars' }, 'environment POSTHOG_HOST: endpoint-invalid'],
    [{ apiKey: KEY, privacyMode: 'yes' }, {}, 'option privacyMode: privacy-mode-invalid'],
    [
      { apiKey: KEY },
      { POSTHOG_PRIVACY_MODE: 'yes' },
      'environment POSTHOG_PRIVACY_MODE: privacy-mode-invalid',
    ],
    [{ apiKey: KEY, headers: 'a: b' }, {}, 'option headers: headers-invalid'],
    [{ apiKey: KEY, headers: { 'bad name': 'x' } }, {}, 'option headers: headers-invalid'],
    [{ apiKey: KEY, headers: { good: 'x\r\ny' } }, {}, 'option headers: headers-invalid'],
    [{ apiKey: KEY, headers: { good: 1 } }, {}, 'option headers: headers-invalid'],
    [{ apiKey: KEY, headers: { 'Content-Length': '1' } }, {}, 'option headers: headers-invalid'],
    [{ apiKey: KEY, distinctId: ' ' }, {}, 'option distinctId: option-invalid'],
    [{ apiKey: KEY, distinctId: 'anonymous' }, {}, 'option distinctId: option-invalid'],
    [{ apiKey: KEY, distinctId: 'x'.repeat(201) }, {}, 'option distinctId: option-invalid'],
    [{ apiKey: KEY, distinctId: 5 }, {}, 'option distinctId: option-invalid'],
    [{ apiKey: KEY, metadataPrefix: '$ai_' }, {}, 'option metadataPrefix: option-invalid'],
    [{ apiKey: KEY, maxMetadataDepth: 0 }, {}, 'option maxMetadataDepth: option-invalid'],
    [{ apiKey: KEY, timeoutMs: 0 }, {}, 'option timeoutMs: option-invalid'],
    [{ apiKey: KEY, timeoutMs: Number.NaN }, {}, 'option timeoutMs: option-invalid'],
    [{ apiKey: KEY, timeoutMs: '5s' }, {}, 'option timeoutMs: option-invalid'],
    [{ apiKey: KEY, deadlineMs: 2 ** 31 }, {}, 'option deadlineMs: option-invalid'],
    [{ apiKey: KEY, maxRetries: -1 }, {}, 'option maxRetries: option-invalid'],
    [{ apiKey: KEY, maxRetries: 1.5 }, {}, 'option maxRetries: option-invalid'],
    [{ apiKey: KEY, compression: 'br' }, {}, 'option compression: option-invalid'],
    [{ apiKey: KEY, maxBatchBytes: 100 }, {}, 'option maxBatchBytes: option-invalid'],
    [{ apiKey: KEY, maxBatchBytes: 20 * 1024 * 1024 + 1 }, {}, 'option maxBatchBytes: option-invalid'],
    [{ apiKey: KEY, dispatcher: {} }, {}, 'option dispatcher: option-invalid'],
    [{ apiKey: KEY, logger: { warn() {} } }, {}, 'option logger: option-invalid'],
    [{ apiKey: KEY, enabled: 'no' }, {}, 'option enabled: option-invalid'],
    [{ apiKey: KEY, includeAttributes: 'a' }, {}, 'option includeAttributes: option-invalid'],
    [{ apiKey: KEY, includeAttributes: 5 }, {}, 'option includeAttributes: option-invalid'],
    [{ apiKey: KEY, includeAttributes: ['*'] }, {}, 'option includeAttributes: option-invalid'],
    [{ apiKey: KEY, includeAttributes: ['a.*.b'] }, {}, 'option includeAttributes: option-invalid'],
    [{ apiKey: KEY, configFile: 3 }, {}, 'option configFile: option-invalid'],
    [{ apiKey: KEY, configFile: '/nonexistent/c.json' }, {}, 'option configFile: config-file-missing'],
    [
      { apiKey: KEY },
      { POSTHOG_LLM_CONFIG: '/nonexistent/c.json' },
      'environment POSTHOG_LLM_CONFIG: config-file-missing',
    ],
    [{ apiKey: KEY, privacymode: true }, {}, 'option privacymode: option-misspelled'],
  ])('refuses %o with %o', (options, env, problem) => {
    expect(problemsOf(options, env)).toEqual([problem]);
  });

  it('reports everything at once, in one error with code and fixes', () => {
    const path = configFile('broken.json', { privacyMode: 'sometimes' });
    const options = untyped({ endpoint: 'mars', timeoutMs: -1, configFile: path });
    const error = (() => {
      try {
        return resolveConfig(options, { POSTHOG_API_KEY: 'phx_verysecretvalue' });
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(PostHogLLMConfigError);
    const { code, problems, message } = error as PostHogLLMConfigError;
    expect(code).toBe('POSTHOG_LLM_INVALID_CONFIG');
    expect(problems.map((problem) => `${problem.source} ${problem.option}`)).toEqual([
      'environment POSTHOG_API_KEY',
      'option endpoint',
      'config file privacyMode',
      'option timeoutMs',
    ]);
    for (const problem of problems) {
      expect(message).toContain(problem.message);
      expect(message).toContain(problem.fix);
    }
    expect(`${message} ${inspect(error)} ${JSON.stringify(error)}`).not.toContain('verysecretvalue');
  });

  it('is recognised when another copy of the package threw it', async () => {
    vi.resetModules();
    const copy = await import('../../src/config/config-error.ts');
    const error = new copy.PostHogLLMConfigError([]);
    expect(error).not.toBeInstanceOf(PostHogLLMConfigError);
    expect(isPostHogLLMConfigError(error)).toBe(true);
    expect(isPostHogLLMConfigError(new Error('x'))).toBe(false);
    expect(isPostHogLLMConfigError(null)).toBe(false);
  });

  it.each([
    [{ apiKey: 'abc_0123456789' }, {}, /does not begin with "phc_"/],
    [{ apiKey: KEY, endpoint: 'https://app.posthog.com' }, {}, /https:\/\/us\.i\.posthog\.com/],
    [{ apiKey: KEY }, { OTEL_SDK_DISABLED: '1' }, /OTEL_SDK_DISABLED/],
    [{ apiKey: KEY, colour: 'blue' }, {}, /"colour" is unknown/],
    [{ apiKey: KEY, timeoutMs: 60_000 }, {}, /"deadlineMs"/],
  ])('only warns of %o with %o', (options, env, words) => {
    const { warnings, enabled } = resolveConfig(untyped(options), env);
    expect(warnings).toEqual([expect.stringMatching(words)]);
    expect(enabled).toBe(true);
  });

  it('warns when the deadline is shorter than the default timeout, and not when it is longer', () => {
    expect(resolveConfig({ apiKey: KEY, deadlineMs: 1_000 }, {}).warnings).toEqual([
      expect.stringContaining('"timeoutMs" (10000) is longer than "deadlineMs" (1000)'),
    ]);
    expect(resolveConfig({ apiKey: KEY, deadlineMs: 20_000 }, {}).warnings).toEqual([]);
  });
});

describe('a disabled exporter', () => {
  it.each([
    [{ enabled: false }, {}],
    [{}, { OTEL_SDK_DISABLED: 'TRUE' }],
    [{ apiKey: '' }, { OTEL_SDK_DISABLED: 'true' }],
    [{ enabled: false }, { POSTHOG_HOST: 'mars', POSTHOG_PRIVACY_MODE: '?', POSTHOG_API_KEY: 'phx_a' }],
    [{ enabled: false, configFile: '/nonexistent/c.json' }, {}],
  ])('needs nothing: %o with %o', (options, env) => {
    expect(resolveConfig(options, env).enabled).toBe(false);
  });

  it('is enabled by code against the environment', () => {
    expect(resolveConfig({ apiKey: KEY, enabled: true }, { OTEL_SDK_DISABLED: 'true' }).enabled).toBe(true);
  });

  it('still refuses mistakes in code', () => {
    expect(problemsOf({ enabled: false, endpoint: 'mars' })).toEqual(['option endpoint: endpoint-invalid']);
  });
});

describe('printing a configuration', () => {
  it('shows no key, header value or proxy password', async () => {
    const dispatcher = new ProxyAgent('http://name:hunter2@localhost:3128');
    const config = resolveConfig({ apiKey: KEY, headers: { 'x-token': 'hunter2' }, dispatcher }, {});
    const printed = `${inspect(config, { depth: 9, showHidden: true })} ${JSON.stringify(config)}`;
    expect(printed).toContain('phc_Zq…TuVw');
    expect(printed).not.toContain(KEY.slice(8, 20));
    expect(printed).not.toContain('hunter2');
    expect(printed).not.toContain(Buffer.from('name:hunter2').toString('base64'));
    await dispatcher.close();
  });

  it('cannot be changed', () => {
    const config = resolveConfig({ apiKey: KEY }, {});
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.includeAttributes)).toBe(true);
  });
});

describe('a config file', () => {
  it.each([
    [
      'bad JSON',
      '{"apiKey": "phc_verysecret", nonsense}',
      /line 1, column 30: there is no option "nonsense"/,
    ],
    ['cut off', '{"apiKey": "phc_verysecret', /not valid YAML or JSON/],
    ['an array', '[]', /object, not array/],
    ['null', 'null', /object, not null/],
    ['too large', ' '.repeat(70_000), /too large/],
  ])('is refused: %s', (_, content, words) => {
    const path = configFile('bad.json', content);
    const { problems } = readConfig({ configFile: path }, {});
    const [problem] = problems;
    expect(problem).toMatchObject({ code: 'config-file-invalid', option: 'configFile' });
    expect(problem?.message).toMatch(words);
    expect(problem?.message).toContain(path);
    expect(JSON.stringify(problems)).not.toContain('verysecret');
  });

  it.each([
    [{ apiKey: 5 }, 'config file apiKey: api-key-malformed'],
    [{ apiKey: KEY, endpoint: ['us'] }, 'config file endpoint: endpoint-invalid'],
    [{ apiKey: KEY, privacyMode: 'true' }, 'config file privacyMode: privacy-mode-invalid'],
  ])('is refused for wrong types: %o', (content, problem) => {
    expect(problemsOf({ configFile: configFile('types.json', content) })).toEqual([problem]);
  });

  it('may begin with a byte order mark', () => {
    const path = configFile('bom.json', `\uFEFF${JSON.stringify({ apiKey: KEY })}`);
    expect(resolveConfig({ configFile: path }, {}).apiKey.reveal()).toBe(KEY);
  });

  it('is warned about when others can read it', () => {
    const path = configFile('open.json', { apiKey: KEY });
    chmodSync(path, 0o644);
    expect(resolveConfig({ configFile: path }, {}).warnings).toEqual([expect.stringContaining('chmod 600')]);
  });

  it('is refused when it has unknown settings', () => {
    const path = configFile('unknown.json', { apiKey: KEY, apikey: 'x' });
    expect(problemsOf({ configFile: path })).toContain('option configFile: config-file-invalid');
  });
});
