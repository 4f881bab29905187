import type { Clock } from './clock.ts';

export interface Backoff {
  /** Longest wait after the first failure; doubled for each further one. */
  readonly initialMs: number;
  readonly maxMs: number;
}

/** Milliseconds to wait after so many failures in a row: between half and all of the ceiling, by chance. */
export function backoffMs(
  failures: number,
  { initialMs, maxMs }: Backoff,
  clock: Pick<Clock, 'random'>,
): number {
  const ceilingMs = Math.min(maxMs, initialMs * 2 ** Math.max(0, failures - 1));
  return ceilingMs * (0.5 + clock.random() / 2);
}
