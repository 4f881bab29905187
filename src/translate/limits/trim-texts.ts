import { cutText } from './cut-text.ts';
import { eachHeld, type Holder, isHolder } from './json-walk.ts';
import { textBytes } from './text-bytes.ts';
import { type Draft, namesOf, noteTrim, type PropertyGroup } from './trim-ladder.ts';

/** A text in the event and the object or list that holds it. */
interface TextPlace {
  readonly holder: Holder;
  readonly key: string | number;
  readonly text: string;
  readonly bytes: number;
}

export interface TextTrim {
  readonly action: 'tool_results' | 'content';
  readonly group: PropertyGroup;
  /** What the shortest text that is cut keeps, in bytes of JSON. */
  readonly keepBytes: number;
}

/** Cuts texts to one common length, which is found so that `needBytes` are saved if that is possible. */
export function trimTexts(draft: Draft, { action, group, keepBytes }: TextTrim, needBytes: number): void {
  const byProperty = namesOf(group, draft).map((property) => {
    const places: TextPlace[] = [];
    collect(draft.properties, property, { isWanted: action === 'content', keepBytes, places });
    return { property, places };
  });
  const sizes = byProperty.flatMap(({ places }) => places.map((place) => place.bytes));
  const levelBytes = commonLevel(sizes, needBytes, keepBytes);
  for (const { property, places } of byProperty) {
    const longer = places.filter((place) => place.bytes > levelBytes);
    const removedBytes = longer.reduce((sum, place) => sum + cutAt(place, levelBytes), 0);
    noteTrim(draft, { property, action, removedBytes, count: longer.length });
  }
}

/** Returns the bytes saved. */
function cutAt({ holder, key, text, bytes }: TextPlace, maxBytes: number): number {
  const cut = cutText(text, maxBytes);
  holder[key] = cut;
  return bytes - textBytes(cut);
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
  /** Every text is wanted, not only those in tool results. */
  readonly isWanted: boolean;
  readonly keepBytes: number;
  readonly places: TextPlace[];
}

function collect(holder: Holder, key: string | number, collection: Collection): void {
  const value = holder[key];
  if (typeof value === 'string') {
    // A UTF-16 unit has six bytes at most, so short texts need not be measured.
    if (!collection.isWanted || value.length * 6 + 2 <= collection.keepBytes) return;
    collection.places.push({ holder, key, text: value, bytes: textBytes(value) });
  } else if (isHolder(value)) {
    const within = isToolResult(value) ? { ...collection, isWanted: true } : collection;
    eachHeld(value, (inner) => collect(value, inner, within));
  }
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
