import { describe, expect, it } from 'vitest';
import { createGrownLists } from '../../../src/translate/messages/grown-lists.ts';

/** Reads JSON of texts, and notes what it was given. */
function readerThatNotes() {
  const given: string[] = [];
  const lists = createGrownLists<string>((source) => {
    given.push(source);
    try {
      return JSON.parse(source) as string[];
    } catch {
      return undefined;
    }
  });
  /** What was read for it, and from what. */
  const read = (traceId: string, source: string) => {
    given.length = 0;
    const items = lists.read(traceId, source);
    return { items, from: [...given] };
  };
  return { read };
}

describe('a list that grows', () => {
  it.each<[string, string, readonly string[], readonly string[] | undefined]>([
    ['by an item', '["a","b"]', ['["b"]'], ['a', 'b']],
    ['by two, with white space', '["a", "b","c" ]', ['[ "b","c" ]'], ['a', 'b', 'c']],
    ['not at all', '["a"]', ['["a"]'], ['a']],
    ['into another', '["b","a"]', ['["b","a"]'], ['b', 'a']],
    ['by less than nothing', '[]', ['[]'], []],
    ['within an item', '["ab"]', ['["ab"]'], ['ab']],
    ['behind its end, which is no JSON', '["a"],"b"]', ['["a"],"b"]'], undefined],
    ['by what is no JSON', '["a",b]', ['[b]', '["a",b]'], undefined],
  ])('%s', (_, source, from, items) => {
    const { read } = readerThatNotes();
    read('trace', '["a"]');
    expect(read('trace', source)).toEqual({ items, from });
  });

  it('is read whole when it ends in white space, which may not stand within', () => {
    const { read } = readerThatNotes();
    read('trace', '["a"] ');
    expect(read('trace', '["a"],"b"]').items).toBeUndefined();
    expect(read('trace', '["a","b"]')).toEqual({ items: ['a', 'b'], from: ['["a","b"]'] });
  });

  it('is read whole in another trace, and after a list that is none', () => {
    const { read } = readerThatNotes();
    read('trace', '["a"]');
    expect(read('other', '["a","b"]').from).toEqual(['["a","b"]']);
    expect(read('trace', 'nothing').items).toBeUndefined();
    expect(read('trace', '["a","b"]').from).toEqual(['["b"]']);
  });

  it('is forgotten when others have taken its place, the oldest first, and when it is long', () => {
    const { read } = readerThatNotes();
    const long = (length: number) => JSON.stringify(['x'.repeat(length)]);
    const grown = (source: string) => `${source.slice(0, -1)},"y"]`;
    for (let index = 0; index < 12; index++) read(`trace ${index}`, long(100_000));
    expect(read('trace 0', grown(long(100_000))).from).toEqual([grown(long(100_000))]);
    expect(read('trace 11', grown(long(100_000))).from).toEqual(['["y"]']);
    read('trace', long(200_000));
    expect(read('trace', grown(long(200_000))).from).toEqual([grown(long(200_000))]);
  });
});
