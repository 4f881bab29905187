import type { Holder } from '../../json/json-holder.ts';
import { parseInSteps } from '../../json/parse-in-steps.ts';
import type { Steps } from '../../json/steps.ts';
import { byteLengthInSteps, encodeInSteps, stringifyInSteps } from '../../json/stringify-in-steps.ts';
import { propertyBytes, weighsAtLeast } from './json-walk.ts';
import {
  CONTENT_PROPERTIES,
  type Draft,
  LADDER,
  MIN_SHARE,
  namesOf,
  type PropertyGroup,
  type Rung,
} from './trim-ladder.ts';
import { trimMedia } from './trim-media.ts';
import { trimMessages } from './trim-messages.ts';
import { removeProperties, trimToJsonText } from './trim-properties.ts';
import {
  MAX_TRIM_ENTRIES,
  MAX_TRIM_ENTRY_BYTES,
  outlineTrims,
  readTrims,
  summariseTrims,
  TRIM_PROPERTY,
  type Trim,
} from './trim-record.ts';
import { trimTexts } from './trim-texts.ts';

/** Room for what one rung may add to the record of cuts. The names of content properties are known, and short. */
const ENTRIES_BYTES: Readonly<Record<PropertyGroup, number>> = {
  content: CONTENT_PROPERTIES.length * 128,
  details: MAX_TRIM_ENTRIES * MAX_TRIM_ENTRY_BYTES,
};

export interface TrimmedEvent {
  /** The smaller event, UTF-8 JSON. */
  readonly json: Buffer;
  /** What was cut now, by property and action. The event's `$ai_trimmed` says also what was cut before. */
  readonly trimmed: readonly Trim[];
}

/**
 * Goes down the ladder until the event has at most `maxEventBytes` of UTF-8 JSON, its record of cuts (`$ai_trimmed`)
 * included. Tokens, cost, ids, model, provider, error type, timing and the envelope stay as they are. The same event
 * and limit give the same bytes. Takes time in proportion to the event; never throws.
 *
 * @param json an event as `fitEvent` writes it, larger than `maxEventBytes`
 * @returns `undefined` when what is never touched does not fit
 */
export function* trimEvent(json: string, maxEventBytes: number): Steps<TrimmedEvent | undefined> {
  try {
    const event = yield* parseInSteps(json);
    return yield* trimParsed(event, yield* byteLengthInSteps([json]), maxEventBytes);
  } catch {
    return undefined;
  }
}

/**
 * As `trimEvent`, of an event that is parsed, and is changed. Throws for a value of another form.
 * @param bytes of its JSON
 */
export function* trimParsed(
  given: unknown,
  bytes: number,
  maxEventBytes: number,
): Steps<TrimmedEvent | undefined> {
  const event = given as { readonly properties: Holder };
  const { properties } = event;
  const earlier = readTrims(properties[TRIM_PROPERTY]);
  const draft: Draft = { properties, bytes, trims: [] };
  if (Object.hasOwn(properties, TRIM_PROPERTY)) {
    draft.bytes -= propertyBytes(TRIM_PROPERTY, properties[TRIM_PROPERTY]);
    delete properties[TRIM_PROPERTY];
  }
  yield* goDown(draft, earlier, maxEventBytes, MIN_SHARE);
  yield* goDown(draft, earlier, maxEventBytes, 0);
  return yield* seal(event, draft, earlier, maxEventBytes);
}

/** One way down the ladder. Content is spared if all of it would not bring `minShare` of what is needed. */
function* goDown(
  draft: Draft,
  earlier: readonly Trim[],
  maxEventBytes: number,
  minShare: number,
): Steps<void> {
  for (const rung of LADDER) {
    const record = summariseTrims([...earlier, ...draft.trims]);
    const excessBytes = draft.bytes + propertyBytes(TRIM_PROPERTY, record) - maxEventBytes;
    if (excessBytes <= 0) return;
    if (rung.group === 'content' && !hasContent(draft, excessBytes * minShare)) continue;
    yield* descend(rung, draft, excessBytes + ENTRIES_BYTES[rung.group]);
  }
}

function hasContent(draft: Draft, bytes: number): boolean {
  const content = namesOf('content', draft).map((name) => draft.properties[name]);
  return weighsAtLeast(content, bytes);
}

function* descend(rung: Rung, draft: Draft, needBytes: number): Steps<void> {
  switch (rung.action) {
    case 'media':
      yield* trimMedia(draft, rung.group, needBytes);
      break;
    case 'oldest_messages':
      yield* trimMessages(draft, rung.minShare, needBytes);
      break;
    case 'tool_results':
      yield* trimTexts(draft, rung, needBytes);
      break;
    case 'content':
      if (rung.as === 'texts') yield* trimTexts(draft, rung, needBytes);
      else yield* trimToJsonText(draft, rung.group, rung.keepBytes, needBytes);
      break;
    case 'removed':
      yield* removeProperties(draft, rung.group, needBytes);
      break;
  }
}

/** Adds the record of cuts: in full, else in outline, else, when the limit leaves no room for any, without. */
function* seal(
  event: { readonly properties: Holder },
  draft: Draft,
  earlier: readonly Trim[],
  maxEventBytes: number,
): Steps<TrimmedEvent | undefined> {
  const all = [...earlier, ...draft.trims];
  for (const record of [summariseTrims(all), outlineTrims(all), undefined]) {
    const recordBytes = record === undefined ? 0 : propertyBytes(TRIM_PROPERTY, record);
    if (draft.bytes + recordBytes > maxEventBytes) continue;
    if (record === undefined) delete event.properties[TRIM_PROPERTY];
    else event.properties[TRIM_PROPERTY] = record;
    const json = yield* encodeInSteps(yield* stringifyInSteps(event));
    if (json.length <= maxEventBytes) return { json, trimmed: summariseTrims(draft.trims) };
  }
  return undefined;
}
