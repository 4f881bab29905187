import { RawJson } from '../../json/raw-json.ts';
import { type ReadyContent, RecordedMessage } from '../../json/recorded-message.ts';
import { RecordedObject } from '../../json/recorded-object.ts';
import { RecordedText } from '../../json/recorded-text.ts';
import { MAX_NESTING } from '../limits/json-limits.ts';
import { SHAPES, type Shape } from './message-shapes.ts';

/** What is done with each part of a JSON value. Every answer is a replacement; the same value back means no change. */
export interface Visitor {
  readonly text: (text: string, place: Place) => unknown;
  /** Whether what was not decoded yet can stay as it is; otherwise it is looked through. */
  readonly keeps?: ((ready: ReadyContent, key: string | undefined) => boolean) | undefined;
  readonly number?: ((value: number) => unknown) | undefined;
  /** The name of a member of a free object. */
  readonly memberName?: ((name: string) => string) | undefined;
  /** An object or list in a `free` or `item` place, before its members are looked at; these are then the answer's. */
  readonly object?: ((value: object) => unknown) | undefined;
}

/** Where a text stands. */
export interface Place {
  /** Name of the member that holds it, also through lists. */
  readonly key: string | undefined;
  /** Role of the message around it. */
  readonly role: string | undefined;
  /** Holds a message together (role, type, id, tool name) and says nothing itself. */
  readonly isStructure: boolean;
}

/** Megabytes of JSON. A value with more members is refused as a whole, so that the event loop stays free. */
const MAX_MEMBERS = 300_000;

/** Stands in place of what is too deep or contains itself. */
export const UNREADABLE = '[unreadable]';

/** What the places of one value share. */
interface Walk {
  readonly visitor: Visitor;
  members: number;
}

/** The objects around a value, from the inmost on. */
interface Around {
  readonly object: object;
  readonly next: Around | undefined;
  readonly depth: number;
}

/** Whether a value must not be gone into: it is deeper than what is sent, or contains itself. */
function isEndless(value: object, around: Around | undefined): boolean {
  if (around !== undefined && around.depth >= MAX_NESTING) return true;
  for (let place = around; place !== undefined; place = place.next) if (place.object === value) return true;
  return false;
}

/**
 * Visits every text of a JSON value and puts together what comes back. Copies only what changes; the value itself is
 * never written to.
 *
 * @throws when the value has too many members, or when a getter or `toJSON` inside it throws
 */
export function walkTexts(value: unknown, shape: Shape, visitor: Visitor): unknown {
  return visit({ visitor, members: 0 }, value, undefined, shape, undefined, undefined, false);
}

/** Place by place instead of as an object: this runs for every value of every event. */
function visit(
  walk: Walk,
  value: unknown,
  around: Around | undefined,
  shape: Shape,
  key: string | undefined,
  role: string | undefined,
  isStructure: boolean,
): unknown {
  const { visitor } = walk;
  if (typeof value === 'string') return visitor.text(value, { key, role, isStructure });
  if (typeof value === 'number') return visitor.number === undefined ? value : visitor.number(value);
  // A function has no place in JSON, but one named `toJSON` would be asked for what is sent instead.
  if (typeof value === 'function') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (staysAsRecorded(value, key, visitor)) return value;
  const plain = asSerialised(value);
  if (plain !== value) return visit(walk, plain, around, shape, key, role, isStructure);

  const isOpen = shape === 'free' || shape === 'item';
  const seen = isOpen && visitor.object !== undefined ? visitor.object(value) : value;
  if (typeof seen !== 'object' || seen === null || ArrayBuffer.isView(seen)) return seen;
  if (isEndless(value, around)) return UNREADABLE;
  const within = {
    object: value,
    next: around,
    depth: (around?.depth ?? 0) + 1,
  };
  return Array.isArray(seen)
    ? visitList(walk, seen, within, shape, key, role, isStructure)
    : visitRecord(walk, seen as Record<string, unknown>, within, shape, role);
}

function staysAsRecorded(value: object, key: string | undefined, { keeps }: Visitor): boolean {
  if (keeps === undefined || !(value instanceof RawJson)) return false;
  if (value instanceof RecordedMessage) return value.every(keeps);
  return (value instanceof RecordedText || value instanceof RecordedObject) && keeps(value, key);
}

/** What `JSON.stringify` would look at: the answer of `toJSON`, the text inside a `String` object. */
function asSerialised(value: object): unknown {
  if (value instanceof String) return value.toString();
  if (!('toJSON' in value) || typeof value.toJSON !== 'function' || ArrayBuffer.isView(value)) return value;
  const answer: unknown = value.toJSON();
  return answer === value ? { ...value, toJSON: undefined } : answer;
}

function visitList(
  walk: Walk,
  list: readonly unknown[],
  within: Around,
  shape: Shape,
  key: string | undefined,
  role: string | undefined,
  isStructure: boolean,
): unknown {
  count(walk, list.length);
  const { elements } = SHAPES[shape];
  let copy: unknown[] | undefined;
  for (let index = 0; index < list.length; index++) {
    const held = list[index];
    const changed = visit(walk, held, within, elements, key, role, isStructure);
    if (changed === held) continue;
    copy ??= [...list];
    copy[index] = changed;
  }
  return copy ?? list;
}

function visitRecord(
  walk: Walk,
  record: Readonly<Record<string, unknown>>,
  within: Around,
  shape: Shape,
  roleAround: string | undefined,
): unknown {
  const { members, otherMembers } = SHAPES[shape];
  const memberName = shape === 'free' ? walk.visitor.memberName : undefined;
  const names = Object.keys(record);
  count(walk, names.length);
  const role = typeof record.role === 'string' ? record.role : roleAround;
  let entries: Array<readonly [string, unknown]> | undefined;
  for (let index = 0; index < names.length; index++) {
    const name = names[index] ?? '';
    const held = record[name];
    const part = members.size === 0 ? undefined : members.get(name);
    const isStructure = part === 'structure';
    const itsShape = isStructure ? 'free' : (part ?? otherMembers);
    const changed = visit(walk, held, within, itsShape, name, role, isStructure);
    const newName = memberName === undefined ? name : memberName(name);
    if (changed === held && newName === name) {
      entries?.push([name, held]);
      continue;
    }
    entries ??= names.slice(0, index).map((before) => [before, record[before]] as const);
    entries.push([newName, changed]);
  }
  // `fromEntries` defines own members, so a key such as `__proto__` stays harmless.
  return entries === undefined ? record : Object.fromEntries(entries);
}

function count(walk: Walk, members: number): void {
  walk.members += members;
  if (walk.members > MAX_MEMBERS) throw new RangeError('too many members');
}
