import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LazyTexts, readLazy } from '../../src/json/read-lazy.ts';
import { RecordedText } from '../../src/json/recorded-text.ts';

const WANTED: LazyTexts = { names: new Set(['content', 'text']), isKept: ({ type }) => type === 'text' };

const LONG = 'It was a dark night; the "rain" fell\nin torrents. '.repeat(4);

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    LONG,
    'x'.repeat(127),
    'x'.repeat(128),
    '"'.repeat(64),
    '日本語の文章 😀'.repeat(20),
    '\u0000/\\\ud83d',
  ),
  fc.constantFrom(`${'é'.repeat(200)}\u2028`, '\\'.repeat(129)),
);
const name = fc.oneof(
  fc.constantFrom('content', 'text', 'type', 'role', '0', '10', '', '"', 'é', 'Ā', 'constructor', 'toJSON'),
  fc.string(),
);
const { value } = fc.letrec<{ value: unknown; list: unknown; object: unknown; part: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    text,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.constantFrom(true, false, null, -0, 1e21, 1e-7),
    tie('list'),
    tie('object'),
    tie('part'),
  ),
  list: fc.array(tie('value'), { maxLength: 4 }),
  object: fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  part: fc.record(
    { type: fc.constantFrom('text', 'image'), text, content: tie('value') },
    { requiredKeys: [] },
  ),
}));

/** JSON of objects and lists, as different writers leave it. */
const json = fc
  .tuple(
    value.filter((held) => typeof held === 'object' && held !== null),
    fc.constantFrom(undefined, 1, '\t'),
    fc.constantFrom('as it is', 'ASCII', 'slashes'),
  )
  .map(([held, indent, escaping]) => {
    const written = JSON.stringify(held, undefined, indent);
    const asEscape = (sign: string) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
    if (escaping === 'as it is') return written;
    return escaping === 'ASCII'
      ? written.replaceAll(/[\u0080-\uffff]/g, asEscape)
      : written.replaceAll('/', '\\/');
  });

const damage = fc.tuple(
  fc.nat(),
  fc.nat(8),
  fc.constantFrom('', '"', '\\', '\\u00', '\u0001', '\n', ',', '}', '[', ':', '0', '-', '\0', ' ', 'Ĭ', 'Ģ'),
);

function parsed(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return undefined;
  }
}

describe('readLazy', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(json, (source) => {
        const read = readLazy(source, WANTED);
        expect(JSON.stringify(read)).toBe(JSON.stringify(JSON.parse(source)));
      }),
      { numRuns: 1_500 },
    );
  });

  it('reads the same as JSON.parse or nothing when the JSON is damaged', () => {
    fc.assert(
      fc.property(json, damage, (source, [place, removed, added]) => {
        const at = place % (source.length + 1);
        const damaged = source.slice(0, at) + added + source.slice(at + removed);
        const read = readLazy(damaged, WANTED);
        if (read !== undefined) expect(JSON.stringify(read)).toBe(JSON.stringify(parsed(damaged)));
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([
    ['a name twice', `{"content":${JSON.stringify(LONG)},"content":"b","type":"text"}`],
    ['a long text twice', `{"type":"text","content":${JSON.stringify(LONG)},"text":${JSON.stringify(LONG)}}`],
    ['numbers as names', '{"b":1,"2":2,"1":3}'],
    ['escapes in a name', '{"a\\u0062\\n":1,"\\/":2}'],
    ['white space', ' \n[ { "a" : [ ] , "b" : { } } ]\t'],
    ['numbers', '[0,-0,1.5,1e3,1E+3,-2e-2,12345678901234567890]'],
  ])('reads %s', (_, source) => {
    expect(JSON.stringify(readLazy(source, WANTED))).toBe(JSON.stringify(JSON.parse(source)));
  });

  it.each([
    ['nothing', ''],
    ['a text', '"a"'],
    ['a number', '1'],
    ['an own prototype', '{"__proto__":{"a":1}}'],
    ['too many levels', `${'['.repeat(61)}${']'.repeat(61)}`],
    ['a number that is none', '[01]'],
    ['half a number', '[1.]'],
    ['a word that is none', '[True]'],
    ['an escape that is none', '["\\x"]'],
    ['an escape at the end', '["\\'],
    ['a comma too many', '[1,]'],
    ['two values', '[1][2]'],
  ])('leaves %s to others', (_, source) => {
    expect(readLazy(source, WANTED)).toBeUndefined();
  });

  it('leaves a long text where it stands where it is wanted, and nowhere else', () => {
    const source = JSON.stringify([
      { type: 'text', text: LONG },
      { text: LONG, type: 'image' },
      { type: 'text', words: LONG },
      LONG,
    ]);
    expect(readLazy(source, WANTED)).toEqual([
      { type: 'text', text: expect.any(RecordedText) },
      { text: LONG, type: 'image' },
      { type: 'text', words: LONG },
      LONG,
    ]);
  });
});
