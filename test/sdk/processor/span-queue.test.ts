import { describe, expect, it } from 'vitest';
import { createOpenSpans, MAX_OPEN_MS } from '../../../src/sdk/processor/open-spans.ts';
import { createSpanQueue } from '../../../src/sdk/processor/span-queue.ts';
import type { ReadableSpanLike } from '../../../src/translate/span/sdk-types.ts';
import { collectGarbage } from '../../support/collect-garbage.ts';

const LIMITS = {
  maxQueueSize: 1_000_000,
  maxQueueBytes: 1_000_000_000,
  maxExportBatchSize: 10,
  maxBatchBytes: 1_000_000,
};

describe('the span queue', () => {
  it('lets go of what was taken while others wait', async () => {
    const queue = createSpanQueue(LIMITS);
    const refs: WeakRef<object>[] = [];
    for (let number = 0; number < 1_000; number++) {
      const span = { number } as unknown as ReadableSpanLike;
      refs.push(new WeakRef(span));
      queue.add({ span, opened: undefined, bytes: 1, round: 0 });
    }
    for (let batch = 0; batch < 5; batch++) queue.release(queue.take());
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
    expect(refs.filter((ref) => ref.deref() !== undefined)).toHaveLength(950);
    expect(queue.size).toBe(950);
  });

  it('gives entries in the order of their arrival, whatever was taken before', () => {
    const queue = createSpanQueue(LIMITS);
    const taken: number[] = [];
    let added = 0;
    for (let round = 0; round < 200; round++) {
      for (let i = 0; i < (round * 7) % 23; i++) {
        queue.add({
          span: { number: added++ } as unknown as ReadableSpanLike,
          opened: undefined,
          bytes: 1,
          round: 0,
        });
      }
      taken.push(...queue.take().map(({ span }) => (span as unknown as { number: number }).number));
    }
    while (queue.size > 0) {
      taken.push(...queue.take().map(({ span }) => (span as unknown as { number: number }).number));
    }
    expect(taken).toEqual(Array.from({ length: added }, (_, index) => index));
  });
});

describe('spans that are never ended', () => {
  const ids = (spanId: string) => ({ traceId: 't', spanId, parentSpanId: undefined, parentIsRemote: false });

  it('are not kept alive', async () => {
    const open = createOpenSpans();
    const refs = Array.from({ length: 100 }, (_, index) => {
      const span = { index };
      open.start(span, ids(String(index)));
      return new WeakRef(span);
    });
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
    expect(refs.filter((ref) => ref.deref() !== undefined)).toEqual([]);
    expect(open.size).toBe(100);
  });

  it('are forgotten by age', () => {
    let nowMs = 0;
    const open = createOpenSpans(1_000_000, () => nowMs);
    for (let index = 0; index < 2_000; index++) open.start({}, ids(`old ${index}`));
    nowMs = MAX_OPEN_MS + 1;
    for (let index = 0; index < 2_000; index++) open.start({}, ids(`new ${index}`));
    expect(open.size).toBe(2_000);
  });
});
