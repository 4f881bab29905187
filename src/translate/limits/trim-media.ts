import { eachHeld, type Holder, isHolder } from '../../json/json-holder.ts';
import { STEP_HOLDERS, STEP_UNITS, type Steps } from '../../json/steps.ts';
import { type Base64Run, findBase64, MIN_BASE64_CHARACTERS } from '../media/find-base64.ts';
import { jsonBytes } from './json-walk.ts';
import { type Draft, namesOf, noteTrim, type PropertyGroup } from './trim-ladder.ts';

/** Shorter lists of numbers are not taken for bytes, samples or vectors. */
const MIN_NUMBERS = 1024;

interface Search {
  readonly needBytes: number;
  removedBytes: number;
  count: number;
}

/**
 * Puts notices of type and size in place of base64 and long lists of numbers, the oldest first, until `needBytes` are
 * saved or no media are left.
 */
export function* trimMedia(draft: Draft, group: PropertyGroup, needBytes: number): Steps<void> {
  for (const property of namesOf(group, draft)) {
    const search = { needBytes, removedBytes: 0, count: 0 };
    yield* replaceMedia(draft.properties, property, search);
    noteTrim(draft, { property, action: 'media', removedBytes: search.removedBytes, count: search.count });
    needBytes -= search.removedBytes;
  }
}

function* replaceMedia(holder: Holder, key: string | number, search: Search): Steps<void> {
  const waiting: Place[] = [{ holder, key }];
  let looked = 0;
  let units = 0;
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    if (search.removedBytes >= search.needBytes) return;
    const { holder: within, key: at } = place;
    const value = within[at];
    if (typeof value === 'string') {
      within[at] = yield* withoutBase64(value, search);
      units += value.length;
    } else if (isNumbers(value)) {
      within[at] = replaced(`[removed: ${value.length} numbers]`, jsonBytes(value), search);
    } else if (isHolder(value)) {
      pushInOrder(value, waiting);
    }
    looked += 1;
    if (looked % STEP_HOLDERS !== 0 && units < STEP_UNITS) continue;
    units = 0;
    yield;
  }
}

interface Place {
  readonly holder: Holder;
  readonly key: string | number;
}

/** The oldest is taken first, so it is pushed last. */
function pushInOrder(holder: Holder, waiting: Place[]): void {
  const first = waiting.length;
  eachHeld(holder, (key, held) => {
    const isWorthIt = typeof held === 'string' ? held.length >= MIN_BASE64_CHARACTERS : isHolder(held);
    if (isWorthIt) waiting.push({ holder, key });
  });
  for (let low = first, high = waiting.length - 1; low < high; low++, high--) {
    const lowest = waiting[low];
    const highest = waiting[high];
    if (lowest === undefined || highest === undefined) return;
    waiting[low] = highest;
    waiting[high] = lowest;
  }
}

function isNumbers(value: unknown): value is readonly number[] {
  return (
    Array.isArray(value) && value.length >= MIN_NUMBERS && value.every((item) => typeof item === 'number')
  );
}

function* withoutBase64(text: string, search: Search): Steps<string> {
  if (text.length < MIN_BASE64_CHARACTERS) return text;
  const pieces: string[] = [];
  let copied = 0;
  for (const run of findBase64(text)) {
    if (run === undefined) {
      yield;
      continue;
    }
    if (search.removedBytes >= search.needBytes) break;
    // Base64 is ASCII that JSON does not escape, so its characters are its bytes; here it has no quotes of its own.
    pieces.push(text.slice(copied, run.start), replaced(notice(run), run.end - run.start + 2, search));
    copied = run.end;
  }
  return copied === 0 ? text : `${pieces.join('')}${text.slice(copied)}`;
}

function replaced(by: string, bytes: number, search: Search): string {
  search.removedBytes += bytes - jsonBytes(by);
  search.count += 1;
  return by;
}

function notice({ mimeType, decodedBytes }: Base64Run): string {
  return `[removed: ${mimeType ?? 'base64 data'}, ${decodedBytes} bytes]`;
}
