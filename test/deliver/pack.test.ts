import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packEvents, splitInTwo } from '../../src/deliver/pack.ts';
import { buildRequestBody, envelopeBytes } from '../../src/deliver/request-body.ts';
import type { SerialisedEvent } from '../../src/deliver/transport.ts';

function eventsOf(sizes: readonly number[]): SerialisedEvent[] {
  return sizes.map((size, index) => ({ uuid: String(index), json: Buffer.alloc(size, 'x') }));
}

function uuids(events: readonly SerialisedEvent[]): string[] {
  return events.map(({ uuid }) => uuid);
}

describe('packEvents', () => {
  const limits = { maxEventBytes: 50, maxBatchBytes: 40, maxBatchEvents: 3, envelopeBytes: 10 };

  it.each([
    ['nothing', [], [], []],
    ['one event', [5], [['0']], []],
    ['events that fill a batch to the byte, commas counted', [14, 15], [['0', '1']], []],
    ['one byte more', [15, 15], [['0'], ['1']], []],
    ['the count limit', [1, 1, 1, 1], [['0', '1', '2'], ['3']], []],
    ['an event larger than a batch, alone', [1, 45, 1], [['0'], ['1'], ['2']], []],
    ['an event above the limit, which costs no neighbour', [1, 51, 1], [['0', '2']], ['1']],
    ['only events above the limit', [51, 60], [], ['0', '1']],
  ])('packs %s', (_, sizes, batches, tooLarge) => {
    const packed = packEvents(eventsOf(sizes), limits);
    expect(packed.batches.map(uuids)).toEqual(batches);
    expect(uuids(packed.tooLarge)).toEqual(tooLarge);
  });

  it('loses nothing, keeps the order, and keeps every batch within its limits', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 80 }), { maxLength: 60 });
    fc.assert(
      fc.property(
        sizes,
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 1, max: 5 }),
        (all, maxBatchBytes, count) => {
          const events = eventsOf(all);
          const envelope = envelopeBytes('phc_k');
          const packed = packEvents(events, {
            maxEventBytes: 50,
            maxBatchBytes,
            maxBatchEvents: count,
            envelopeBytes: envelope,
          });
          expect(packed.batches.flat()).toEqual(events.filter(({ json }) => json.length <= 50));
          expect(packed.tooLarge).toEqual(events.filter(({ json }) => json.length > 50));
          for (const batch of packed.batches) {
            expect(batch.length).toBeGreaterThan(0);
            expect(batch.length).toBeLessThanOrEqual(count);
            const bodyBytes = buildRequestBody('phc_k', batch).length;
            expect(batch.length === 1 || bodyBytes <= maxBatchBytes).toBe(true);
          }
        },
      ),
    );
  });
});

describe('splitInTwo', () => {
  it('keeps all events in order, neither part empty', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 2, maxLength: 50 });
    fc.assert(
      fc.property(sizes, fc.constantFrom('bytes' as const, 'count' as const), (all, by) => {
        const events = eventsOf(all);
        const [first, second] = splitInTwo(events, by);
        expect([...first, ...second]).toEqual(events);
        expect(Math.min(first.length, second.length)).toBeGreaterThan(0);
      }),
    );
  });

  it.each([
    ['count', [9, 1, 1, 1], [2, 2]],
    ['bytes', [9, 1, 1, 1], [1, 3]],
    ['bytes', [1, 1, 1, 9], [3, 1]],
    ['bytes', [1, 9, 1], [1, 2]],
    ['bytes', [2, 2, 2, 2], [2, 2]],
    ['bytes', [20, 21, 20, 20], [2, 2]],
  ] as const)('by %s cuts %j into %j', (by, sizes, expected) => {
    expect(splitInTwo(eventsOf(sizes), by).map((part) => part.length)).toEqual(expected);
  });
});
