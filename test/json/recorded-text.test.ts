import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LiteralScanner } from '../../src/json/literal-scanner.ts';
import { RecordedText } from '../../src/json/recorded-text.ts';

/** As found in a list, so that something stands before and behind. `undefined` when it would have to be escaped anew. */
function recorded(text: string): RecordedText | undefined {
  const scanner = new LiteralScanner(JSON.stringify(['a', text, 'b']));
  scanner.position = 1;
  scanner.word();
  scanner.goOn();
  const found = scanner.text();
  return found instanceof RecordedText ? found : undefined;
}

const text = fc
  .array(fc.oneof(fc.constantFrom('\\', '"', '\n', '\\\\"', 'é', '漢', '😀'), fc.string()), {
    minLength: 20,
    maxLength: 120,
  })
  .map((pieces) => pieces.join('').padEnd(128, 'x'));

describe('RecordedText', () => {
  it('knows the text and its length, whatever is escaped', () => {
    fc.assert(
      fc.property(text, (given) => {
        const found = recorded(given);
        fc.pre(found !== undefined);
        expect(found?.text).toBe(given);
        expect(found?.length).toBe(given.length);
      }),
      { numRuns: 300 },
    );
  });
});
