import { describe, expect, it } from 'vitest';
import { type Encoded, encodePieces } from '../../src/json/memory/encode-pieces.ts';

const MIB = 1024 * 1024;

/** About a tenth of one piece of memory. */
const text = (name: number) => `${name} `.repeat(3_000);

const written = (encoded: Encoded | undefined) => encoded?.bytes.toString();

describe('encodePieces', () => {
  it('puts pieces one behind the other, and U+FFFD for half a surrogate pair', () => {
    expect(written(encodePieces(['{"a":', '"é€😀"', '\ud83d', '}'], MIB))).toBe('{"a":"é€😀"\ufffd}');
  });

  it('gives a large text memory of its own', () => {
    const encoded = encodePieces(['x'.repeat(300_000)], MIB);
    expect(encoded?.bytes.buffer.byteLength).toBe(300_000);
    expect(encoded?.page).toBeUndefined();
  });

  it.each([
    ['has too many characters', 'x'.repeat(11)],
    ['has too many bytes', 'ä'.repeat(6)],
  ])('gives nothing for what %s', (_, long) => {
    const before = encodePieces(['a'], 10);
    expect(encodePieces([long], 10)).toBeUndefined();
    const after = encodePieces([long.slice(1)], 10);
    expect(after?.bytes.toString()).toBe(long.slice(1));
    before?.page?.giveBack();
    after?.page?.giveBack();
  });

  it('uses memory again when all texts in it were given back, and never before', () => {
    const kept: { readonly name: number; readonly encoded: Encoded | undefined }[] = [];
    const memories = new Set<ArrayBufferLike>();
    for (let name = 0; name < 2_000; name++) {
      const encoded = encodePieces([text(name)], MIB);
      if (encoded) memories.add(encoded.bytes.buffer);
      // One in seven stays for long; the others go in an order of their own.
      if (name % 7 === 0) kept.push({ name, encoded });
      else encoded?.page?.giveBack();
      if (kept.length > 5) {
        const [oldest] = kept.splice(name % 5, 1);
        expect(oldest && written(oldest.encoded)).toBe(oldest && text(oldest.name));
        oldest?.encoded?.page?.giveBack();
      }
    }
    for (const { name, encoded } of kept) expect(written(encoded)).toBe(text(name));
    expect(memories.size).toBeLessThan(20);
  });
});
