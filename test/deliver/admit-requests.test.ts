import { describe, expect, it } from 'vitest';
import { admitRequests, MAX_HOLD_MS } from '../../src/deliver/admit-requests.ts';
import type { Transport, TransportOutcome } from '../../src/deliver/transport.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

const DELIVERED: TransportOutcome = { type: 'delivered' };
const limited = (retryAfterMs: number): TransportOutcome => ({
  type: 'retry',
  reason: 'rate-limited',
  status: 429,
  retryAfterMs,
  message: 'status 429',
});

/** A transport whose requests end when the test says so. */
function controlled() {
  const ends: ((outcome: TransportOutcome) => void)[] = [];
  let underWay = 0;
  let most = 0;
  const inner: Transport = {
    send: () => {
      underWay += 1;
      most = Math.max(most, underWay);
      return new Promise((resolve) => {
        ends.push((outcome) => {
          underWay -= 1;
          resolve(outcome);
        });
      });
    },
  };
  return { inner, ends, most: () => most };
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

function start(maxConcurrentRequests = 2) {
  const clock = createVirtualClock({ mode: 'manual' });
  const { inner, ends, most } = controlled();
  const stopRetrying = new AbortController();
  const options = { maxConcurrentRequests, clock, stopRetrying: stopRetrying.signal };
  const { transport } = admitRequests(inner, options);
  const send = (timeoutMs = 10_000, signal?: AbortSignal) =>
    transport.send({
      url: 'http://x',
      body: Buffer.alloc(0),
      headers: {},
      timeoutMs,
      ...(signal ? { signal } : {}),
    });
  return { clock, ends, most, send, stopRetrying };
}

describe('admitRequests', () => {
  it('lets so many through at a time, the others in the order of the calls', async () => {
    const { ends, most, send } = start(2);
    const order: number[] = [];
    const outcomes = Array.from({ length: 50 }, (_, index) => send().then(() => order.push(index)));
    for (let index = 0; index < 50; index++) {
      await nextTurn();
      ends[index]?.(DELIVERED);
    }
    await Promise.all(outcomes);
    expect(most()).toBe(2);
    expect(order).toEqual(Array.from({ length: 50 }, (_, index) => index));
  });

  it('fails what finds no turn in time, or is shut down, and goes on with the next', async () => {
    const { clock, ends, send } = start(1);
    const first = send();
    const late = send(1_000);
    const stop = new AbortController();
    const stopped = send(10_000, stop.signal);
    const last = send(10_000);
    await nextTurn();
    clock.advance(1_000);
    stop.abort();
    expect(await late).toMatchObject({ type: 'retry', reason: 'deadline' });
    expect(await stopped).toMatchObject({ type: 'retry', reason: 'aborted' });
    ends[0]?.(DELIVERED);
    await nextTurn();
    ends[1]?.(DELIVERED);
    expect([await first, await last]).toEqual([DELIVERED, DELIVERED]);
  });

  it('holds every request for as long as the server asks for, not only the one that it answered', async () => {
    const { clock, ends, send } = start(4);
    const refused = send();
    await nextTurn();
    ends[0]?.(limited(5_000));
    expect(await refused).toMatchObject({ retryAfterMs: 5_000 });
    const other = send();
    const short = send(1_000);
    await nextTurn();
    expect(ends).toHaveLength(1);
    expect(await short).toMatchObject({ type: 'retry', reason: 'rate-limited', retryAfterMs: 5_000 });
    clock.advance(5_000);
    await nextTurn();
    ends[1]?.(DELIVERED);
    expect(await other).toEqual(DELIVERED);
  });

  it('holds none for days, and none in a shutdown: a last attempt is better than none', async () => {
    const { clock, ends, send, stopRetrying } = start(4);
    const refused = send();
    await nextTurn();
    ends[0]?.(limited(99_999_999_000));
    await refused;
    const later = send(MAX_HOLD_MS + 1_000);
    await nextTurn();
    clock.advance(MAX_HOLD_MS);
    await nextTurn();
    expect(ends).toHaveLength(2);
    ends[1]?.(limited(50_000));
    await later;
    const last = send(60_000);
    await nextTurn();
    expect(ends).toHaveLength(2);
    stopRetrying.abort();
    await nextTurn();
    expect(ends).toHaveLength(3);
    ends[2]?.(DELIVERED);
    expect(await last).toEqual(DELIVERED);
  });

  it('is opened by a success that came after, not by one that was under way before', async () => {
    const { ends, send } = start(4);
    const before = send();
    const refused = send();
    await nextTurn();
    ends[1]?.(limited(5_000));
    await refused;
    ends[0]?.(DELIVERED);
    await before;
    void send();
    await nextTurn();
    expect(ends).toHaveLength(2);
  });
});
