import { describe, expect, it } from 'vitest';
import { borrowScratch, returnScratch } from '../../src/json/memory/scratch-memory.ts';

const KIB = 1024;

// Compared by `===`: vitest would look through megabytes that hold anything to say in what they differ.
describe('scratch memory', () => {
  it('is lent to one at a time, the smallest that is large enough', () => {
    const [small, large] = [borrowScratch(100 * KIB), borrowScratch(900 * KIB)];
    returnScratch(large);
    returnScratch(small);
    expect(borrowScratch(200 * KIB) === small).toBe(true);
    expect(borrowScratch(200 * KIB) === large).toBe(true);
    expect([small, large].includes(borrowScratch(200 * KIB))).toBe(false);
  });

  it('of a very large body is not kept', () => {
    const huge = borrowScratch(20 * KIB * KIB);
    returnScratch(huge);
    expect(borrowScratch(20 * KIB * KIB) === huge).toBe(false);
  });

  it('keeps no more than a few', () => {
    const lent = Array.from({ length: 50 }, () => borrowScratch(1 * KIB * KIB));
    for (const memory of lent) returnScratch(memory);
    const again = Array.from({ length: 50 }, () => borrowScratch(1 * KIB * KIB));
    expect(again.filter((memory) => lent.includes(memory)).length).toBeLessThanOrEqual(6);
  });
});
