/** Longest stretch of work within one turn of the event loop, so that a big batch does not hold the application up. */
export const MAX_SLICE_MS = 4;

/** When work began in this turn of the event loop, whichever job it was; `undefined` when none has. */
let turnStartMs: number | undefined;

/**
 * Gives way when the turn is used up. Make one for each job and await it between pieces of work. Jobs that follow one
 * another within a turn, or run beside each other, share its time.
 */
export function createSlicer(maxSliceMs: number = MAX_SLICE_MS): () => Promise<void> | undefined {
  return () => {
    const nowMs = performance.now();
    if (turnStartMs === undefined) {
      turnStartMs = nowMs;
      setImmediate(endTurn);
    }
    return nowMs - turnStartMs < maxSliceMs ? undefined : new Promise(nextTurn);
  };
}

/** Takes the steps of a job one after the other, giving way when the turn is used up. */
export async function inSlices<T>(steps: Generator<undefined, T, undefined>): Promise<T> {
  const giveWay = createSlicer();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    const pausing = giveWay();
    if (pausing) await pausing;
  }
}

function endTurn(): void {
  turnStartMs = undefined;
}

function nextTurn(resolve: () => void): void {
  setImmediate(resolve);
}
