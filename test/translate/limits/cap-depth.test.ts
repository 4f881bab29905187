import { describe, expect, it } from 'vitest';
import { capDepth } from '../../../src/translate/limits/cap-depth.ts';

describe('capDepth', () => {
  const deep = { a: { b: { c: { d: 1 } } }, n: 1 };
  const table: [maxDepth: number, value: unknown, expected: unknown][] = [
    [0, 'text', 'text'],
    [0, { a: 1 }, '[truncated]'],
    [1, deep, { a: '[truncated]', n: 1 }],
    [3, deep, { a: { b: { c: '[truncated]' } }, n: 1 }],
    [4, deep, deep],
    [2, [[[1]], 2], [['[truncated]'], 2]],
    [1, 5n, '5'],
    [1, new Date(0), '1970-01-01T00:00:00.000Z'],
    [1, null, null],
  ];
  it.each(table)('keeps %i levels', (maxDepth, value, expected) => {
    expect(capDepth(value, maxDepth)).toEqual(expected);
  });
});
