import { describe, expect, it } from 'vitest';
import { PAGE_BYTES, Page } from '../../src/json/memory/page.ts';

/** Texts of a twentieth of a page, with letters of several bytes. */
function filled(page: Page, count: number): { json: Buffer }[] {
  const names = Array.from({ length: count }, (_, name) => name);
  return names.map((name) => ({
    json: page.add([`{"name":${name},`, '"text":"', 'né'.repeat(PAGE_BYTES / 60), '"}']),
  }));
}

const parsed = (json: Buffer | undefined) => JSON.parse(json?.toString() ?? '');

describe('a page', () => {
  it('holds texts one behind the other', () => {
    const page = new Page();
    const texts = filled(page, 15);
    expect(texts.map(({ json }) => parsed(json).name)).toEqual(texts.map((_, name) => name));
    expect(new Set(texts.map(({ json }) => json.buffer)).size).toBe(1);
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

  it('is not used again while one of its texts was not given back', () => {
    const first = new Page();
    filled(first, 15);
    const next = first.withRoomFor(PAGE_BYTES / 2);
    for (let count = 0; count < 14; count++) first.giveBack();
    filled(next, 15);
    expect(next.withRoomFor(PAGE_BYTES / 2)).not.toBe(first);
  });
});
