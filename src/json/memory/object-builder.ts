import { retained } from './retained.ts';

/** A sequence of member names. */
interface Form {
  /** Of the last member; the form without it. */
  readonly name: string;
  readonly before: Form | undefined;
  readonly next: Map<string, Form>;
  latest: Form | undefined;
  /** Made when an object of this form is. */
  model: Model | undefined;
}

interface Model {
  readonly names: readonly string[];
  /** An object with these members, to be copied. */
  readonly template: Readonly<Record<string, unknown>>;
}

/** Forms remembered; where names are made up as it runs, the memory begins anew. */
const MAX_REMEMBERED = 8_192;

/** Room for the values of most objects. */
const ROOM: readonly unknown[] = new Array(48).fill(undefined);

let root = newForm('', undefined);
let remembered = 0;

/**
 * An object in the making, its members in the order in which they are added.
 *
 * What it buys: an object that is filled by computed names becomes a hash table in V8 after a dozen of them, several
 * times larger, and slow to walk and to serialise. A copy of a template with the same members stays a plain record.
 */
export class ObjectBuilder {
  #form = root;
  readonly #values = retained(ROOM);
  #size = 0;

  /** @param name of no member that was added before */
  add(name: string, value: unknown): void {
    this.#form = formAfter(this.#form, name);
    this.#values[this.#size] = value;
    this.#size += 1;
  }

  finish(): Record<string, unknown> {
    this.#form.model ??= modelOf(this.#form);
    const { names, template } = this.#form.model;
    const record = { ...template };
    for (let index = 0; index < names.length; index++) record[names[index] ?? ''] = this.#values[index];
    return record;
  }
}

function formAfter(form: Form, name: string): Form {
  // Nearly always the same member follows as the last time, which is found faster than by the map.
  if (form.latest?.name === name) return form.latest;
  form.latest = form.next.get(name) ?? newFormAfter(form, name);
  return form.latest;
}

function newFormAfter(form: Form, name: string): Form {
  if (remembered++ >= MAX_REMEMBERED) {
    root = newForm('', undefined);
    remembered = 0;
  }
  const next = newForm(name, form);
  form.next.set(name, next);
  return next;
}

function newForm(name: string, before: Form | undefined): Form {
  return { name, before, next: new Map(), latest: undefined, model: undefined };
}

function modelOf(form: Form): Model {
  const names: string[] = [];
  for (let at = form; at.before !== undefined; at = at.before) names.unshift(at.name);
  // `JSON.parse` makes records of any size.
  const json = `{${names.map((name) => `${JSON.stringify(name)}:null`).join(',')}}`;
  return { names, template: JSON.parse(json) as Record<string, unknown> };
}
