import { STEP_UNITS, type Steps } from '../../../json/steps.ts';

/** A place in a text, from `start` up to but not including `end`. */
export interface Found {
  readonly start: number;
  readonly end: number;
}

/** Nothing was found yet, after looking at many candidates: where to look on, after a pause. */
export interface LookOn {
  readonly lookAt: number;
}

/**
 * Finds the next place.
 * @param from where what was found last ends; no place may begin before it
 * @param at where to look on, no earlier than `from`
 */
export type Search = (from: number, at: number) => Found | LookOn | undefined;

/** Places that are replaced, and candidates that are looked at, between two pauses. */
export const STEP_CANDIDATES = 2_048;

/** Replaces everything that a search finds by a notice. */
export function* replaceFound(text: string, notice: string, search: Search): Steps<string> {
  // Pieces are joined as it goes, since joining millions of them at the end would be a stretch of its own.
  const joined: string[] = [];
  let pieces: string[] = [];
  let copied = 0;
  for (let next = search(0, 0); next !== undefined; ) {
    if ('lookAt' in next) {
      yield;
      next = search(copied, next.lookAt);
      continue;
    }
    pieces.push(text.slice(copied, next.start), notice);
    copied = next.end;
    if (pieces.length >= 2 * STEP_CANDIDATES) {
      joined.push(pieces.join(''));
      pieces = [];
      yield;
    }
    next = search(copied, copied);
  }
  return copied === 0 ? text : joined.join('') + pieces.join('') + text.slice(copied);
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
  return (_, lookAt) => {
    let at = lookAt;
    for (let left = STEP_CANDIDATES; left > 0; left--) {
      const match = nextCandidate(text, candidates, at);
      if (match === null) return undefined;
      if ('lookAt' in match) return match;
      const found = accept(match);
      if (found !== undefined) return found;
      at = refused === 'one on' ? match.index + 1 : candidates.lastIndex;
    }
    return { lookAt: at };
  };
}

/** Longer than what any expression needs, from where it begins, to see that there is a candidate. */
const MAX_NEEDED = 512;

/** Longer than what any expression looks back. */
const MAX_LOOK_BACK = 8;

/**
 * The next match of an expression, which may look far: of a long text, only a stretch is looked through, since the engine
 * cannot pause.
 * @param stretched where the stretch ends instead, for an expression that needs more than `MAX_NEEDED`
 */
export function nextCandidate(
  text: string,
  candidates: RegExp,
  at: number,
  stretched: (from: number, end: number) => number = (_, end) => end,
): RegExpExecArray | LookOn | null {
  candidates.lastIndex = at;
  if (text.length - at <= STEP_UNITS + MAX_NEEDED) return candidates.exec(text);
  const end = stretched(at, at + STEP_UNITS + MAX_NEEDED);
  const start = Math.max(0, at - MAX_LOOK_BACK);
  candidates.lastIndex = at - start;
  const near = candidates.exec(text.slice(start, end));
  const lookAt = end === text.length ? end : end - MAX_NEEDED;
  if (near === null || start + near.index >= lookAt) return { lookAt };
  candidates.lastIndex = start + near.index;
  return candidates.exec(text);
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
