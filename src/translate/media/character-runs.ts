/**
 * Finds unbroken runs of certain characters of at least a length, by looking at every `minLength`th character only: no
 * such run can lie between two of them. Linear, and much faster than that on ordinary text.
 *
 * @param isPart whether the character at a place belongs to a run
 * @param endFrom where a run ends that goes on at least to a place; by default looked for character by character
 * @param until no place from here on is looked at, except of a run that is looked at before; by default the end
 * @returns where the next run begins and ends, `undefined` when there is none
 */
export function nextRun(
  text: string,
  from: number,
  minLength: number,
  isPart: (text: string, index: number) => boolean,
  endFrom: (text: string, inside: number) => number = (whole, inside) => endByOne(whole, inside, isPart),
  until = text.length,
): { readonly start: number; readonly end: number } | undefined {
  let floor = from;
  const last = Math.min(until, text.length);
  for (let probe = from + minLength - 1; probe < last; ) {
    if (!isPart(text, probe)) {
      probe += minLength;
      continue;
    }
    let start = probe;
    while (start > floor && isPart(text, start - 1)) start--;
    const end = endFrom(text, probe);
    if (end - start >= minLength) return { start, end };
    floor = end;
    probe = end + minLength;
  }
  return undefined;
}

function endByOne(text: string, inside: number, isPart: (text: string, index: number) => boolean): number {
  let end = inside + 1;
  while (end < text.length && isPart(text, end)) end++;
  return end;
}

/** A table by character code for `isPart`. */
export function characterFlags(characters: string): Uint8Array {
  const flags = new Uint8Array(128);
  for (const character of characters) flags[character.charCodeAt(0)] = 1;
  return flags;
}

export const LETTERS_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
