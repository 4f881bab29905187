import { describe, expect, it } from 'vitest';
import { type Encoded, encodePieces } from '../../src/json/encode-pieces.ts';

/** About a tenth of one piece of memory. */
const text = (name: number) => `${name} `.repeat(3_000);

const written = ({ bytes }: Encoded) => bytes.toString();

describe('encodePieces', () => {
  it('puts pieces one behind the other, and U+FFFD for half a surrogate pair', () => {
    expect(written(encodePieces(['{"a":', '"é€😀"', '\ud83d', '}']))).toBe('{"a":"é€😀"\ufffd}');
  });

  it('gives a large text memory of its own', () => {
    const { bytes, free } = encodePieces(['x'.repeat(300_000)]);
    expect(bytes.buffer.byteLength).toBe(300_000);
    expect(free).toBeUndefined();
  });

  it('uses memory again when all texts in it were given back, and never before', () => {
    const kept: { readonly name: number; readonly encoded: Encoded }[] = [];
    const memories = new Set<ArrayBufferLike>();
    for (let name = 0; name < 2_000; name++) {
      const encoded = encodePieces([text(name)]);
      memories.add(encoded.bytes.buffer);
      // One in seven stays for long; the others go in an order of their own.
      if (name % 7 === 0) kept.push({ name, encoded });
      else encoded.free?.();
      if (kept.length > 5) {
        const [oldest] = kept.splice(name % 5, 1);
        expect(oldest && written(oldest.encoded)).toBe(oldest && text(oldest.name));
        oldest?.encoded.free?.();
      }
    }
    for (const { name, encoded } of kept) expect(written(encoded)).toBe(text(name));
    expect(memories.size).toBeLessThan(20);
  });
});
