import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FitResult, fitEvent, fitSerialised } from '../../../src/translate/limits/fit-event.ts';
import { CONTENT_PROPERTIES } from '../../../src/translate/limits/trim-ladder.ts';
import type { EventProperties, PostHogEvent } from '../../../src/translate/posthog-event.ts';
import { leastCpuMs } from '../../support/thread-cpu.ts';
import { base64, eventWith, KIB, MIB, prose, serialiseEvent, UNTOUCHABLE } from './events.ts';

const HALF_PAIR_ESCAPE = /\\ud[89a-f][0-9a-f]{2}/;

function isSame(a: FitResult, b: FitResult): boolean {
  if ('tooLarge' in a || 'tooLarge' in b) return 'tooLarge' in a && 'tooLarge' in b;
  return a.json.equals(b.json) && isDeepStrictEqual(a.trimmed, b.trimmed);
}

const smallestBytes = serialiseEvent(eventWith({}))?.length ?? 0;

describe('an event that fits', () => {
  it('is sent as it is', () => {
    const event = eventWith({ $ai_input: [{ role: 'user', content: prose(8 * KIB) }] });
    const json = Buffer.from(JSON.stringify(event));
    expect(isSame(fitEvent(event, json.length), { json, trimmed: [] })).toBe(true);
    expect(isSame(fitSerialised(json, json.length), { json, trimmed: [] })).toBe(true);
    expect(fitEvent(event, json.length - 1)).toHaveProperty('trimmed.length', 1);
  });

  it('is measured in bytes, not in characters', () => {
    const event = eventWith({ $ai_input: '漢'.repeat(1000) });
    const characters = JSON.stringify(event).length;
    const result = fitEvent(event, characters + 500);
    expect(result).toHaveProperty('trimmed.length', 1);
  });
});

const BASE64 = base64(1500);

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.nat(3000).map(prose),
  fc.nat(2000).map((characters) => BASE64.slice(0, characters)),
  fc
    .constantFrom('😀', '漢', '"', '\0', '\ud83d', 'a')
    .chain((unit) => fc.nat(1500).map((count) => unit.repeat(count))),
);
const message = fc.record(
  {
    role: fc.constantFrom('system', 'user', 'assistant', 'tool', 'developer', 'other'),
    content: fc.oneof(
      text,
      fc.array(fc.record({ type: fc.constantFrom('text', 'image', 'tool_result'), text }), { maxLength: 3 }),
    ),
    tool_calls: fc.array(
      fc.record({ id: fc.string(), function: fc.record({ name: fc.string(), arguments: text }) }),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: ['role'] },
);
const content = fc.oneof(
  fc.array(message, { maxLength: 12 }),
  text,
  fc.jsonValue({ maxDepth: 4 }),
  fc.anything({ withBigInt: true, withTypedArray: true }),
);
const customName = fc.string({ maxLength: 30 }).filter((name) => !name.startsWith('$'));
const properties: fc.Arbitrary<EventProperties> = fc
  .tuple(
    fc.dictionary(fc.constantFrom(...CONTENT_PROPERTIES), content, { maxKeys: 4 }),
    fc.dictionary(customName, fc.oneof(text, fc.jsonValue()), { maxKeys: 6 }),
    fc.record(
      { $ai_error: text, $ai_span_name: text, $ai_model_parameters: fc.dictionary(fc.string(), text) },
      { requiredKeys: [] },
    ),
  )
  .map((parts) => Object.assign({}, ...parts));
const limit = fc.oneof(
  fc.integer({ min: smallestBytes, max: smallestBytes + 3000 }),
  fc.integer({ min: 0, max: 20 * KIB }),
);

describe('any event under any limit', () => {
  it('fits, keeps what counts, is valid, and comes out the same each time', () => {
    fc.assert(
      fc.property(properties, limit, (given, maxEventBytes) => {
        const event = eventWith(given);
        const result = fitEvent(event, maxEventBytes);
        if ('tooLarge' in result) {
          expect(maxEventBytes).toBeLessThan(smallestBytes);
          return;
        }
        expect(result.json.length).toBeLessThanOrEqual(maxEventBytes);
        const json = result.json.toString();
        expect(json).not.toMatch(HALF_PAIR_ESCAPE);
        const arrived: PostHogEvent = JSON.parse(json);
        expect(arrived).toMatchObject({ ...event, properties: UNTOUCHABLE });
        expect(isSame(fitEvent(eventWith(given), maxEventBytes), result)).toBe(true);
        const whole = serialiseEvent(event);
        expect(whole && isSame(fitSerialised(whole, maxEventBytes), result)).toBe(true);
        const fitted = whole !== undefined && whole.length <= maxEventBytes;
        expect(result.trimmed.length === 0).toBe(fitted);
      }),
      { numRuns: 80 },
    );
  });

  it('is left as it was', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...CONTENT_PROPERTIES), fc.array(message)),
        limit,
        (given, maxEventBytes) => {
          const event = eventWith(given);
          const before = structuredClone(event);
          fitEvent(event, maxEventBytes);
          expect(event).toEqual(before);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('may have any limit at all', () => {
    for (const maxEventBytes of [0, -1, Number.NaN, Number.NEGATIVE_INFINITY]) {
      expect(fitEvent(eventWith({ $ai_input: prose(5000) }), maxEventBytes)).toEqual({ tooLarge: true });
    }
    expect(fitEvent(eventWith({}), Number.POSITIVE_INFINITY)).toHaveProperty('trimmed', []);
  });
});

describe('very large events', () => {
  const LIMIT = 8 * MIB;
  const table: [what: string, make: () => EventProperties][] = [
    ['one text of 10 MiB', () => ({ $ai_input: [{ role: 'user', content: prose(10 * MIB) }] })],
    [
      '100,000 messages',
      () => ({
        $ai_input: Array.from({ length: 100_000 }, (_, index) => ({
          role: index % 2 ? 'user' : 'assistant',
          content: `${index} ${prose(100)}`,
        })),
      }),
    ],
    [
      'huge metadata',
      () => ({ metadata_blob: prose(10 * MIB), metadata_list: Array.from({ length: 50_000 }, String) }),
    ],
    [
      '100,000 custom properties',
      () =>
        Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`key_${index}`, 'v'.repeat(90)])),
    ],
    ['one name of 10 MiB', () => ({ $ai_input_state: { ['k'.repeat(10 * MIB)]: 1 } })],
    ['one custom name of 10 MiB', () => ({ ['k'.repeat(10 * MIB)]: 1 })],
  ];
  it.each(table)('%s', (_, make) => {
    const result = fitEvent(eventWith(make()), LIMIT);
    if ('tooLarge' in result) throw new Error('too large');
    expect(result.json.length).toBeLessThanOrEqual(LIMIT);
    expect(result.trimmed.length).toBeGreaterThan(0);
    expect(JSON.parse(result.json.toString()).properties).toMatchObject(UNTOUCHABLE);
  });

  it('take time in proportion to their size', () => {
    const mixed = (bytes: number) => {
      const tool = { role: 'tool', content: 'r'.repeat(KIB) };
      return eventWith({
        $ai_input: [{ role: 'user', content: prose(bytes / 4) }, ...new Array(bytes / 4 / KIB).fill(tool)],
        $ai_output_state: Array.from({ length: bytes / 128 }, (_, id) => ({ id, name: 'a row of a table' })),
        metadata_note: prose(bytes / 4),
      });
    };
    const small = timeMs(mixed(3 * MIB));
    const large = timeMs(mixed(24 * MIB));
    // Eight times the size; a square law would take 64 times as long.
    expect(large).toBeLessThan(32 * Math.max(small, 5));
  });
});

/** The better of two, which is closer to what the machine can do when nothing disturbs it. */
function timeMs(event: PostHogEvent): number {
  return leastCpuMs(() => fitEvent(event, MIB), 2);
}
