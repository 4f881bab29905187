import { readFileSync } from 'node:fs';

const SCHEDSTAT = '/proc/thread-self/schedstat';

/**
 * Milliseconds of CPU that this thread has had. Other threads and processes, however busy, do not count, so figures can
 * be compared on any machine. Where the system does not say it per thread, that of the whole process.
 */
export function threadCpuMs(): number {
  try {
    return Number(readFileSync(SCHEDSTAT, 'latin1').split(' ')[0]) / 1e6;
  } catch {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  }
}

/** CPU that the work takes on this thread, the least of a few tries: what is more is the machine's, not the work's. */
export function leastCpuMs(work: () => unknown, tries = 3): number {
  return Math.min(
    ...Array.from({ length: tries }, () => {
      const startMs = threadCpuMs();
      work();
      return threadCpuMs() - startMs;
    }),
  );
}

/** Longest stretch of CPU between two turns of the event loop while the work is under way. */
export async function longestStretchMs(work: () => Promise<unknown>): Promise<number> {
  let isOver = false;
  let longestMs = 0;
  let lastMs = threadCpuMs();
  const look = (): void => {
    const nowMs = threadCpuMs();
    longestMs = Math.max(longestMs, nowMs - lastMs);
    lastMs = nowMs;
    if (!isOver) setImmediate(look);
  };
  setImmediate(look);
  await work();
  isOver = true;
  return longestMs;
}
