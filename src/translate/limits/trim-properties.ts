import { cutText } from './cut-text.ts';
import { isHolder, jsonBytes, propertyBytes } from './json-walk.ts';
import { textBytes } from './text-bytes.ts';
import { type Draft, namesOf, noteTrim, type PropertyGroup } from './trim-ladder.ts';
import { MAX_TRIM_ENTRIES, REST } from './trim-record.ts';

interface Sized {
  readonly property: string;
  readonly bytes: number;
}

/**
 * Makes one text of a whole property, its JSON, and cuts that: for structures of many small values, of which this way
 * as much is kept as fits. The largest property first, until `needBytes` are saved.
 */
export function trimToJsonText(
  draft: Draft,
  group: PropertyGroup,
  keepBytes: number,
  needBytes: number,
): void {
  const names = namesOf(group, draft).filter((name) => isHolder(draft.properties[name]));
  for (const { property, bytes } of largestFirst(names, (name) => jsonBytes(draft.properties[name]))) {
    if (needBytes <= 0 || bytes <= keepBytes) return;
    const json = JSON.stringify(draft.properties[property]);
    const text = cutText(json, Math.max(bytes - needBytes, keepBytes));
    draft.properties[property] = text;
    const removedBytes = bytes - textBytes(text);
    noteTrim(draft, { property, action: 'content', removedBytes, count: 1 });
    needBytes -= removedBytes;
  }
}

/** Removes properties, the largest first, until `needBytes` are saved. */
export function removeProperties(draft: Draft, group: PropertyGroup, needBytes: number): void {
  const rest = { removedBytes: 0, count: 0 };
  const names = namesOf(group, draft);
  const sized = largestFirst(names, (name) => propertyBytes(name, draft.properties[name]));
  for (const [index, { property, bytes }] of sized.entries()) {
    if (needBytes <= 0) break;
    delete draft.properties[property];
    needBytes -= bytes;
    if (index < MAX_TRIM_ENTRIES) {
      noteTrim(draft, { property, action: 'removed', removedBytes: bytes, count: 1 });
    } else {
      rest.removedBytes += bytes;
      rest.count += 1;
    }
  }
  noteTrim(draft, { property: REST, action: 'removed', ...rest });
}

function largestFirst(names: readonly string[], measure: (name: string) => number): Sized[] {
  return names.map((property) => ({ property, bytes: measure(property) })).sort((a, b) => b.bytes - a.bytes);
}
