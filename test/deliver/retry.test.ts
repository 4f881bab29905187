import { describe, expect, it } from 'vitest';
import { DEFAULT_BACKOFF, type RetryPolicy, withRetry } from '../../src/deliver/retry.ts';
import type { Transport, TransportOutcome, TransportRequest } from '../../src/deliver/transport.ts';
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.ts';

const BUSY: TransportOutcome = { type: 'retry', reason: 'server-error', status: 503, message: 'status 503' };
const REQUEST: TransportRequest = { url: 'http://localhost/batch/', body: Buffer.from('{}'), headers: {} };

/** Answers with the given outcomes in turn, the last one for ever, and remembers the requests. */
function scripted(...outcomes: TransportOutcome[]): Transport & { readonly requests: TransportRequest[] } {
  const requests: TransportRequest[] = [];
  return {
    requests,
    send: async (request) => {
      requests.push(request);
      return outcomes[Math.min(requests.length, outcomes.length) - 1] ?? BUSY;
    },
  };
}

function policy(clock: VirtualClock, changes: Partial<RetryPolicy> = {}): RetryPolicy {
  return { backoff: DEFAULT_BACKOFF, maxRetries: 5, deadlineAtMs: clock.now() + 600_000, clock, ...changes };
}

describe('withRetry', () => {
  it.each<TransportOutcome>([
    { type: 'delivered' },
    { type: 'refused', reason: 'bad-request', message: '' },
    { type: 'too-large', status: 413, message: '' },
    { type: 'route-missing', status: 404, message: '' },
    { type: 'retry', reason: 'aborted', message: '' },
  ])('passes $type $reason on without another attempt', async (outcome) => {
    const clock = createVirtualClock();
    const transport = scripted(outcome);
    expect(await withRetry(transport, policy(clock)).send(REQUEST)).toEqual(outcome);
    expect(transport.requests).toHaveLength(1);
    expect(clock.waits).toEqual([]);
  });

  it('sends the same body again until it is delivered', async () => {
    const clock = createVirtualClock();
    const transport = scripted(BUSY, BUSY, { type: 'delivered' });
    expect(await withRetry(transport, policy(clock)).send(REQUEST)).toEqual({ type: 'delivered' });
    expect(transport.requests.map(({ body }) => body)).toEqual([REQUEST.body, REQUEST.body, REQUEST.body]);
  });

  it.each([
    ['least', 0, [250, 500, 1000, 2000, 4000, 5000, 5000]],
    ['most', 0.999_999, [500, 1000, 2000, 4000, 8000, 10_000, 10_000]],
  ])('doubles its waits up to the cap, at %s', async (_, random, waits) => {
    const clock = createVirtualClock({ random: () => random });
    await withRetry(scripted(BUSY), policy(clock, { maxRetries: 7 })).send(REQUEST);
    expect(clock.waits.map(Math.round)).toEqual(waits);
  });

  it.each([
    ['longer than the own backoff', 30_000, 30_000],
    ['longer than the cap of the own backoff', 120_000, 120_000],
    ['shorter than the own backoff', 10, 375],
    ['zero', 0, 375],
  ])('takes a Retry-After that is %s', async (_, retryAfterMs, waitMs) => {
    const clock = createVirtualClock();
    const transport = scripted({ ...BUSY, retryAfterMs }, { type: 'delivered' });
    expect(await withRetry(transport, policy(clock)).send(REQUEST)).toEqual({ type: 'delivered' });
    expect(clock.waits).toEqual([waitMs]);
  });

  it.each([0, 1, 3])('makes %i further attempts at most', async (maxRetries) => {
    const clock = createVirtualClock();
    const transport = scripted(BUSY);
    const outcome = await withRetry(transport, policy(clock, { maxRetries })).send(REQUEST);
    expect(transport.requests).toHaveLength(maxRetries + 1);
    expect(outcome).toMatchObject({ type: 'retry', reason: 'server-error', status: 503 });
    expect(outcome).toMatchObject({
      message: expect.stringContaining(`gave up after ${maxRetries + 1} attempt`),
    });
  });

  it('gives up at once when the server asks for more time than there is', async () => {
    const clock = createVirtualClock();
    const transport = scripted({ ...BUSY, retryAfterMs: 60_000 });
    const outcome = await withRetry(transport, policy(clock, { deadlineAtMs: clock.now() + 30_000 })).send(
      REQUEST,
    );
    expect(clock.waits).toEqual([]);
    expect(outcome).toMatchObject({
      type: 'retry',
      reason: 'server-error',
      message: 'status 503; gave up after 1 attempt: waiting 60000 ms would pass the deadline',
    });
  });

  it.each([
    ['leaves time for an attempt', 625, 2],
    ['does not', 624, 1],
  ])('retries only if a wait of 375 ms %s', async (_, remainingMs, attempts) => {
    const clock = createVirtualClock();
    const transport = scripted(BUSY);
    await withRetry(transport, policy(clock, { deadlineAtMs: clock.now() + remainingMs })).send(REQUEST);
    expect(transport.requests).toHaveLength(attempts);
  });

  it('gives each attempt no more time than is left', async () => {
    const clock = createVirtualClock();
    const transport = scripted(BUSY, { type: 'delivered' });
    await withRetry(transport, policy(clock, { deadlineAtMs: clock.now() + 2000 })).send(REQUEST);
    expect(transport.requests.map(({ timeoutMs }) => timeoutMs)).toEqual([2000, 1625]);
  });

  it('makes no attempt after the deadline', async () => {
    const clock = createVirtualClock();
    const transport = scripted(BUSY);
    const outcome = await withRetry(transport, policy(clock, { deadlineAtMs: clock.now() })).send(REQUEST);
    expect(outcome).toMatchObject({ type: 'retry', reason: 'deadline' });
    expect(transport.requests).toEqual([]);
  });

  it('calls a time-out at the deadline by its name', async () => {
    const clock = createVirtualClock();
    const transport: Transport = {
      send: async () => {
        clock.advance(2000);
        return { type: 'retry', reason: 'timeout', message: 'late' };
      },
    };
    const outcome = await withRetry(transport, policy(clock, { deadlineAtMs: clock.now() + 2000 })).send(
      REQUEST,
    );
    expect(outcome).toMatchObject({ type: 'retry', reason: 'deadline' });
  });

  it('ends a wait at once when the signal aborts', async () => {
    const clock = createVirtualClock({ mode: 'manual' });
    const controller = new AbortController();
    const transport = scripted(BUSY);
    const pending = withRetry(transport, policy(clock)).send({ ...REQUEST, signal: controller.signal });
    await new Promise(setImmediate);
    expect(clock.waits).toHaveLength(1);
    controller.abort();
    expect(await pending).toMatchObject({ type: 'retry', reason: 'aborted' });
    expect(transport.requests).toHaveLength(1);
  });

  it('makes no attempt when the signal is aborted already', async () => {
    const transport = scripted(BUSY);
    const outcome = await withRetry(transport, policy(createVirtualClock())).send({
      ...REQUEST,
      signal: AbortSignal.abort(),
    });
    expect(outcome).toMatchObject({ type: 'retry', reason: 'aborted' });
    expect(transport.requests).toEqual([]);
  });
});
