import { readMembers } from '../../../json/object-of.ts';
import { isPlaceholder, isRecord, parseJson } from '../../messages/recorded-json.ts';
import type { ReadContext } from '../dialect.ts';

/** Non-empty text, trimmed of nothing; numbers and booleans become text. */
export function toText(value: unknown): string | undefined {
  if (typeof value === 'string') return value.trim() === '' || isPlaceholder(value) ? undefined : value;
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined;
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  return undefined;
}

/** A finite number; numeric text counts (several emitters write numbers as strings). */
export function toNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const parsed = Number(value);
  return Number.isFinite(parsed) ? parsed : undefined;
}

/** A token count: a number not below zero. */
export function toCount(value: unknown): number | undefined {
  const count = toNumber(value);
  return count !== undefined && count >= 0 ? count : undefined;
}

/** As `toCount`, for emitters that write 0 when the provider reported nothing. */
export function toPositiveCount(value: unknown): number | undefined {
  const count = toCount(value);
  return count === 0 ? undefined : count;
}

/** `true`, `"true"`, `"True"`, 1 and their opposites. */
export function toBoolean(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (value === 1 || value === '1') return true;
  if (value === 0 || value === '0') return false;
  if (typeof value !== 'string') return undefined;
  const word = value.trim().toLowerCase();
  return word === 'true' ? true : word === 'false' ? false : undefined;
}

/** What instrumentations write when they failed to find out the model. */
const NO_MODEL: ReadonlySet<string> = new Set(['unknown', 'none', 'undefined', 'null', 'n/a']);

/** Which API of the provider was called, behind the name: `openai/gpt-4o:completions` (Mirascope). No price knows it. */
const API_MODE = /^([^/:]+\/[^:]+):(?:chat|completions|responses)$/;

/** The name of a model; a word for "not known" does not count. */
export function toModelName(value: unknown): string | undefined {
  const name = typeof value === 'string' ? toText(value) : undefined;
  if (name === undefined || NO_MODEL.has(name.trim().toLowerCase())) return undefined;
  return API_MODE.exec(name)?.[1] ?? name;
}

const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:#+\d+)?$/i;

/** Frameworks' words for what has no name (rig). */
const NO_NAME = /^(?:unnamed|unknown)(?:[ _]agent)?$/i;

/** A name that a person gave; an id that stands in its place, different each time, names nothing. */
export function toGivenName(value: unknown): string | undefined {
  const name = toText(value);
  return name === undefined || ID.test(name.trim()) || NO_NAME.test(name) ? undefined : name;
}

/** A list of texts from an array, a JSON array in a string, or comma-joined text. */
export function toTextList(value: unknown): readonly string[] | undefined {
  const structured = parseJson(value);
  const items = Array.isArray(structured)
    ? structured
    : typeof structured === 'string'
      ? structured.split(',')
      : undefined;
  const texts = items
    ?.map((item) => toText(item)?.trim())
    .filter((text) => text !== undefined && text !== '');
  return texts && texts.length > 0 ? (texts as string[]) : undefined;
}

/** First text of a list in any of its forms. */
export function firstText(value: unknown): string | undefined {
  return toTextList(value)?.[0];
}

/** First finish reason of a list; items of a stream that were still running say nothing (Sentry lists them too). */
export function firstFinishReason(value: unknown): string | undefined {
  return toTextList(value)?.find((reason) => reason !== 'in_progress');
}

/** A JSON object, structured or as text. */
export function toRecord(value: unknown): Record<string, unknown> | undefined {
  const structured = parseJson(value);
  return isRecord(structured) ? structured : undefined;
}

/** Structured content of any form, `undefined` when it was withheld. */
export function toContent(value: unknown): unknown {
  return parseJson(value);
}

/** Name of a service tier; `auto` is what is asked for, never what served. */
export function toTier(value: unknown): string | undefined {
  const tier = typeof value === 'string' ? toText(value)?.trim().toLowerCase() : undefined;
  return tier !== undefined && tier !== 'auto' && /^[a-z][a-z0-9_-]{0,40}$/.test(tier) ? tier : undefined;
}

/** HTTP status code, only when the value really is one. */
export function toHttpStatus(value: unknown): number | undefined {
  const status = toNumber(value);
  return status !== undefined && Number.isInteger(status) && status >= 100 && status <= 599
    ? status
    : undefined;
}

export function millisecondsToSeconds(value: unknown): number | undefined {
  const milliseconds = toCount(value);
  return milliseconds === undefined ? undefined : milliseconds / 1000;
}

/** Builds a reader from a closed table of words, looked up without regard to case. */
export function oneOf<T>(table: Readonly<Record<string, T>>): (value: unknown) => T | undefined {
  const byWord = new Map(Object.entries(table).map(([word, meaning]) => [word.toLowerCase(), meaning]));
  return (value) => (typeof value === 'string' ? byWord.get(value.trim().toLowerCase()) : undefined);
}

/** `{ company: 'acme' }`, structured or as JSON text; keys and ids become text. */
export function toGroups(value: unknown): Readonly<Record<string, string>> | undefined {
  const record = toRecord(value);
  return record && readMembers(record, toText);
}

/** A version as a number stays a number; anything else becomes text. */
export function toVersion(value: unknown): string | number | undefined {
  return typeof value === 'number' ? toNumber(value) : toText(value);
}

/**
 * An absolute time as seconds after the start of the span.
 * @param value ISO 8601 text, also quoted as JSON, or milliseconds since the epoch
 */
export function secondsAfterStart(value: unknown, { span }: ReadContext): number | undefined {
  const time = typeof value === 'string' ? Date.parse(value.replaceAll('"', '')) : toNumber(value);
  if (time === undefined || Number.isNaN(time) || span.startTimeMs === undefined || time < span.startTimeMs) {
    return undefined;
  }
  return (time - span.startTimeMs) / 1000;
}
