/** What something that can be flushed says when the process has nothing left to do. */
export interface LastWords {
  /** It takes long. */
  waiting(): void;
  /** It is flushed, or was shut down. Said once. */
  over(): void;
}

const known = new WeakMap<object, LastWords>();

export function sayAtTheEnd(target: object, words: LastWords): void {
  known.set(target, words);
}

/** A person who looks at a terminal begins to wonder. */
const WONDER_MS = 2_000;

/** Says so while the flush takes long, and what is to be said when it is over. */
export async function sayMeanwhile(target: object, flushing: Promise<void>): Promise<void> {
  const timer = setTimeout(() => known.get(target)?.waiting(), WONDER_MS);
  await flushing;
  clearTimeout(timer);
  sayNow(target);
}

export function sayNow(target: object): void {
  known.get(target)?.over();
  known.delete(target);
}
