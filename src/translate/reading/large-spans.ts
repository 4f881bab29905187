import { STEP_UNITS } from '../../json/steps.ts';
import type { AttributeMap, SpanEventView, SpanView } from '../span/span-view.ts';

/** Texts of a span, together, from which on it is read with pauses, so that the event loop is not held by it. */
export const MIN_LARGE_UNITS = 4 * STEP_UNITS;

/**
 * Attributes of a span, and of its events, that are read; OpenTelemetry's own limit is 128 of each, which few raise
 * beyond some thousand. Reading them is one piece of work, and takes as long for so many as for a megabyte of messages.
 */
export const MAX_ATTRIBUTES = 10_000;

/** A name of a few letters, a value and their lengths, in protobuf. */
const MIN_ATTRIBUTE_BYTES = 8;

/** Whether a span is too large for reading it in one go, or as a whole. Never throws. */
export function isLarge(span: SpanView): boolean {
  // A byte holds a character at most.
  const { wireBytes = Number.POSITIVE_INFINITY } = span;
  if (wireBytes < MIN_LARGE_UNITS && wireBytes < MAX_ATTRIBUTES * MIN_ATTRIBUTE_BYTES) return false;
  let units = 0;
  let count = 0;
  try {
    for (const attributes of attributesOf(span)) {
      count += 1;
      for (const key in attributes) {
        const value = attributes[key];
        count += 1;
        if (typeof value === 'string') units += value.length;
        if (units >= MIN_LARGE_UNITS || count > MAX_ATTRIBUTES) return true;
      }
    }
  } catch {
    // Accessors that throw; reading the span meets them as well.
  }
  return false;
}

/** The attributes of a span, then of each of its events. */
export function* attributesOf({ attributes, events }: SpanView): Generator<AttributeMap, void, undefined> {
  yield attributes;
  for (const event of events) yield event.attributes;
}

/**
 * The span with as many of its first attributes and events as are read; itself if that is all of them. Attributes
 * that throw are left to who reads the span.
 */
export function withinLimits(span: SpanView): SpanView {
  try {
    return cutToLimits(span);
  } catch {
    return span;
  }
}

function cutToLimits(span: SpanView): SpanView {
  const own = firstOf(span.attributes, MAX_ATTRIBUTES);
  let left = MAX_ATTRIBUTES - own.kept;
  let attributesUnread = own.unread;
  const events: SpanEventView[] = [];
  for (const event of span.events) {
    // An event counts as one more.
    if (left <= 0) break;
    const { attributes, kept, unread } = firstOf(event.attributes, left - 1);
    events.push(unread === 0 ? event : { ...event, attributes });
    left -= kept + 1;
    attributesUnread += unread;
  }
  const eventsUnread = span.events.length - events.length;
  if (attributesUnread === 0 && eventsUnread === 0) return span;
  return {
    // A view may have its attributes from its prototype, which a copy has not.
    ...span,
    attributes: own.attributes,
    events,
    unread: { attributes: attributesUnread, events: eventsUnread },
  };
}

interface First {
  readonly attributes: AttributeMap;
  readonly kept: number;
  readonly unread: number;
}

function firstOf(attributes: AttributeMap, limit: number): First {
  const names = Object.keys(attributes);
  if (names.length <= limit) return { attributes, kept: names.length, unread: 0 };
  const first = Object.fromEntries(names.slice(0, limit).map((name) => [name, attributes[name]]));
  return { attributes: first, kept: limit, unread: names.length - limit };
}
