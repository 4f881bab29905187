import { eachHeld, type Holder, isHolder } from '../../json/json-holder.ts';
import { STEP_UNITS, type Steps, workOff } from '../../json/steps.ts';
import { cutText } from './cut-text.ts';
import { textBytesInSteps } from './json-walk.ts';
import { type Draft, namesOf, noteTrim, type PropertyGroup } from './trim-ladder.ts';

/** A text in the event and the object or list that holds it. */
interface FoundText {
  readonly holder: Holder;
  readonly key: string | number;
  readonly text: string;
}

interface TextPlace extends FoundText {
  readonly bytes: number;
}

export interface TextTrim {
  readonly action: 'tool_results' | 'content';
  readonly group: PropertyGroup;
  /** What the shortest text that is cut keeps, in bytes of JSON. */
  readonly keepBytes: number;
}

/** Cuts texts to one common length, which is found so that `needBytes` are saved if that is possible. */
export function* trimTexts(
  draft: Draft,
  { action, group, keepBytes }: TextTrim,
  needBytes: number,
): Steps<void> {
  const byProperty: { readonly property: string; readonly places: readonly TextPlace[] }[] = [];
  for (const property of namesOf(group, draft)) {
    const found: FoundText[] = [];
    yield* collect(draft.properties, property, action === 'content', { keepBytes, found });
    byProperty.push({ property, places: yield* measured(found) });
  }
  const sizes = byProperty.flatMap(({ places }) => places.map((place) => place.bytes));
  const levelBytes = commonLevel(sizes, needBytes, keepBytes);
  for (const { property, places } of byProperty) {
    const longer = places.filter((place) => place.bytes > levelBytes);
    let removedBytes = 0;
    let units = 0;
    for (const place of longer) {
      removedBytes += yield* cutAt(place, levelBytes);
      units += place.text.length;
      if (units < STEP_UNITS) continue;
      units = 0;
      yield;
    }
    noteTrim(draft, { property, action, removedBytes, count: longer.length });
  }
}

/** Returns the bytes saved. */
function* cutAt({ holder, key, text, bytes }: TextPlace, maxBytes: number): Steps<number> {
  const cut = yield* cutText(text, maxBytes);
  holder[key] = cut;
  return bytes - (yield* textBytesInSteps(cut));
}

/** The level to which all larger sizes must come down to save `needBytes` together; at least `minLevel`. */
export function commonLevel(sizes: readonly number[], needBytes: number, minLevel: number): number {
  const descending = Float64Array.from(sizes).sort().reverse();
  let sum = 0;
  for (const [index, size] of descending.entries()) {
    sum += size;
    const level = Math.floor((sum - needBytes) / (index + 1));
    if (level >= (descending[index + 1] ?? 0)) return Math.max(level, minLevel);
  }
  return minLevel;
}

interface Collection {
  readonly keepBytes: number;
  readonly found: FoundText[];
}

/** @param isWanted every text is, not only those in tool results */
function* collect(
  holder: Holder,
  key: string | number,
  isWanted: boolean,
  { keepBytes, found }: Collection,
): Steps<void> {
  const waiting: { readonly holder: Holder; readonly isWanted: boolean }[] = [];
  const look = (within: Holder, at: string | number, held: unknown, wanted: boolean): void => {
    if (isHolder(held)) waiting.push({ holder: held, isWanted: wanted || isToolResult(held) });
    // A UTF-16 unit has six bytes at most, so short texts need not be measured.
    else if (typeof held === 'string' && wanted && held.length * 6 + 2 > keepBytes)
      found.push({ holder: within, key: at, text: held });
  };
  look(holder, key, holder[key], isWanted);
  yield* workOff(waiting, ({ holder: within, isWanted: wanted }) => {
    eachHeld(within, (at, held) => look(within, at, held, wanted));
  });
}

function* measured(found: readonly FoundText[]): Steps<readonly TextPlace[]> {
  const places: TextPlace[] = [];
  let units = 0;
  for (const { holder, key, text } of found) {
    places.push({ holder, key, text, bytes: yield* textBytesInSteps(text) });
    units += text.length;
    if (units < STEP_UNITS) continue;
    units = 0;
    yield;
  }
  return places;
}

/** Types of parts that hold what a tool answered, in the forms that PostHog renders. */
const TOOL_RESULT_TYPES: ReadonlySet<unknown> = new Set([
  'tool_result',
  'tool-result',
  'tool_call_response',
  'server_tool_call_response',
  'function_call_output',
  'custom_tool_call_output',
]);

function isToolResult({ role, type }: Holder): boolean {
  return role === 'tool' || role === 'function' || TOOL_RESULT_TYPES.has(type);
}
