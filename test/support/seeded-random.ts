/** Chance that can be had again: the same seed gives the same numbers from 0 up to but not including 1. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The seed for a test: `CHAOS_SEED`, else a new one. Tests name it when they fail. */
export function chaosSeed(): number {
  return Number(process.env['CHAOS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
}

/** How much longer than usual tests of chance run: `CHAOS_FACTOR`, else 1. */
export const CHAOS_FACTOR = Number(process.env['CHAOS_FACTOR'] ?? 1);
