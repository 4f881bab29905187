import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gzip } from '../../src/deliver/gzip.ts';
import { collectGarbage } from '../support/collect-garbage.ts';

/** Text as prompts are, then bytes that nothing can be taken from. */
const TEXT = Buffer.from('You are a helpful assistant. '.repeat(200_000));
const NOISE = randomBytes(TEXT.length);

const aBody = fc
  .record({ source: fc.constantFrom(TEXT, NOISE), bytes: fc.oneof(fc.nat(4_000), fc.nat(3_000_000)) })
  .map(({ source, bytes }) => source.subarray(0, bytes));

/** The asynchronous context of a request that is over, if something still holds it. */
async function contextLeftBy(request: () => Promise<unknown>): Promise<object | undefined> {
  const contexts = new AsyncLocalStorage<object>();
  const context = new WeakRef<object>({});
  await contexts.run(context.deref() ?? {}, request);
  await new Promise((resolve) => setTimeout(resolve, 10));
  collectGarbage();
  return context.deref();
}

describe('gzip', () => {
  // First, while there are no streams yet.
  it('does not keep the asynchronous context that it was called in', async () => {
    expect(await contextLeftBy(() => Promise.all([TEXT, TEXT, TEXT].map(gzip)))).toBeUndefined();
  });

  it('gives each body as a whole, however many are compressed at once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(aBody, { maxLength: 9 }), { maxLength: 3 }), async (rounds) => {
        const results: Buffer[] = [];
        for (const bodies of rounds) results.push(...(await Promise.all(bodies.map(gzip))));
        // After all, so that none is written over by a later one.
        expect(
          results.every((result, index) => gunzipSync(result).equals(rounds.flat()[index] ?? TEXT)),
        ).toBe(true);
      }),
      { numRuns: 15 },
    );
  });

  it('shrinks text to a fraction', async () => {
    expect((await gzip(TEXT)).length).toBeLessThan(TEXT.length / 50);
  });

  it('takes little more memory than the results need', async () => {
    const bytes = 100_000;
    const results: Buffer[] = [];
    for (let count = 0; count < 40; count++) results.push(await gzip(NOISE.subarray(0, bytes)));
    const memory = new Set(results.map(({ buffer }) => buffer));
    const memoryBytes = [...memory].reduce((sum, { byteLength }) => sum + byteLength, 0);
    expect(memoryBytes).toBeLessThan(1.5 * results.length * bytes);
  });
});
