import { isHolder } from '../../json/json-holder.ts';
import type { Steps } from '../../json/steps.ts';
import { stringifyInSteps } from '../../json/stringify-in-steps.ts';
import { cutText } from './cut-text.ts';
import { jsonBytesInSteps, propertyBytes, textBytesInSteps } from './json-walk.ts';
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
export function* trimToJsonText(
  draft: Draft,
  group: PropertyGroup,
  keepBytes: number,
  needBytes: number,
): Steps<void> {
  const names = namesOf(group, draft).filter((name) => isHolder(draft.properties[name]));
  for (const { property, bytes } of yield* largestFirst(names, draft)) {
    if (needBytes <= 0 || bytes <= keepBytes) return;
    const value = draft.properties[property];
    if (!isHolder(value)) continue;
    const json = (yield* stringifyInSteps(value)).join('');
    const text = yield* cutText(json, Math.max(bytes - needBytes, keepBytes));
    draft.properties[property] = text;
    const removedBytes = bytes - (yield* textBytesInSteps(text));
    noteTrim(draft, { property, action: 'content', removedBytes, count: 1 });
    needBytes -= removedBytes;
  }
}

/** Removes properties, the largest first, until `needBytes` are saved. */
export function* removeProperties(draft: Draft, group: PropertyGroup, needBytes: number): Steps<void> {
  const rest = { removedBytes: 0, count: 0 };
  const names = namesOf(group, draft);
  const sized = yield* largestFirst(names, draft);
  for (const [index, { property, bytes: ofValue }] of sized.entries()) {
    if (needBytes <= 0) break;
    const bytes = ofValue + propertyBytes(property, 0) - 1;
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

/** @returns the properties with the bytes of their values */
function* largestFirst(names: readonly string[], { properties }: Draft): Steps<readonly Sized[]> {
  const sized: Sized[] = [];
  for (const property of names) {
    sized.push({ property, bytes: yield* jsonBytesInSteps(properties[property]) });
    if (sized.length % STEP_PROPERTIES === 0) yield;
  }
  return sized.sort((a, b) => b.bytes - a.bytes);
}

/** Properties that are measured between two pauses. */
const STEP_PROPERTIES = 1_000;
