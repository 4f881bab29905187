/**
 * Work on something large, in steps: it yields wherever its caller may give way, so that no stretch of it does more than
 * about `STEP_UNITS` of text.
 */
export type Steps<T> = Generator<undefined, T, undefined>;

/** UTF-16 units that are worked on between two pauses: a millisecond or two, whatever is done with them. */
export const STEP_UNITS = 256 * 1024;

/** Does all of it, without a pause. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Objects and lists that are looked through between two pauses. */
export const STEP_HOLDERS = 10_000;

/** Takes what waits, the last first, until nothing does; `take` may add to it. */
export function* workOff<T>(waiting: T[], take: (next: T) => void): Steps<void> {
  let taken = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    take(next);
    taken += 1;
    if (taken % STEP_HOLDERS === 0) yield;
  }
}

/** Gives `use` texts in their order, long ones in parts. */
export function* eachPart(texts: readonly string[], use: (part: string) => void): Steps<void> {
  let units = 0;
  for (const text of texts) {
    for (const part of partsOf(text)) {
      use(part);
      units += part.length;
      if (units < STEP_UNITS) continue;
      units = 0;
      yield;
    }
  }
}

/** A text in parts of at most `STEP_UNITS`, none of which ends within a surrogate pair. */
export function* partsOf(text: string): Generator<string, void, undefined> {
  for (let start = 0; start < text.length; ) {
    const end = partEnd(text, start);
    yield start === 0 && end === text.length ? text : text.slice(start, end);
    start = end;
  }
}

function partEnd(text: string, start: number): number {
  const end = start + STEP_UNITS;
  if (end >= text.length) return text.length;
  const last = text.charCodeAt(end - 1);
  return last >= 0xd800 && last <= 0xdbff ? end - 1 : end;
}
