import { describe, expect, it } from 'vitest';
import { isPostHogLLMConfigError } from '../../src/config/config-error.ts';
import type { PostHogLLMSpanExporterOptions } from '../../src/config/options.ts';
import { resolveConfig } from '../../src/config/resolve-config.ts';

const KEY = 'phc_Zq8vXw2LmN4rT6yU9aBcDeFgHiJkLmNoPqRsTuVw';

/** Everything that is said of a configuration: the error, else the warnings. */
function said(options: object, env: NodeJS.ProcessEnv = {}): string {
  try {
    const { warnings } = resolveConfig(options as PostHogLLMSpanExporterOptions, env);
    return warnings.map((warning) => `warning: ${warning}`).join('\n') || 'accepted';
  } catch (error) {
    if (!isPostHogLLMConfigError(error)) throw error;
    return error.problems.map(({ message, fix }) => `error: ${message} ${fix}`).join('\n');
  }
}

describe('a key', () => {
  it.each([
    ['phc_...', /error: The API key is a placeholder/],
    ['phc_…', /error: The API key is a placeholder/],
    ['<ph_project_api_key>', /error: The API key is a placeholder/],
    ['YOUR_API_KEY', /error: The API key is a placeholder/],
    ['your-project-key', /error: The API key is a placeholder/],
    [`$\{POSTHOG_API_KEY}`, /error: The API key is a placeholder/],
    ['changeme', /error: The API key is a placeholder/],
    ['"phc_abc"', /error: The API key stands in quotes/],
    ["'phc_abc'", /error: The API key stands in quotes/],
    ['sk-proj-abc', /error: This looks like the key of a model provider/],
    ['Bearer phc_abc', /error: The API key holds characters/],
    ['phx_abc', /error: This is a personal API key/],
    ['12345', /warning: .*does not begin with "phc_"/],
    [KEY, /^accepted$/],
    ['phc_us_project', /^accepted$/],
    ['phc_your', /^accepted$/],
  ])('%s', (apiKey, words) => {
    expect(said({ apiKey })).toMatch(words);
    expect(said({}, { POSTHOG_API_KEY: apiKey })).toMatch(words);
  });
});

describe('an option', () => {
  it.each([
    [{ host: 'eu' }, /no option "host"\. Write "endpoint"/],
    [{ url: 'https://eu.i.posthog.com' }, /Write "endpoint"/],
    [{ projectToken: KEY }, /Write "apiKey"/],
    [{ privacy: true }, /Write "privacyMode"/],
    [{ privacy_mode: true }, /Write "privacyMode"/],
    [{ masking: () => '' }, /Write "mask"/],
    [{ redactors: ['email'] }, /Write "redact"/],
    [{ colour: 'blue' }, /warning: The option "colour" is unknown/],
    [
      { timeoutMs: 5 },
      /warning: The option "timeoutMs" is 5 milliseconds; if 5 seconds are meant, write 5000/,
    ],
    [
      { timeoutMs: 10_000, deadlineMs: 1_000 },
      /warning: .*"timeoutMs" \(10000\) is longer than "deadlineMs" \(1000\)/,
    ],
    [{ deadlineMs: 1_000 }, /warning: .*is longer than "deadlineMs" \(1000\)/],
    [{ timeoutMs: '5s' }, /must be a whole number from 1 to 2147483647, in milliseconds/],
    [{ samplingRate: 10 }, /from 0.0001 to 1; for 10 % write 0.1/],
    [{ samplingRate: 0 }, /to send nothing, set "enabled" to false/],
    [{ samplingRate: '0.5' }, /must be a number from 0.0001 to 1/],
    [{ redact: ['emails'] }, /must be a list of email, phone/],
    [{ enabled: 'yes' }, /must be true, false or "auto", not "yes"/],
    [{ logger: true }, /functions error, warn, info and debug, or false/],
    [{ logger: false }, /^accepted$/],
    [{ debug: 'yes' }, /must be true or false, not string/],
    [{ onEvent: 'console' }, /must be a function, not string/],
    [{ uiHost: 'posthog.example.com' }, /must be a URL such as/],
    [{ spool: './x' }, /must be an object with a directory, not string/],
    [
      { spool: { directory: 'x', maxBytes: '1GB' } },
      /has a wrong "maxBytes": it must be a whole number from 1024/,
    ],
    [
      { spool: { directory: 'x', mode: 'allways' } },
      /has a wrong "mode": it must be "on-failure" or "always"/,
    ],
    [
      { spool: { directory: 'x', ttl: 5 } },
      /has no setting "ttl"; it has directory, maxBytes, maxAgeMs, mode/,
    ],
  ])('%o', (options, words) => {
    expect(said({ apiKey: KEY, ...options })).toMatch(words);
  });
});

describe('a variable', () => {
  it.each([
    [{ POSTHOG_PRIVACY_MODE: 'on' }, /error: POSTHOG_PRIVACY_MODE must be "true", "false", "1" or "0"/],
    [{ POSTHOG_HOST: 'posthog.example' }, /error: The endpoint is neither a region name nor a URL/],
    [{ OTEL_SDK_DISABLED: 'yes' }, /warning: OTEL_SDK_DISABLED must be "true" or "false". It has no effect/],
    [
      { POSTHOG_LLM_DEBUG: 'yes' },
      /warning: POSTHOG_LLM_DEBUG must be "true", "false", "1" or "0". It has no/,
    ],
    [{ POSTHOG_LLM_DEBUG: '1' }, /^accepted$/],
    [{ POSTHOG_LLM_CONFIG: '/nope.json' }, /error: There is no config file \/nope.json/],
  ])('%o', (env, words) => {
    expect(said({ apiKey: KEY }, env)).toMatch(words);
  });
});

describe("enabled: 'auto'", () => {
  it('is off and says so when no source has a key', () => {
    expect(resolveConfig({ enabled: 'auto' }, {}).enabled).toBe(false);
    expect(said({ enabled: 'auto' })).toMatch(/warning: Nothing is sent: there is no API key/);
  });

  it('is on when a key is found', () => {
    expect(resolveConfig({ enabled: 'auto', apiKey: KEY }, {}).enabled).toBe(true);
    expect(resolveConfig({ enabled: 'auto' }, { POSTHOG_API_KEY: KEY }).enabled).toBe(true);
  });

  it('still refuses what is wrong', () => {
    expect(said({ enabled: 'auto', apiKey: 'phx_abc' })).toMatch(/error: This is a personal API key/);
    expect(said({ enabled: 'auto', endpoint: 'mars' })).toMatch(/error: The endpoint is neither/);
  });
});

describe('debug', () => {
  it.each([
    [{ debug: true }, {}, true],
    [{}, { POSTHOG_LLM_DEBUG: '1' }, true],
    [{}, { OTEL_LOG_LEVEL: 'DEBUG' }, true],
    [{}, { OTEL_LOG_LEVEL: 'info' }, false],
    [{ debug: false }, { POSTHOG_LLM_DEBUG: '1' }, false],
  ])('with %o and %o is %s', (options, env, expected) => {
    expect(resolveConfig({ apiKey: KEY, ...options }, env as NodeJS.ProcessEnv).debug).toBe(expected);
  });
});
