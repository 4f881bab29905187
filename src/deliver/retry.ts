import { type Backoff, backoffMs } from './backoff.ts';
import type { Clock } from './clock.ts';
import type { Transport, TransportOutcome } from './transport.ts';

type PassingFailure = Extract<TransportOutcome, { type: 'retry' }>;

export interface RetryPolicy {
  /** Attempts after the first. */
  readonly maxRetries: number;
  /** Waits of our own. A longer `Retry-After` is waited for nevertheless. */
  readonly backoff: Backoff;
  /** By the monotonic clock, when everything must be over. */
  readonly deadlineAtMs: number;
  readonly clock: Clock;
  /** Ends waits and forbids further attempts; an attempt under way may finish. */
  readonly stopRetrying?: AbortSignal | undefined;
}

/** Half a second forgives a short outage; doubled up to ten seconds it leaves a server in trouble room to recover. */
export const DEFAULT_BACKOFF: Backoff = { initialMs: 500, maxMs: 10_000 };

/** Time that must be left for an attempt after a wait: less does not suffice for connecting and an answer. */
const MIN_ATTEMPT_MS = 250;

/**
 * A transport that sends again after passing failures, always the same request. Waits the longer of its own backoff
 * (doubled each time; between half and all of it, by chance) and the server's `Retry-After`. Gives up at once when
 * the wait would not leave time for an attempt before the deadline; there is no other limit on `Retry-After`. The
 * request's signal ends a wait immediately.
 *
 * The outcome after giving up is the last failure, its message telling why no further attempt was made; its reason
 * is `deadline` when the time ran out before an answer, `aborted` when the signal ended it.
 */
export function withRetry(transport: Transport, policy: RetryPolicy): Transport {
  const { clock, deadlineAtMs } = policy;
  return {
    send: async (request) => {
      for (let attempt = 1; ; attempt++) {
        const remainingMs = deadlineAtMs - clock.monotonicMs();
        if (request.signal?.aborted) {
          return { type: 'retry', reason: 'aborted', message: 'shut down before the request was made' };
        }
        if (remainingMs <= 0) {
          return { type: 'retry', reason: 'deadline', message: 'no time was left for the request' };
        }
        const timeoutMs = Math.min(remainingMs, request.timeoutMs ?? remainingMs);
        const outcome = await transport.send({ ...request, timeoutMs });
        if (outcome.type !== 'retry' || outcome.reason === 'aborted') {
          return outcome;
        }
        const waitMs = Math.max(backoffMs(attempt, policy.backoff, clock), outcome.retryAfterMs ?? 0);
        const gaveUp = giveUp(outcome, attempt, waitMs, policy);
        if (gaveUp !== undefined) {
          return gaveUp;
        }
        const stop = anyOf(request.signal, policy.stopRetrying);
        await clock.sleep(waitMs, stop);
        if (stop?.aborted) {
          return {
            ...outcome,
            reason: 'aborted',
            message: `shut down while waiting to retry; ${outcome.message}`,
          };
        }
      }
    },
  };
}

function anyOf(...signals: readonly (AbortSignal | undefined)[]): AbortSignal | undefined {
  const given = signals.filter((signal) => signal !== undefined);
  return given.length > 1 ? AbortSignal.any(given) : given[0];
}

function giveUp(
  failure: PassingFailure,
  attempt: number,
  waitMs: number,
  { maxRetries, deadlineAtMs, clock }: RetryPolicy,
): PassingFailure | undefined {
  const remainingMs = deadlineAtMs - clock.monotonicMs();
  const tried = `gave up after ${attempt} ${attempt === 1 ? 'attempt' : 'attempts'}`;
  if (remainingMs <= 0 && failure.reason === 'timeout') {
    return { ...failure, reason: 'deadline', message: `${failure.message}; ${tried}, at the deadline` };
  }
  if (attempt > maxRetries) {
    return { ...failure, message: `${failure.message}; ${tried}` };
  }
  if (waitMs + MIN_ATTEMPT_MS > remainingMs) {
    const message = `${failure.message}; ${tried}: waiting ${Math.ceil(waitMs)} ms would pass the deadline`;
    return { ...failure, message };
  }
  return undefined;
}
