import { emptyRetained } from '../../json/memory/retained.ts';
import { RawJson, READY, type ReadyValue, stringifyInPieces } from '../../json/raw-json.ts';
import { ENVELOPE_LEVELS, isBeyondLimits, MAX_NESTING, type Met } from './json-limits.ts';

/**
 * What `JSON.stringify` gives for an event, if it consists of nothing but what JSON and PostHog can hold, within the
 * limits; in pieces to be written one behind the other. May throw where a getter does.
 *
 * What it buys: it spares almost every event the copy that `cleanEvent` makes.
 *
 * @returns `undefined` when the event holds anything else, or when in doubt
 */
export function stringifyPlain(event: object): readonly string[] | undefined {
  const look: Look = { values: 0, characters: 0, ready: emptyRetained() };
  const plain = plainOf(event, MAX_NESTING + ENVELOPE_LEVELS, look);
  if (typeof plain !== 'object' || plain === null || isBeyondLimits(look)) return undefined;
  const pieces = stringifyInPieces(plain, look.ready);
  // Now with what is ready.
  look.characters = 0;
  for (const { length } of pieces ?? []) look.characters += length;
  return isBeyondLimits(look) ? undefined : pieces;
}

interface Look extends Met {
  /** What was replaced by `READY`. */
  readonly ready: ReadyValue[];
}

/** Stands for a value that is not plain. */
const NOT_PLAIN = Symbol('not plain');

/**
 * The value itself; a copy, where something ready is in it and has to make place. Half a surrogate pair in a text is
 * found when it is written.
 */
function plainOf(value: unknown, levelsLeft: number, look: Look): unknown {
  look.values += 1;
  switch (typeof value) {
    case 'string':
      look.characters += value.length;
      return value;
    case 'number':
      return Number.isFinite(value) ? value : NOT_PLAIN;
    case 'boolean':
      return value;
    case 'object':
      if (value === null) return value;
      return levelsLeft > 0 ? plainObjectOf(value, levelsLeft - 1, look) : NOT_PLAIN;
    default:
      return NOT_PLAIN;
  }
}

function plainObjectOf(value: object, levelsLeft: number, look: Look): unknown {
  if (value instanceof RawJson) return placeOf(value, look);
  // It may be hidden, and would be asked by `JSON.stringify` all the same.
  if ('toJSON' in value) return NOT_PLAIN;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Array.prototype) return plainListOf(value as readonly unknown[], levelsLeft, look);
  if (prototype !== Object.prototype) return NOT_PLAIN;
  return plainRecordOf(value as Readonly<Record<string, unknown>>, levelsLeft, look);
}

function plainRecordOf(record: Readonly<Record<string, unknown>>, levelsLeft: number, look: Look): unknown {
  let copy: Record<string, unknown> | undefined;
  for (const key in record) {
    if (!Object.hasOwn(record, key)) continue;
    const value = record[key];
    look.characters += key.length;
    if (value === undefined) {
      look.values += 1;
      continue;
    }
    const plain = plainOf(value, levelsLeft, look);
    if (plain === NOT_PLAIN || isBeyondLimits(look)) return NOT_PLAIN;
    if (plain === value) continue;
    copy ??= { ...record };
    copy[key] = plain;
  }
  return copy ?? record;
}

function plainListOf(list: readonly unknown[], levelsLeft: number, look: Look): unknown {
  if (levelsLeft > 0 && areReady(list)) return placeOfList(list, look);
  let copy: unknown[] | undefined;
  for (const [index, item] of list.entries()) {
    // Written as `null`.
    const plain = item === undefined ? item : plainOf(item, levelsLeft, look);
    if (item === undefined) look.values += 1;
    if (plain === NOT_PLAIN || isBeyondLimits(look)) return NOT_PLAIN;
    if (plain === item) continue;
    copy ??= [...list];
    copy[index] = plain;
  }
  return copy ?? list;
}

/** By a loop: `every` would pass over holes. */
function areReady(list: readonly unknown[]): list is readonly RawJson[] {
  for (const item of list) if (!(item instanceof RawJson)) return false;
  return list.length > 0;
}

function placeOf(value: RawJson, look: Look): string {
  // The place itself is counted already.
  look.values += value.maxValues - 1;
  look.ready.push(value);
  return READY;
}

/** One place instead of one for each: most conversations are nothing but messages that are ready. */
function placeOfList(list: readonly RawJson[], look: Look): string {
  for (const value of list) look.values += value.maxValues;
  look.ready.push(list);
  return READY;
}
