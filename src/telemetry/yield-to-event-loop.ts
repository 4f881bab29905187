/** Longest stretch of work without giving way, so that a big batch does not hold the application's event loop. */
const MAX_SLICE_MS = 8;

/** Gives way when the slice is used up. Make one for each job and await it between pieces of work. */
export function createSlicer(maxSliceMs: number = MAX_SLICE_MS): () => Promise<void> | undefined {
  let sliceStartMs = performance.now();
  return () => {
    if (performance.now() - sliceStartMs < maxSliceMs) return undefined;
    return new Promise((resolve) => {
      setImmediate(() => {
        sliceStartMs = performance.now();
        resolve();
      });
    });
  };
}
