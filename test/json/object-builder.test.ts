import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ObjectBuilder } from '../../src/json/memory/object-builder.ts';

/** Few names, so that forms are met again, and some that objects treat in their own way. */
const name = fc.oneof(
  fc.constantFrom('a', 'b', '$ai_model', 'constructor', 'toString'),
  fc.string().filter((text) => text !== '__proto__' && !/^\d/.test(text)),
);
const members = fc.uniqueArray(fc.tuple(name, fc.anything()), {
  selector: ([key]) => key,
  maxLength: 60,
});

describe('a drafted record', () => {
  it('has the members that were added, in their order, and none of another', () => {
    fc.assert(
      fc.property(fc.array(members, { maxLength: 5 }), (given) => {
        const records = given.map((entries) => {
          const draft = new ObjectBuilder();
          for (const [key, value] of entries) draft.add(key, value);
          return draft.finish();
        });
        for (const [index, record] of records.entries()) {
          expect(Object.keys(record)).toEqual(given[index]?.map(([key]) => key));
          for (const [key, value] of given[index] ?? []) expect(record[key]).toBe(value);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('is found right when more names were made up than are remembered', () => {
    for (let count = 0; count < 9_000; count++) {
      const draft = new ObjectBuilder();
      draft.add(`name ${count}`, count);
      draft.add('last', true);
      expect(draft.finish()).toEqual({ [`name ${count}`]: count, last: true });
    }
  });
});
