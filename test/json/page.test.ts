import { describe, expect, it } from 'vitest';
import { PAGE_BYTES, Page } from '../../src/json/memory/page.ts';

const HEAD = Buffer.from('{"batch":[');
const TAIL = Buffer.from(']}');

/** Texts of a twentieth of a page, with letters of several bytes. */
function filled(page: Page, count: number): { json: Buffer }[] {
  const names = Array.from({ length: count }, (_, name) => name);
  return names.map((name) => ({
    json: page.add([`{"name":${name},`, '"text":"', 'né'.repeat(PAGE_BYTES / 60), '"}']),
  }));
}

const parsed = (json: Buffer | undefined) => JSON.parse(json?.toString() ?? '');

describe('a page', () => {
  it('frames the texts that it begins with where they stand, as a list', () => {
    const page = new Page();
    const texts = filled(page, 15);
    const later = page.add(['{"name":"later"}']);
    const body = page.frame(HEAD, texts, TAIL);
    expect(body?.buffer).toBe(texts[0]?.json.buffer);
    expect(parsed(body)).toEqual({ batch: texts.map(({ json }) => parsed(json)) });
    expect(later.toString()).toBe('{"name":"later"}');
    // A part of them, as when the whole was refused.
    const part = texts.slice(0, 12);
    expect(parsed(page.frame(HEAD, part, TAIL))).toEqual({ batch: part.map(({ json }) => parsed(json)) });
    expect(parsed(page.frame(HEAD, texts, TAIL))).toEqual({ batch: texts.map(({ json }) => parsed(json)) });
  });

  it.each<[string, (texts: { json: Buffer }[]) => { json: Buffer }[], Buffer, Buffer]>([
    ['it does not begin with', (texts) => texts.slice(1), HEAD, TAIL],
    ['do not follow each other', (texts) => texts.toSpliced(5, 1), HEAD, TAIL],
    ['are not in their order', (texts) => texts.toReversed(), HEAD, TAIL],
    ['stand elsewhere in part', (texts) => [...texts, { json: Buffer.from('{}') }], HEAD, TAIL],
    ['fill less than half of it', (texts) => texts.slice(0, 5), HEAD, TAIL],
    ['have too much before them', (texts) => texts, Buffer.alloc(2_000), TAIL],
    ['have too much behind them', (texts) => texts, HEAD, Buffer.from(']}\n')],
  ])('frames no texts that %s, and stays as it is', (_, choose, head, tail) => {
    const page = new Page();
    const texts = filled(page, 15);
    const before = texts.map(({ json }) => json.toString());
    expect(page.frame(head, choose(texts), tail)).toBeUndefined();
    expect(texts.map(({ json }) => json.toString())).toEqual(before);
    expect(page.withRoomFor(100)).toBe(page);
  });

  it('is used again once all of its texts were given back', () => {
    const first = new Page();
    filled(first, 15);
    const second = first.withRoomFor(PAGE_BYTES / 2);
    expect(second).not.toBe(first);
    for (let count = 0; count < 15; count++) first.giveBack();
    filled(second, 15);
    expect(second.withRoomFor(PAGE_BYTES / 2)).toBe(first);
    expect(parsed(first.add(['{}']))).toEqual({});
  });

  it('is not used again once it was part of a request, which may still be read', () => {
    const page = new Page();
    const texts = filled(page, 15);
    const body = page.frame(HEAD, texts, TAIL);
    for (let count = 0; count < 15; count++) page.giveBack();
    let next = page;
    for (let count = 0; count < 6; count++) {
      next = next.withRoomFor(PAGE_BYTES / 2);
      expect(next).not.toBe(page);
      filled(next, 15);
    }
    expect(parsed(body)).toEqual({ batch: texts.map(({ json }) => parsed(json)) });
  });
});
