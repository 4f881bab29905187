import { expect, it } from 'vitest';
import { isInRange } from '../../src/register/version-range.ts';

it.each<[string, string, boolean]>([
  ['4.104.0', '*', true],
  ['4.104.0', '>=4 <7', true],
  ['7.0.0', '>=4 <7', false],
  ['6.1.0', '^5.0.0 || ^6.0.0', true],
  ['4.1.0', '^5.0.0 || ^6.0.0', false],
  ['5.3.1', '5.x', true],
  ['0.3.80', '^0.3.0', true],
  ['0.4.0', '^0.3.0', false],
  ['1.2.3', '~1.2.0', true],
  ['1.3.0', '~1.2.0', false],
  ['1.2.3', '1.2.3', true],
  ['1.2.4', '1.2.3', false],
  ['1.2.3', 'latest', false],
  ['1.2.3', '>1.2.3', false],
  ['1.2.3', '<=1.2.3', true],
])('%s in %s: %s', (version, range, expected) => {
  expect(isInRange(version, range)).toBe(expected);
});
