import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { READY } from '../../../src/json/raw-json.ts';
import { RecordedSource } from '../../../src/json/recorded-source.ts';
import { RecordedText } from '../../../src/json/recorded-text.ts';
import { MAX_NESTING } from '../../../src/translate/limits/json-limits.ts';
import { eventWith, prose, serialiseEvent, UNTOUCHABLE } from './events.ts';

/** Properties as the receiver reads them, without those every event of these tests has. */
function received(properties: Record<string, unknown>): Record<string, unknown> {
  const json = serialiseEvent(eventWith(properties));
  if (json === undefined) throw new Error('not serialised');
  const event = JSON.parse(json.toString());
  expect(event).toMatchObject({
    event: '$ai_generation',
    distinct_id: 'user_12345',
    properties: UNTOUCHABLE,
  });
  const rest = Object.entries(event.properties).filter(([name]) => !Object.hasOwn(UNTOUCHABLE, name));
  return Object.fromEntries(rest);
}

function cyclic(): Record<string, unknown> {
  const value: Record<string, unknown> = { name: 'a', list: [] };
  value.self = value;
  (value.list as unknown[]).push(1, value, 2);
  return value;
}

const throwing = () => {
  throw new Error('hostile');
};

describe('values that JSON has no form for', () => {
  const table: [what: string, given: unknown, arrives: unknown][] = [
    ['NaN', { a: Number.NaN, b: 1 }, { b: 1 }],
    ['infinite numbers', { a: Number.POSITIVE_INFINITY, b: Number.NEGATIVE_INFINITY, c: 2 }, { c: 2 }],
    ['NaN in a list keeps the places of the others', [1, Number.NaN, 3], [1, null, 3]],
    ['bigint', { tokens: 12n, huge: 2n ** 64n }, { tokens: '12', huge: '18446744073709551616' }],
    ['an absurd bigint', { a: 1n << 4096n, b: 1 }, { b: 1 }],
    ['functions and symbols', { a: () => 1, b: Symbol('b'), c: 3 }, { c: 3 }],
    ['functions and symbols in a list', [() => 1, Symbol('b'), 3], [null, null, 3]],
    ['a cycle', cyclic(), { name: 'a', list: [1, null, 2] }],
    ['toJSON that throws', { bad: { toJSON: throwing }, good: 1 }, { good: 1 }],
    ['toJSON of a function', { bad: Object.assign(() => 1, { toJSON: throwing }), good: 1 }, { good: 1 }],
    [
      'toJSON that gives itself',
      {
        a: Object.create(
          {
            toJSON() {
              return this;
            },
          },
          { n: { value: 1, enumerable: true } },
        ),
        b: Number.NaN,
      },
      { a: { n: 1 } },
    ],
    [
      'dates',
      { at: new Date(0), never: new Date(Number.NaN) },
      { at: '1970-01-01T00:00:00.000Z', never: null },
    ],
    ['boxed values', [Object('a'), Object(1), Object(true)], ['a', 1, true]],
    [
      'bytes',
      { a: new Uint8Array(2000), b: Buffer.alloc(3) },
      { a: '[binary, 2000 bytes]', b: '[binary, 3 bytes]' },
    ],
    [
      'an ArrayBuffer and a view',
      [new ArrayBuffer(8), new DataView(new ArrayBuffer(4))],
      ['[binary, 8 bytes]', '[binary, 4 bytes]'],
    ],
    [
      'vectors',
      { v: new Float64Array([0.5, Number.NaN, 2]), w: new BigInt64Array([1n]) },
      { v: [0.5, null, 2], w: ['1'] },
    ],
    ['Map and Set', [new Map([['a', 1]]), new Set([1])], [{}, {}]],
    ['an object without prototype', Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    ['a class instance', Object.assign(new (class Point {})(), { x: 1 }), { x: 1 }],
    ['undefined', { a: undefined, b: 1 }, { b: 1 }],
    ['holes', Object.assign([1], { 2: 3 }), [1, null, 3]],
  ];
  it.each(table)('%s', (_, given, arrives) => {
    expect(received({ $ai_input_state: given, metadata_next: 'kept' })).toEqual({
      $ai_input_state: arrives,
      metadata_next: 'kept',
    });
  });

  it('leaves out a property whose getter throws, and only that', () => {
    const state = {
      good: 1,
      get bad() {
        return throwing();
      },
      last: 2,
    };
    expect(received({ $ai_input_state: state })).toEqual({ $ai_input_state: { good: 1, last: 2 } });
  });

  it('survives a hidden toJSON that throws', () => {
    const hidden = Object.defineProperty({ a: 1 }, 'toJSON', { value: throwing, enumerable: false });
    expect(received({ bad: hidden, good: 1 })).toEqual({ good: 1 });
  });

  it('survives a revoked proxy and one that throws', () => {
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    const hostile = new Proxy({ a: 1 }, { ownKeys: throwing, getPrototypeOf: throwing });
    expect(received({ a: revoked.proxy, b: [hostile], c: 1 })).toEqual({ b: [null], c: 1 });
  });

  it('survives a getter that answers differently each time', () => {
    let reads = 0;
    const state = {
      get flaky() {
        reads += 1;
        return reads === 1 ? 'first' : 5n;
      },
      good: 1,
    };
    expect(received({ $ai_input_state: state })).toMatchObject({ $ai_input_state: { good: 1 } });
  });

  it('gives up quietly on an event that cannot be read at all', () => {
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    expect(serialiseEvent(revoked.proxy as never)).toBeUndefined();
    expect(serialiseEvent(undefined as never)).toBeUndefined();
  });
});

describe('text', () => {
  const table: [what: string, given: string, arrives: string][] = [
    ['a lone leading surrogate', 'a\ud83db', 'a\ufffdb'],
    ['a lone trailing surrogate', 'a\ude00b', 'a\ufffdb'],
    ['swapped surrogates', '\ude00\ud83d', '\ufffd\ufffd'],
    ['whole pairs', '😀👩‍👩‍👧漢', '😀👩‍👩‍👧漢'],
    ['text about escapes', '\\ud83d and \\\\ude00 \\n', '\\ud83d and \\\\ude00 \\n'],
    ['NUL and control characters', '\0a\u001b[31m\u2028', '\0a\u001b[31m\u2028'],
  ];
  it.each(table)('%s', (_, given, arrives) => {
    const properties = received({ $ai_input: [{ role: 'user', content: given }], [`key ${given}`]: 1 });
    expect(properties).toEqual({ $ai_input: [{ role: 'user', content: arrives }], [`key ${arrives}`]: 1 });
  });

  it('repairs a key when everything else is sound', () => {
    expect(received({ metadata_a: { 'k\ud83d': 1 } })).toEqual({ metadata_a: { 'k\ufffd': 1 } });
  });

  it('has no surrogate escapes, which would make PostHog refuse the whole body', () => {
    const json = serialiseEvent(eventWith({ a: '\ud800', b: ['\udfff\\'], c: '\\\ud800' }))?.toString();
    expect(json).not.toMatch(/\\ud[89a-f]/);
  });
});

describe('hostile keys and shapes', () => {
  it('keeps keys such as __proto__ as plain properties', () => {
    const given = JSON.parse('{"__proto__":{"polluted":true},"constructor":1,"":2,"toString":3}');
    const properties = received({ $ai_input_state: { ...given, bad: Number.NaN } });
    expect(JSON.stringify(properties.$ai_input_state)).toBe(JSON.stringify(given));
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it.each([MAX_NESTING, MAX_NESTING + 1, 126, 10_000, 200_000])('takes %i levels', (levels) => {
    const state = JSON.parse('['.repeat(levels) + ']'.repeat(levels));
    const nested = JSON.stringify(received({ $ai_input_state: state }).$ai_input_state);
    const depth = nested.split('[[').length === 1 ? 1 : (nested.match(/^\[+/)?.[0].length ?? 0);
    expect(depth).toBeLessThanOrEqual(MAX_NESTING);
    expect(nested.includes('[truncated]')).toBe(levels > MAX_NESTING);
  });

  it('bounds objects that refer to each other many times', () => {
    let value: unknown = 'x'.repeat(100);
    for (let level = 0; level < 60; level++) value = [value, value, value];
    const properties = received({ $ai_input: value, metadata_after: 'kept' });
    expect(properties).toMatchObject({ metadata_after: 'kept' });
  });

  it('bounds text that is referred to many times', () => {
    const megabyte = 'x'.repeat(1024 * 1024);
    const json = serialiseEvent(
      eventWith({ $ai_input: new Array(5000).fill(megabyte), metadata_after: 'kept' }),
    );
    expect(json?.length).toBeLessThan(70 * 1024 * 1024);
    expect(json?.subarray(-100).toString()).toContain('"metadata_after":"kept"');
  });

  it('bounds a list that only says it is long', () => {
    const sparse: unknown[] = [];
    sparse.length = 4_294_967_295;
    expect(received({ $ai_input: sparse, metadata_after: 'kept' })).toMatchObject({ metadata_after: 'kept' });
  });
});

const ready = () => new RecordedText(new RecordedSource('"the prompt"'), 1, 11, 0);

describe('values that are not the same each time', () => {
  it('cannot bring half a surrogate pair into the body, nor content into another property', () => {
    const prompt = ready();
    for (const half of ['\ud800', '\udbff', '\udc00', READY]) {
      let reads = 0;
      const state = {
        get moody() {
          reads += 1;
          return reads === 1 ? 'ok' : half;
        },
      };
      const json = serialiseEvent(eventWith({ $ai_input_state: state, $ai_input: prompt }))?.toString() ?? '';
      expect(json).not.toContain('\\ud');
      expect(JSON.parse(json).properties.$ai_input).toBe('the prompt');
    }
  });

  it('are distinguished from texts that only look like it', () => {
    const event = eventWith({ path: String.raw`C:\udata\ud800`, $ai_input: ['a', 'b'] });
    expect(serialiseEvent(event)?.toString()).toBe(JSON.stringify(event));
  });

  it.each([
    { a: READY, $ai_input: ready() },
    { $ai_input: ready(), a: `"${READY}"` },
    { $ai_input: [ready(), READY, ready()], [READY]: [READY] },
    { $ai_input: [ready(), ready()], $ai_output_choices: [ready()], a: [[]] },
  ])('are told from what stands in place of content: %j', (properties) => {
    const event = eventWith(properties);
    expect(serialiseEvent(event)?.toString()).toBe(JSON.stringify(event));
  });
});

describe('any event', () => {
  it('of plain JSON is exactly what JSON.stringify makes of it', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (properties) => {
        const event = eventWith(properties);
        expect(serialiseEvent(event)?.toString()).toBe(JSON.stringify(event));
      }),
    );
  });

  it('is valid, complete and unchanged, whatever it holds', () => {
    const anything = fc.anything({
      withBigInt: true,
      withBoxedValues: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
      withUnicodeString: true,
    });
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 5 }), (values) => {
        const state = Object.freeze({ values: Object.freeze(values), nan: Number.NaN });
        const properties = received({ before: 1, $ai_input_state: state, after: 2 });
        expect(properties).toMatchObject({ before: 1, after: 2 });
        expect((properties.$ai_input_state as { values: unknown[] }).values).toHaveLength(values.length);
      }),
      { numRuns: 60 },
    );
  });

  it('is left as it was', () => {
    const event = eventWith({ a: { n: Number.NaN, list: [1n, prose(50)], at: new Date(5) } });
    const before = structuredClone(event);
    serialiseEvent(event);
    expect(event).toEqual(before);
  });
});
