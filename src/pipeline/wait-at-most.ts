/**
 * Waits for work, but not longer than the time. Keeps the process alive meanwhile: whoever awaits a flush wants it done,
 * and without a live timer Node would end in the midst of it.
 */
export async function waitAtMost(timeMs: number, work: Promise<unknown>): Promise<'done' | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), timeMs);
  });
  try {
    return await Promise.race([work.then(() => 'done' as const), late]);
  } finally {
    clearTimeout(timer);
  }
}
