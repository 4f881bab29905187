import { leastCpuMs } from './thread-cpu.ts';

/** Four times the input takes four times as long where time is linear, 16 times where it grows by the square. */
const FACTOR = 4;
const MAX_GROWTH = 9;

/** Measurements below are noise. */
const MIN_TIME_MS = 5;

const MAX_TRIES = 12;

/**
 * Whether work takes time in proportion to its input. Sizes are compared with sizes, and the least of several times
 * counts, so that a busy machine can only make it take longer to say yes.
 * @param work does it on an input of the size
 * @param size of the smaller input
 */
export function isLinear(work: (size: number) => unknown, size: number): boolean {
  let small = Number.POSITIVE_INFINITY;
  let large = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    small = Math.min(
      small,
      leastCpuMs(() => work(size), 1),
    );
    large = Math.min(
      large,
      leastCpuMs(() => work(size * FACTOR), 1),
    );
    if (tries > 0 && large <= MAX_GROWTH * Math.max(small, MIN_TIME_MS)) return true;
  }
  return false;
}
