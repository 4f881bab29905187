import { CachedJson } from '../../json/cached-json.ts';
import type { LlmCall } from '../call/llm-call.ts';
import type { ContentKind } from './content-row.ts';
import { type Mask, maskText } from './mask.ts';
import { shapeOf } from './message-shapes.ts';
import { isKnownSetting } from './model-parameters.ts';
import type { Redactor } from './redactors.ts';
import { cleanMediaUrl, isFreeOfMedia, removeMediaObject, removeMediaText } from './remove-media.ts';
import { type Place, type Visitor, walkTexts } from './walk-texts.ts';

/** What is done to content that is sent, in this order. */
export interface ContentFilters {
  /** Files inside the content: `remove` puts a notice in their place. Credentials leave media URLs in either case. */
  readonly media: 'remove' | 'keep';
  /** Ready-made maskers. */
  readonly redact?: readonly Pick<Redactor, 'redact'>[] | undefined;
  /** The application's own. */
  readonly mask?: Mask | undefined;
}

/** Beginning of a file that stands in the content as a whole `data:` URL. */
const KEPT_FILE = /^data:[^,\s]{0,200};base64,/;

/** Smallest number that can be a card number. */
const MIN_CARD_NUMBER = 1e12;

/**
 * The content as it may be sent; the same value when nothing applies to it.
 * @throws when the value cannot be read to its end (see `walkTexts`)
 */
export function filterContent(
  value: unknown,
  kind: ContentKind,
  filters: ContentFilters,
  call: LlmCall | undefined,
): unknown {
  const { media, redact = [], mask } = filters;
  const isDefault = media === 'remove' && redact.length === 0 && mask === undefined;
  if (value instanceof CachedJson && isDefault) return filterShared(value, kind);
  return walkTexts(value, shapeOf(value, kind), isDefault ? REMOVE_MEDIA : visitorFor(kind, filters, call));
}

/** What the default asks for, without looking at each text for redactors and masks that are not there. */
const REMOVE_MEDIA: Visitor = {
  text: (text, { key }) => cleanMediaUrl(removeMediaText(text), key),
  keeps: isFreeOfMedia,
  object: removeMediaObject,
};

/** A shared value as it leaves, by default; made once for all events that have it. */
const sharedAsFiltered = new WeakMap<CachedJson, unknown>();

function filterShared(shared: CachedJson, kind: ContentKind): unknown {
  const known = sharedAsFiltered.get(shared);
  if (known !== undefined) return known;
  const { value } = shared;
  const filtered = walkTexts(value, shapeOf(value, kind), REMOVE_MEDIA);
  const leaving = filtered === value ? shared : filtered;
  sharedAsFiltered.set(shared, leaving);
  return leaving;
}

function visitorFor(kind: ContentKind, filters: ContentFilters, call: LlmCall | undefined): Visitor {
  const { media, redact = [], mask } = filters;
  const redactAll = (text: string) => redact.reduce((rest, redactor) => redactor.redact(rest), text);

  const text = (original: string, place: Place): string => {
    let rest = media === 'remove' ? removeMediaText(original) : original;
    rest = cleanMediaUrl(rest, place.key);
    // A kept file is no text; looking for patterns in it would only damage it.
    if (redact.length > 0 && !KEPT_FILE.test(rest)) rest = redactAll(rest);
    if (mask === undefined || place.isStructure || isSetting(kind, place.key, rest)) return rest;
    return maskText(mask, rest, { kind, role: place.role, call });
  };
  return {
    text,
    object: media === 'remove' ? removeMediaObject : undefined,
    memberName: redact.length > 0 ? redactAll : undefined,
    number: redact.length > 0 ? (number) => redactNumber(number, redactAll) : undefined,
  };
}

function isSetting(kind: ContentKind, key: string | undefined, text: string): boolean {
  return kind === 'parameters' && isKnownSetting(key, text);
}

function redactNumber(number: number, redactAll: (text: string) => string): unknown {
  if (!Number.isSafeInteger(number) || number < MIN_CARD_NUMBER) return number;
  const digits = String(number);
  const redacted = redactAll(digits);
  return redacted === digits ? number : redacted;
}
