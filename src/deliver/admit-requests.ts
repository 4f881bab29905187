import type { Clock } from './clock.ts';
import type { Transport, TransportOutcome, TransportRequest } from './transport.ts';
import { createTurns, type TurnsTaken } from './turns.ts';

export interface AdmissionOptions {
  /** Requests under way at a time; others wait, in the order of the calls. */
  readonly maxConcurrentRequests: number;
  readonly clock: Clock;
  /** Ends waits that the server asked for: a last attempt is better than none. */
  readonly stopRetrying: AbortSignal;
}

/** A transport that lets only so many requests through at a time, and none while the server wants to be left alone. */
export interface AdmittingTransport {
  readonly transport: Transport;
  /** Each request takes one. */
  readonly turns: TurnsTaken;
  /** By the monotonic clock, when the server wants to be asked again at the earliest; in the past when it is open. */
  notBeforeMs(): number;
}

/** A server that asks for more is asked once a minute all the same: what is mended earlier must not wait for days. */
export const MAX_HOLD_MS = 60 * 1000;

/**
 * `Retry-After` speaks for the server, not for the one request that it answered, so it holds all of them. A request waits
 * for its turn within its `timeoutMs`, and has what is left of it; one that finds no turn in time fails with `deadline`,
 * one that is held for longer than it has with the words of the server.
 */
export function admitRequests(inner: Transport, options: AdmissionOptions): AdmittingTransport {
  const { maxConcurrentRequests, clock, stopRetrying } = options;
  const turns = createTurns(maxConcurrentRequests, clock);
  let hold: { readonly untilMs: number; readonly sinceMs: number; readonly outcome?: Passing } = OPEN;

  const waitForServer = async (endsAtMs: number, signal: AbortSignal | undefined): Promise<boolean> => {
    for (;;) {
      const nowMs = clock.monotonicMs();
      if (hold.untilMs <= nowMs || stopRetrying.aborted || signal?.aborted) return true;
      if (hold.untilMs > endsAtMs) return false;
      await clock.sleep(
        hold.untilMs - nowMs,
        AbortSignal.any(signal ? [signal, stopRetrying] : [stopRetrying]),
      );
    }
  };

  const note = (outcome: TransportOutcome, startedAtMs: number): void => {
    if (outcome.type === 'delivered' && startedAtMs > hold.sinceMs) hold = OPEN;
    if (outcome.type !== 'retry' || outcome.retryAfterMs === undefined) return;
    const sinceMs = clock.monotonicMs();
    const untilMs = sinceMs + Math.min(outcome.retryAfterMs, MAX_HOLD_MS);
    if (untilMs > hold.untilMs) hold = { untilMs, sinceMs, outcome };
  };

  const send = async (request: TransportRequest): Promise<TransportOutcome> => {
    const { signal, timeoutMs = Number.MAX_SAFE_INTEGER } = request;
    const endsAtMs = clock.monotonicMs() + timeoutMs;
    if (!(await turns.take(endsAtMs, signal))) return signal?.aborted ? ABORTED : NO_TURN;
    try {
      if (!(await waitForServer(endsAtMs, signal))) return held(hold, clock);
      const startedAtMs = clock.monotonicMs();
      const leftMs = endsAtMs - startedAtMs;
      if (leftMs <= 0) return NO_TURN;
      const outcome = await inner.send(
        request.timeoutMs === undefined ? request : { ...request, timeoutMs: leftMs },
      );
      note(outcome, startedAtMs);
      return outcome;
    } finally {
      turns.end();
    }
  };
  return { transport: { send }, turns, notBeforeMs: () => hold.untilMs };
}

type Passing = Extract<TransportOutcome, { type: 'retry' }>;

const OPEN = { untilMs: Number.NEGATIVE_INFINITY, sinceMs: Number.NEGATIVE_INFINITY };

const ABORTED: TransportOutcome = {
  type: 'retry',
  reason: 'aborted',
  message: 'shut down before the request was made',
};

const NO_TURN: TransportOutcome = {
  type: 'retry',
  reason: 'deadline',
  message: 'no time was left for the request, behind others that were under way',
};

function held(
  hold: { readonly untilMs: number; readonly outcome?: Passing },
  clock: Clock,
): TransportOutcome {
  const retryAfterMs = Math.max(0, hold.untilMs - clock.monotonicMs());
  const asked = hold.outcome;
  return {
    type: 'retry',
    reason: asked?.reason ?? 'rate-limited',
    ...(asked?.status === undefined ? {} : { status: asked.status }),
    retryAfterMs,
    message: `not sent: the server asked to be left alone for ${Math.ceil(retryAfterMs / 1000)} s more`,
  };
}
