import { type Base64Run, findBase64, MIN_BASE64_CHARACTERS } from '../media/find-base64.ts';
import { eachHeld, type Holder, isHolder, jsonBytes } from './json-walk.ts';
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
export function trimMedia(draft: Draft, group: PropertyGroup, needBytes: number): void {
  for (const property of namesOf(group, draft)) {
    const search = { needBytes, removedBytes: 0, count: 0 };
    replaceMedia(draft.properties, property, search);
    noteTrim(draft, { property, action: 'media', removedBytes: search.removedBytes, count: search.count });
    needBytes -= search.removedBytes;
  }
}

function replaceMedia(holder: Holder, key: string | number, search: Search): void {
  if (search.removedBytes >= search.needBytes) return;
  const value = holder[key];
  if (typeof value === 'string') {
    if (value.length >= MIN_BASE64_CHARACTERS) holder[key] = withoutBase64(value, search);
  } else if (isNumbers(value)) {
    holder[key] = replaced(`[removed: ${value.length} numbers]`, jsonBytes(value), search);
  } else if (isHolder(value)) {
    eachHeld(value, (inner) => replaceMedia(value, inner, search));
  }
}

function isNumbers(value: unknown): value is readonly number[] {
  return (
    Array.isArray(value) && value.length >= MIN_NUMBERS && value.every((item) => typeof item === 'number')
  );
}

function withoutBase64(text: string, search: Search): string {
  const pieces: string[] = [];
  let copied = 0;
  for (const run of findBase64(text)) {
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
