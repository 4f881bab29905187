import { describe, expect, it } from 'vitest';
import { estimateBytes } from '../../src/json/estimate-bytes.ts';
import { estimateSpanBytes } from '../../src/translate/span/span-bytes.ts';

const TEXT = 'x'.repeat(10_000);

describe('estimateBytes', () => {
  it.each<[string, unknown, number]>([
    ['a text', TEXT, 10_000],
    ['a member of an object', { a: TEXT }, 10_000],
    ['what lies deep', { a: [{ b: { c: [TEXT, TEXT] } }] }, 20_000],
    ['bytes', { data: new Uint8Array(10_000) }, 10_000],
    ['numbers', Array.from({ length: 1_250 }, () => 1), 10_000],
  ])('counts %s', (_name, value, bytes) => {
    const counted = estimateBytes(value, Number.POSITIVE_INFINITY);
    expect(counted).toBeGreaterThanOrEqual(bytes);
    expect(counted).toBeLessThan(bytes + 100);
  });

  it('comes to an end with a value that contains itself', () => {
    const value: Record<string, unknown> = { text: TEXT };
    value['self'] = [value, value];
    expect(estimateBytes(value, 100_000)).toBeLessThan(200_000);
  });
});

describe('estimateSpanBytes', () => {
  it.each([
    ['attributes', { attributes: { a: TEXT } }],
    ['lists in attributes', { attributes: { a: [TEXT] } }],
    ['objects in attributes, as OTLP has them', { attributes: { a: { messages: [{ content: TEXT }] } } }],
    ['attributes of events', { attributes: {}, events: [{ name: 'e', attributes: { a: TEXT } }] }],
    [
      'bodies of log records',
      { attributes: {}, events: [{ name: 'e', attributes: {}, body: { content: TEXT } }] },
    ],
  ])('counts texts in %s', (_name, span) => {
    expect(estimateSpanBytes([span])).toBeGreaterThan(TEXT.length);
    expect(estimateSpanBytes([span, span])).toBe(2 * estimateSpanBytes([span]));
  });

  it('counts a span that cannot be read as one without texts', () => {
    const throwing = {
      get attributes() {
        throw new Error('not readable');
      },
    };
    const bare = estimateSpanBytes([throwing, undefined]);
    expect(bare).toBeGreaterThan(0);
    expect(bare).toBeLessThanOrEqual(estimateSpanBytes([{}, {}]));
  });
});
