import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadUnits, nextSpecial, units } from '../../src/json/source-units.ts';

/** Their lower byte is a quote, a backslash, a line feed, a comma, a bracket, a zero; the upper one of some has one bit. */
const LOOKALIKES = ['\u0122', '\u015c', '\u010a', '\u012c', '\u015b', '\u0100', '\u2022', '\u8022', '\ud822'];

const sign = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('a', ' ', '~', '\u007f', '!', '#', '[', ']', '\u00a0', '\u00ff') },
  { weight: 1, arbitrary: fc.constantFrom('"', '\\', '\n', '\0', '\u001f') },
  { weight: 1, arbitrary: fc.constantFrom(...LOOKALIKES, '€', '😀') },
);

const source = fc.oneof(
  fc.array(sign, { maxLength: 40 }).map((signs) => signs.join('')),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
);

function signFrom(text: string, from: number): number {
  for (let index = from; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x20 || unit === 0x22 || unit === 0x5c) return index;
  }
  return text.length;
}

describe('the units of a source', () => {
  it('are its own where they fit into a byte, and else no sign of JSON', () => {
    fc.assert(
      fc.property(source, (text) => {
        loadUnits(text);
        const expected = Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
        const held = expected.map((unit, at) => (unit > 0xff && (units[at] ?? 0) >= 0x80 ? unit : units[at]));
        expect([...held, units[text.length]]).toEqual([...expected, 0]);
      }),
    );
  });

  it('are looked through for the next sign from any place on', () => {
    fc.assert(
      fc.property(source, source, (before, text) => {
        // What the memory held before must not be met.
        loadUnits(before);
        loadUnits(text);
        const places = Array.from({ length: text.length + 1 }, (_, from) => from);
        expect(places.map(nextSpecial)).toEqual(places.map((from) => signFrom(text, from)));
      }),
      { numRuns: 500 },
    );
  });

  it('have their place, however long the source is', () => {
    for (const length of [3, 40_000, 2_000_000, 600_001, 5]) {
      const text = `${'ä'.repeat(length)}"€`;
      loadUnits(text);
      expect(nextSpecial(0)).toBe(length);
      expect(nextSpecial(length + 1)).toBe(length + 2);
    }
  });
});
