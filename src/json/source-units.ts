import { BACKSLASH, QUOTE } from './json-characters.ts';

/** Signs below end a literal: they have to be escaped in it. */
export const FIRST_PRINTABLE = 0x20;

/** UTF-16 units of the longest source whose scratch memory is used again (3 bytes each); longer ones have their own. */
const KEPT_UNITS = 512 * 1024;
const FIRST_UNITS = 32 * 1024;

const HAS_WIDE = /[\u0100-\uffff]/;

/**
 * The units of the source in hand, one byte for each, and a zero behind them, which ends every literal. One memory for
 * all scans, which are synchronous. What it buys: reading a byte takes a fraction of the time of `charCodeAt`, which has
 * to find out anew at each character in what form the engine holds the string.
 */
export let units = new Uint8Array(0);
let bytes = Buffer.alloc(0);
/** The same memory by fours. */
let words = new Int32Array(0);
/** Where wide units are looked for, by twos. */
let pairs = new Int32Array(0);
let pairBytes = Buffer.alloc(0);

/**
 * Whether this machine has the first of several bytes lowest, as all common ones. Words and pairs are only understood
 * there; elsewhere nothing can be scanned.
 */
export const canScan = new Uint8Array(Int32Array.of(1).buffer)[0] === 1;

/** Takes a source in hand, instead of the one before. */
export function loadUnits(source: string): void {
  makeRoom(source.length + 1);
  bytes.write(source, 'latin1');
  // That a string has nothing wide, as most, the engine knows without looking.
  if (HAS_WIDE.test(source)) blankWide(source);
  units[source.length] = 0;
}

function makeRoom(needed: number): void {
  if (needed <= units.length && (units.length <= KEPT_UNITS || needed > KEPT_UNITS)) return;
  // Conversations grow, each time a little.
  const room = needed > KEPT_UNITS ? needed : Math.max(FIRST_UNITS, 2 ** Math.ceil(Math.log2(needed)));
  // Whole eights.
  words = new Int32Array(Math.ceil(room / 8) * 2);
  units = new Uint8Array(words.buffer);
  bytes = Buffer.from(words.buffer);
  pairs = new Int32Array(units.length / 2);
  pairBytes = Buffer.from(pairs.buffer);
}

/** The same byte four times. */
const EACH = 0x01010101;
const HIGHEST_BITS = 0x80 * EACH;

/** The upper bytes of two units. */
const UPPER = 0xff00ff00;

/**
 * Gives every unit of more than a byte the highest bit, with which none means anything in JSON. By eights, most of which
 * have none.
 */
function blankWide(source: string): void {
  pairBytes.write(source, 'utf16le');
  for (let at = 0; at * 2 < source.length; at += 4) {
    const a = pairs[at] ?? 0;
    const b = pairs[at + 1] ?? 0;
    const c = pairs[at + 2] ?? 0;
    const d = pairs[at + 3] ?? 0;
    if (((a | b | c | d) & UPPER) === 0) continue;
    words[at >> 1] = (words[at >> 1] ?? 0) | wideMarks(a, b);
    words[(at >> 1) + 1] = (words[(at >> 1) + 1] ?? 0) | wideMarks(c, d);
  }
}

/** The highest bit of each byte that stands for one of these four units, where it is wide. */
function wideMarks(two: number, nextTwo: number): number {
  const upper =
    ((two >>> 8) & 0xff) | ((two >>> 16) & 0xff00) | ((nextTwo << 8) & 0xff0000) | (nextTwo & 0xff000000);
  // Adding sets the bit in each byte that is not 0; it cannot carry over into the next.
  return (((upper & ~HIGHEST_BITS) + EACH * 0x7f) | upper) & HIGHEST_BITS;
}

/**
 * Index of the next quote, backslash or sign that has to be escaped; at the latest of the zero at the end.
 *
 * Looks at four units at a time. What it buys: a prompt is gone through in less than half the time.
 */
export function nextSpecial(from: number): number {
  let at = from >> 2;
  // What stands before is made to look like no sign.
  const isBefore = ~(-1 << ((from & 3) << 3));
  let marks = marksIn((words[at] ?? 0) | (HIGHEST_BITS & isBefore));
  while (marks === 0) {
    at += 1;
    marks = marksIn(words[at] ?? 0);
  }
  return (at << 2) + ((31 - Math.clz32(marks & -marks)) >> 3);
}

/** With this bit turned over the quote follows the control characters, and of them none leaves its range. */
const SWAP = QUOTE ^ FIRST_PRINTABLE;

/**
 * The highest bit of the first unit that is a sign; what is set above it means nothing.
 *
 * Subtracting sets that bit in each unit that is less than what is subtracted. Where it was set before there is no sign,
 * and a borrow sets it only in units behind one that is less.
 */
function marksIn(word: number): number {
  const isControlOrQuote = (word ^ (SWAP * EACH)) - (FIRST_PRINTABLE + 1) * EACH;
  const isBackslash = (word ^ (BACKSLASH * EACH)) - EACH;
  return (isControlOrQuote | isBackslash) & ~word & HIGHEST_BITS;
}
