import { describe, expect, it } from 'vitest';
import { isLinear } from './linear-time.ts';

describe('isLinear', () => {
  const repeat = (times: number) => {
    let sum = 0;
    for (let index = 0; index < times; index++) sum += Math.sqrt(index);
    return sum;
  };

  it('says yes of linear work and no of a square law', () => {
    expect(isLinear((size) => repeat(size * 2_000), 1_000)).toBe(true);
    expect(isLinear((size) => repeat(size * size), 1_500)).toBe(false);
  });
});
