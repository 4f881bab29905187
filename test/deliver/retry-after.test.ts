import { describe, expect, it } from 'vitest';
import { parseRetryAfter } from '../../src/deliver/retry-after.ts';

const NOW = Date.UTC(2026, 0, 1, 0, 0, 0);

describe('parseRetryAfter', () => {
  it.each([
    ['0', 0],
    ['1', 1000],
    [' 120 ', 120_000],
    ['1.5', 1500],
    ['99999999999999999999', Number.MAX_SAFE_INTEGER],
    ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
    ['Thursday, 01-Jan-26 00:00:30 GMT', 30_000],
    ['Thu Jan  1 00:00:30 2026', 30_000],
    ['Wed, 31 Dec 2025 23:59:00 GMT', 0],
    ['-5', undefined],
    ['+5', undefined],
    ['', undefined],
    ['soon', undefined],
    ['soon 1', undefined],
    ['1e3', undefined],
    ['0x10', undefined],
    ['2026-01-01T00:00:30Z', undefined],
    ['Thu, 99 Foo 2026 00:00:30 GMT', undefined],
    ['NaN', undefined],
    ['Infinity', undefined],
    [undefined, undefined],
    [['3', '9'], 3000],
    [[], undefined],
  ])('%j is %s', (header, expected) => {
    expect(parseRetryAfter(header, NOW)).toBe(expected);
  });
});
