/**
 * A copy of a list that is retained while the rest of its batch is read, or pointed to by something else.
 *
 * What it buys: V8 notes, for each `[…]` and `{…}` in the code, how many of the objects made there are found by a
 * collection. Of those that are retained for a batch nearly all are; and, when a full collection is under way, also those
 * that another object pointed to for a moment. From then on such objects are made among the old ones, where they keep
 * alive, until the next full collection, all that they point to: 8 KB for each call was seen, which is its messages. Of
 * copies and of instances of classes nothing is noted. So what is retained or pointed to, and points to content, is
 *
 * - a copy of a list, by this function or the next;
 * - a copy of an object, by `{ ...object }`, not in the function whose literal it copies, as a bundler leaves such a copy
 *   out, nor with members that the object has not, as Node 20 makes a hidden class for each such copy;
 * - an instance of a class.
 */
export function retained<T>(list: readonly T[]): T[] {
  return list.slice();
}

/** A copy of an object, as `retained`. */
export function retainedObject<T extends object>(object: T): T {
  return { ...object };
}

/** What is in it has been a text, so its copies need not change their form when one is added. */
const EMPTIED: readonly unknown[] = emptied(['']);

/** A list to be filled, as `retained`. */
export function emptyRetained<T>(): T[] {
  return (EMPTIED as readonly T[]).slice();
}

function emptied(list: unknown[]): readonly unknown[] {
  list.length = 0;
  return list;
}
