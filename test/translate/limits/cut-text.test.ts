import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atOnce } from '../../../src/json/steps.ts';
import { cutText as cutTextInSteps } from '../../../src/translate/limits/cut-text.ts';
import { textBytes } from '../../../src/translate/limits/text-bytes.ts';
import { prose } from './events.ts';

const HALF_PAIR = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const encoded = (text: string) => Buffer.byteLength(JSON.stringify(text));

const cutText = (text: string, maxBytes: number) => atOnce(cutTextInSteps(text, maxBytes));

describe('textBytes', () => {
  it.each([
    '',
    'plain',
    '"\\/\b\t\n\f\r\0\u001b\u007f',
    'ü\u07ff',
    '漢\ufffd\u2028',
    '😀👩‍👩‍👧',
    '\ud800',
    '\udc00a',
    '\ud83d\ud83d\ude00',
  ])('counts what JSON.stringify writes: %j', (text) => expect(textBytes(text)).toBe(encoded(text)));

  it('counts any text', () => {
    const units = fc.array(fc.integer({ min: 0, max: 0xffff })).map((list) => String.fromCharCode(...list));
    fc.assert(
      fc.property(
        fc.oneof(units, fc.string({ unit: 'binary' })),
        (text) => textBytes(text) === encoded(text),
      ),
    );
  });
});

describe('cutText', () => {
  it('keeps the beginning and the end', () => {
    const cut = cutText(`begin ${'x'.repeat(1000)} end`, 100);
    expect(cut).toMatch(/^begin x+ …\[truncated\]… x+ end$/);
    expect(encoded(cut)).toBe(100);
  });

  it.each(['a', '"', '\0', 'ü', '漢', '😀', 'a😀', '漢😀"'])(
    'uses the room with %j to the last character',
    (unit) => {
      const text = unit.repeat(2000);
      for (let maxBytes = 40; maxBytes < 90; maxBytes++) {
        const cut = cutText(text, maxBytes);
        const bytes = encoded(cut);
        expect(bytes).toBeLessThanOrEqual(maxBytes);
        // Head and tail can each lack one character of at most six bytes.
        expect(bytes).toBeGreaterThan(maxBytes - 12);
        expect(cut).not.toMatch(HALF_PAIR);
      }
    },
  );

  it('never exceeds the limit nor splits a pair', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', minLength: 50, maxLength: 300 }),
        fc.nat(400),
        (text, maxBytes) => {
          fc.pre(encoded(text) > maxBytes);
          const cut = cutText(text, maxBytes);
          expect(encoded(cut)).toBeLessThanOrEqual(Math.max(maxBytes, 2));
          expect(cut).not.toMatch(HALF_PAIR);
        },
      ),
    );
  });

  it('cuts 10 MiB to any size', () => {
    const text = prose(10 * 1024 * 1024);
    for (const maxBytes of [256, 1_000_001, 9_999_999]) {
      expect(encoded(cutText(text, maxBytes))).toBeGreaterThan(maxBytes - 12);
      expect(encoded(cutText(text, maxBytes))).toBeLessThanOrEqual(maxBytes);
    }
  });
});
