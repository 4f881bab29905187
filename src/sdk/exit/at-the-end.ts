const waiting = new WeakMap<object, () => void>();

/** Has something said about what can be flushed, once: when the process has nothing left to do, or when it is shut down. */
export function sayAtTheEnd(target: object, say: () => void): void {
  waiting.set(target, say);
}

/** The end has come. */
export function sayNow(target: object): void {
  waiting.get(target)?.();
  waiting.delete(target);
}
