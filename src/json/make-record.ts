/** A sequence of member names. */
interface Form {
  /** Of the last member. */
  readonly name: string;
  readonly next: Map<string, Form>;
  latest: Form | undefined;
  /** An object with these members, to be copied. */
  template: Record<string, unknown> | undefined;
}

/** Forms remembered; where names are made up as it runs, the memory begins anew. */
const MAX_REMEMBERED = 8_192;

let first = newForm('');
let remembered = 0;

/**
 * An object of these members, in this order.
 *
 * What it buys: an object that is filled by computed names becomes a hash table in V8 after a dozen of them, several
 * times larger, and slow to walk and to serialise. A copy of a template with the same members stays a plain record.
 */
export function makeRecord(names: readonly string[], values: readonly unknown[]): Record<string, unknown> {
  let form = first;
  for (const name of names) form = formAfter(form, name);
  form.template ??= templateOf(names);
  const record = { ...form.template };
  for (let index = 0; index < names.length; index++) record[names[index] ?? ''] = values[index];
  return record;
}

function formAfter(form: Form, name: string): Form {
  // Nearly always the same member follows as the last time, which is told faster than by the map.
  if (form.latest?.name === name) return form.latest;
  form.latest = form.next.get(name) ?? newFormAfter(form, name);
  return form.latest;
}

function newFormAfter(form: Form, name: string): Form {
  if (remembered++ >= MAX_REMEMBERED) {
    first = newForm('');
    remembered = 0;
  }
  const next = newForm(name);
  form.next.set(name, next);
  return next;
}

function newForm(name: string): Form {
  return { name, next: new Map(), latest: undefined, template: undefined };
}

/** `JSON.parse` makes records of any size. */
function templateOf(names: readonly string[]): Record<string, unknown> {
  return JSON.parse(`{${names.map((name) => `${JSON.stringify(name)}:null`).join(',')}}`) as Record<
    string,
    unknown
  >;
}
