import { isAbsolute } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PostHogLLMSpanExporterOptions } from '../../../src/config/options.ts';
import { readConfig, resolveConfig } from '../../../src/config/resolve-config.ts';

const apiKey = 'phc_options_of_the_spool';

const problemsOf = (options: object) =>
  readConfig({ apiKey, ...options } as PostHogLLMSpanExporterOptions, {}).problems;

describe('the option spool', () => {
  it('has defaults for everything but the directory', () => {
    const { spool } = resolveConfig({ apiKey, spool: { directory: 'somewhere' } }, {});
    expect(spool).toEqual({
      directory: expect.stringMatching(/somewhere$/),
      maxBytes: 256 * 1024 * 1024,
      maxAgeMs: 7 * 24 * 60 * 60 * 1000,
      mode: 'on-failure',
    });
    expect(isAbsolute(spool?.directory ?? '')).toBe(true);
  });

  it('takes every setting', () => {
    const spool = { directory: '/a', maxBytes: 5_000, maxAgeMs: 1, mode: 'always' } as const;
    expect(resolveConfig({ apiKey, spool }, {}).spool).toEqual(spool);
  });

  it.each([
    ['a path alone', '/var/spool', 'must be an object with a directory, not string'],
    ['null', null, 'not null'],
    ['a list', [], 'not array'],
    ['no directory', {}, 'must name a directory'],
    ['an empty directory', { directory: ' ' }, 'must name a directory'],
    ['a directory with a NUL', { directory: 'a\0b' }, 'must name a directory'],
    ['an unknown setting', { directory: '/a', maxSize: 1 }, 'has no setting "maxSize"'],
    ['too few bytes', { directory: '/a', maxBytes: 1_023 }, '"maxBytes"'],
    ['bytes as text', { directory: '/a', maxBytes: '1 GB' }, '"maxBytes"'],
    ['no time', { directory: '/a', maxAgeMs: 0 }, '"maxAgeMs"'],
    ['another mode', { directory: '/a', mode: 'sometimes' }, '"on-failure" or "always"'],
  ])('is refused with %s', (_, spool, message) => {
    expect(problemsOf({ spool })).toMatchObject([{ code: 'option-invalid', option: 'spool' }]);
    expect(problemsOf({ spool })[0]?.message).toContain(message);
  });
});

it.each([
  ['maxInFlightBytes', 1_023],
  ['maxInFlightBytes', 1.5],
  ['maxInFlightBytes', 'many'],
  ['meterProvider', {}],
  ['meterProvider', 'console'],
])('the option %s refuses %j', (option, value) => {
  expect(problemsOf({ [option]: value })).toMatchObject([{ code: 'option-invalid', option }]);
});
