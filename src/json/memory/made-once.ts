/**
 * Has something made when it is first asked for, and kept. For tables that take a noticeable part of the start of an
 * application and are of no use before its first span.
 */
export function madeOnce<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
