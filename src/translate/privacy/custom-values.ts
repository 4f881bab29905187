import type { EventProperties } from '../posthog-event.ts';
import type { ContentRow } from './content-row.ts';

/** Custom values are nested at most so deep by the event stage; what lies deeper cannot be checked and is removed. */
const MAX_DEPTH = 12;

/** Members of all custom values of one event. What comes after is removed, so that no value can hold up the event loop. */
const MAX_MEMBERS = 100_000;

/** Where a custom value stands. */
export interface CustomPlace {
  /** Names from the event inwards, with dots between. */
  readonly path: string;
  readonly depth: number;
}

export interface CustomTreatment {
  /** Treats the members of an object by their names. */
  readonly members: (members: EventProperties, place: CustomPlace) => EventProperties;
  /** Treats a list of chat messages; `undefined` takes them out. */
  readonly messages: (messages: readonly object[], place: CustomPlace) => unknown;
  /** Removes what cannot be checked. */
  readonly isPrivate: boolean;
}

/** Chat messages are content under whatever name an application or instrumentation keeps them. */
export const MESSAGE_ROW: ContentRow = {
  names: [],
  kind: 'input',
  byDefault: 'filtered',
  inPrivacyMode: 'removed',
  holds: 'Chat messages (objects with a role and content), wherever custom properties would carry them',
};

/**
 * Treats one custom value: an object by its members, a list by its elements, JSON in a text as what it says. The same
 * value comes back when nothing applies.
 */
export type CustomWalk = (value: unknown, place: CustomPlace) => unknown;

/** Otherwise there is nothing in it to treat. */
export function mayHoldMembers(value: unknown): value is string | object {
  return typeof value === 'string' ? JSON_BEGINS.test(value) : typeof value === 'object' && value !== null;
}

export function createCustomWalk(treatment: CustomTreatment): CustomWalk {
  let members = 0;

  const walk = (value: unknown, { path, depth }: CustomPlace): unknown => {
    if (!mayHoldMembers(value)) return value;
    if (typeof value === 'string') return walkText(value, { path, depth });
    if (depth >= MAX_DEPTH || members > MAX_MEMBERS) return undefined;
    if (Array.isArray(value)) return walkList(value, { path, depth: depth + 1 });
    if (isMessage(value)) return walkMessage(value, { path, depth });
    members += Object.keys(value).length;
    return treatment.members(value as EventProperties, { path: `${path}.`, depth: depth + 1 });
  };

  const walkMessage = (message: object, place: CustomPlace): unknown => {
    const alone = [message];
    const treated = treatment.messages(alone, place);
    if (treated === alone) return message;
    return Array.isArray(treated) ? treated[0] : undefined;
  };

  const walkList = (list: readonly unknown[], place: CustomPlace): unknown => {
    members += list.length;
    const treated = list.map((item) => walk(item, place));
    if (!treated.some((item, index) => item !== list[index])) return list;
    return treated.filter((item, index) => item !== undefined || list[index] === undefined);
  };

  const walkText = (text: string, place: CustomPlace): unknown => {
    const json = parse(text);
    // Attribute limits cut JSON off, and what the rest is part of cannot be known.
    if (json === undefined) return treatment.isPrivate && JSON_OBJECT_BEGINS.test(text) ? undefined : text;
    const treated = walk(json, place);
    if (treated === json) return text;
    return treated === undefined ? undefined : JSON.stringify(treated);
  };

  return walk;
}

const JSON_BEGINS = /^\s{0,10}[[{]/;
const JSON_OBJECT_BEGINS = /^[\s[]{0,10}\{\s{0,10}(?:"|$)/;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const ROLES: ReadonlySet<unknown> = new Set([
  ...['system', 'developer', 'user', 'human', 'assistant', 'ai', 'model', 'tool', 'function'],
]);

const MESSAGE_CONTENT = ['content', 'parts', 'text', 'tool_calls', 'toolCalls'] as const;

function isMessage(value: object): boolean {
  return (
    'role' in value && ROLES.has(value.role) && MESSAGE_CONTENT.some((name) => Object.hasOwn(value, name))
  );
}
