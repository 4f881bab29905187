import { SHAPES, type Shape } from './message-shapes.ts';

/** What is done with each part of a JSON value. Every answer is a replacement; the same value back means no change. */
export interface Visitor {
  readonly text: (text: string, place: Place) => unknown;
  readonly number?: ((value: number) => unknown) | undefined;
  /** The name of a member of a free object. */
  readonly memberName?: ((name: string) => string) | undefined;
  /** An object before its members are looked at; these are then those of the answer. */
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

/** Deeper values cannot be looked at; JSON of this depth is no recording of a model call. */
const MAX_DEPTH = 100;

/** Some megabytes of JSON. A value with more members is refused as a whole, so that the event loop stays free. */
const MAX_MEMBERS = 1_000_000;

/** Stands in place of what is too deep or contains itself. */
export const UNREADABLE = '[unreadable]';

interface Walk {
  readonly visitor: Visitor;
  readonly ancestors: object[];
  members: number;
}

/**
 * Visits every text of a JSON value and puts together what comes back. Copies only what changes; the value itself is
 * never written to.
 *
 * @throws when the value has too many members, or when a getter or `toJSON` inside it throws
 */
export function walkTexts(value: unknown, shape: Shape, visitor: Visitor): unknown {
  return visit({ visitor, ancestors: [], members: 0 }, value, shape, {
    key: undefined,
    role: undefined,
    isStructure: false,
  });
}

function visit(walk: Walk, value: unknown, shape: Shape, place: Place): unknown {
  if (typeof value === 'string') return walk.visitor.text(value, place);
  if (typeof value === 'number') return walk.visitor.number ? walk.visitor.number(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  const plain = asSerialised(value);
  if (plain !== value) return visit(walk, plain, shape, place);

  const seen = walk.visitor.object ? walk.visitor.object(value) : value;
  if (typeof seen !== 'object' || seen === null || ArrayBuffer.isView(seen)) return seen;
  if (walk.ancestors.length >= MAX_DEPTH || walk.ancestors.includes(value)) return UNREADABLE;
  walk.ancestors.push(value);
  const result = Array.isArray(seen)
    ? visitList(walk, seen, shape, place)
    : visitRecord(walk, seen, shape, place);
  walk.ancestors.pop();
  return result;
}

/** What `JSON.stringify` would look at: the answer of `toJSON`, the text inside a `String` object. */
function asSerialised(value: object): unknown {
  if ('toJSON' in value && typeof value.toJSON === 'function' && !ArrayBuffer.isView(value))
    return value.toJSON();
  return value instanceof String ? value.toString() : value;
}

function visitList(walk: Walk, list: readonly unknown[], shape: Shape, place: Place): unknown {
  count(walk, list.length);
  const elements = SHAPES[shape].elements;
  let copy: unknown[] | undefined;
  for (let index = 0; index < list.length; index++) {
    const held = list[index];
    const changed = visit(walk, held, elements, place);
    if (changed === held) continue;
    copy ??= [...list];
    copy[index] = changed;
  }
  return copy ?? list;
}

function visitRecord(walk: Walk, record: object, shape: Shape, around: Place): unknown {
  const { structure, members, otherMembers } = SHAPES[shape];
  const names = Object.keys(record);
  count(walk, names.length);
  const role = roleOf(record) ?? around.role;
  const entries: Array<[string, unknown]> = [];
  let isChanged = false;
  for (const name of names) {
    const held = (record as Record<string, unknown>)[name];
    const isStructure = structure.has(name) && (typeof held !== 'object' || held === null);
    const changed = visit(walk, held, members.get(name) ?? otherMembers, { key: name, role, isStructure });
    const newName = shape === 'free' && walk.visitor.memberName ? walk.visitor.memberName(name) : name;
    if (changed !== held || newName !== name) isChanged = true;
    entries.push([newName, changed]);
  }
  // `fromEntries` defines own members, so a key such as `__proto__` stays harmless.
  return isChanged ? Object.fromEntries(entries) : record;
}

function roleOf(record: object): string | undefined {
  return 'role' in record && typeof record.role === 'string' ? record.role : undefined;
}

function count(walk: Walk, members: number): void {
  walk.members += members;
  if (walk.members > MAX_MEMBERS) throw new RangeError('too many members');
}
