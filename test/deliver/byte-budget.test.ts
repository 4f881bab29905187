import { describe, expect, it } from 'vitest';
import { createByteBudget } from '../../src/deliver/outbox/byte-budget.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

const { signal } = new AbortController();

function fullBudget(bytes: number) {
  const clock = createVirtualClock({ mode: 'manual' });
  const budget = createByteBudget(bytes, clock);
  budget.hold(bytes);
  const wait = (waitingBytes: number) => budget.waitForRoom(waitingBytes, clock.now() + 1_000, signal);
  return { clock, budget, wait };
}

describe('those who wait', () => {
  it('go on only when so little is held as they were told', async () => {
    const clock = createVirtualClock({ mode: 'manual' });
    const budget = createByteBudget(100, clock, 60);
    budget.hold(100);
    let isOver = false;
    const waiting = budget.waitForRoom(0, clock.now() + 1_000, signal).then((isRoom) => {
      isOver = true;
      return isRoom;
    });
    budget.release(40);
    await new Promise(setImmediate);
    expect({ isOver, hasRoom: budget.hasRoom() }).toEqual({ isOver: false, hasRoom: true });
    budget.release(1);
    expect(await waiting).toBe(true);
  });
});

describe('the bytes of those who wait', () => {
  it('are none again once everybody had a turn, whatever the estimates were', async () => {
    const { budget, wait } = fullBudget(100);
    // 0.1 + 0.2 - 0.1 - 0.2 is more than zero.
    const first = [wait(0.1), wait(0.2)];
    budget.release(100);
    expect(await Promise.all(first)).toEqual([true, true]);
    budget.hold(100);
    const alone = wait(1_000);
    budget.release(100);
    expect(await alone).toBe(true);
  });

  it('may be more than the budget for one, not for the next', async () => {
    const { clock, budget, wait } = fullBudget(100);
    const first = wait(1_000);
    expect(await wait(1)).toBe(false);
    clock.advance(1_001);
    expect(await first).toBe(false);
    const later = wait(60);
    const last = wait(40);
    expect(await wait(1)).toBe(false);
    budget.release(50);
    expect(await Promise.all([later, last])).toEqual([true, true]);
  });
});
