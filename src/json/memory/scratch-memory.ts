/**
 * Memory for bodies that are only needed until their compressed form is there. What it buys: memory outside its heap,
 * taken anew for every body, makes the engine look through the heap of the application for garbage.
 */
const free: Buffer[] = [];

/** As many as the bodies that one export has under way at most (see `deliver/outbox/export-sink.ts`). */
const MAX_FREE = 6;

/** Of one of them: the memory of larger bodies, which are rare, goes back to the system. */
const MAX_FREE_BYTES = 2 * 1024 * 1024;

/** Steps in which memory is taken, so that it fits the next body as well. */
const STEP_BYTES = 256 * 1024;

/** At least so many bytes, holding anything. */
export function borrowScratch(bytes: number): Buffer {
  const [fitting] = free.filter(({ length }) => length >= bytes).sort((a, b) => a.length - b.length);
  if (fitting) free.splice(free.indexOf(fitting), 1);
  return fitting ?? Buffer.allocUnsafeSlow(Math.ceil(bytes / STEP_BYTES) * STEP_BYTES);
}

/** To be called when the memory is not read any more. */
export function returnScratch(memory: Buffer): void {
  if (memory.length > MAX_FREE_BYTES) return;
  if (free.length >= MAX_FREE) free.shift();
  free.push(memory);
}
