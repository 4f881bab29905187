/** A place in a text, from `start` up to but not including `end`. */
export interface Found {
  readonly start: number;
  readonly end: number;
}

/** Finds the next place from a position on. */
export type Search = (from: number) => Found | undefined;

/** Replaces everything that a search finds by a notice. */
export function replaceFound(text: string, notice: string, search: Search): string {
  const pieces: string[] = [];
  let copied = 0;
  for (let found = search(0); found !== undefined; found = search(copied)) {
    pieces.push(text.slice(copied, found.start), notice);
    copied = found.end;
  }
  return copied === 0 ? text : pieces.join('') + text.slice(copied);
}

/**
 * A search by expression and check. Time stays linear when the expression is bounded, or when `refused` skips what an
 * unbounded one took. Expressions that begin with a digit or a fixed word, and leave what stands before to the check,
 * are the fast ones.
 *
 * @param candidates global, and never matching the empty text; repeating at most a million times, since V8 throws at
 *   some millions
 * @param refused where to go on after a candidate that was not accepted: one character on, since another may overlap
 *   it, or behind it
 */
export function searchBy(
  text: string,
  candidates: RegExp,
  accept: (match: RegExpExecArray) => Found | undefined,
  refused: 'one on' | 'behind' = 'one on',
): Search {
  return (from) => {
    candidates.lastIndex = from;
    for (let match = candidates.exec(text); match !== null; match = candidates.exec(text)) {
      const found = accept(match);
      if (found !== undefined) return found;
      if (refused === 'one on') candidates.lastIndex = match.index + 1;
    }
    return undefined;
  };
}

/**
 * Whether a word can begin here: no letter, digit or `_` stands before. Much content is JSON text, where the `n` of a
 * line feed (`\n`) touches the next word without being part of it.
 */
export function isWordBegin(text: string, index: number): boolean {
  if (index === 0 || !/\w/.test(text.charAt(index - 1))) return true;
  return /\\(?:[bfnrt]|u[0-9A-Fa-f]{4})$/.test(text.slice(Math.max(0, index - 6), index));
}

/** The whole match. */
export function whole(match: RegExpExecArray): Found {
  return { start: match.index, end: match.index + match[0].length };
}

/** The end of the match, from where the last group begins. */
export function lastGroup(match: RegExpExecArray): Found {
  const end = match.index + match[0].length;
  return { start: end - (match.at(-1) ?? '').length, end };
}
