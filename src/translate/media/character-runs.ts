/**
 * Finds unbroken runs of certain characters of at least a length, by looking at every `minLength`th character only: no
 * such run can lie between two of them. Linear, and much faster than that on ordinary text.
 *
 * @param isPart whether the character at a place belongs to a run
 * @returns where the next run begins and ends, `undefined` when there is none
 */
export function nextRun(
  text: string,
  from: number,
  minLength: number,
  isPart: (text: string, index: number) => boolean,
): { readonly start: number; readonly end: number } | undefined {
  let floor = from;
  for (let probe = from + minLength - 1; probe < text.length; ) {
    if (!isPart(text, probe)) {
      probe += minLength;
      continue;
    }
    let start = probe;
    while (start > floor && isPart(text, start - 1)) start--;
    let end = probe + 1;
    while (end < text.length && isPart(text, end)) end++;
    if (end - start >= minLength) return { start, end };
    floor = end;
    probe = end + minLength;
  }
  return undefined;
}

/** A table by character code for `isPart`. */
export function characterFlags(characters: string): Uint8Array {
  const flags = new Uint8Array(128);
  for (const character of characters) flags[character.charCodeAt(0)] = 1;
  return flags;
}

export const LETTERS_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
