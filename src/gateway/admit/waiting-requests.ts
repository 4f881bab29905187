import { looksLikeModelCall } from '../../translate/span/content-records.ts';
import { answerIdOf, overlap, type Period, periodOf } from '../../translate/span/cut-between-calls.ts';
import type { SpanView } from '../../translate/span/span-view.ts';
import { MAX_WAIT_FOR_LOGS_MS } from '../config/gateway-settings.ts';

/**
 * Requests that wait for log records. Those that may have records of the same calls go on together, in the order in which they
 * came, so that of two records of one call the richer one counts, whichever came first.
 */
export interface WaitingRequests {
  /**
   * @param wait for what the request itself waits
   * @returns resolves when the request is to go on; `undefined`: now
   */
  enter(spans: readonly SpanView[], wait: Promise<void> | undefined): Promise<void> | undefined;
}

/** Requests that go on together. */
interface Group {
  readonly calls: WaitingCalls;
  readonly enter: (calls: readonly CallTraits[], wait: Promise<void> | undefined) => void;
  readonly over: Promise<void>;
  /** From then on no other makes it wait longer. */
  readonly closesAtMs: number;
}

/**
 * @param maxWaitMs for log records; a request waits for it and a half of it at most, and no longer than it may be set to
 * @param nowMs of the monotonic clock
 */
export function createWaitingRequests(
  maxWaitMs: number,
  nowMs: () => number = () => performance.now(),
): WaitingRequests {
  const groups = new Set<Group>();
  const begin = (): Group => {
    const calls = new WaitingCalls();
    let pending = 0;
    let end = (): void => {};
    const over = new Promise<void>((resolve) => {
      end = resolve;
    });
    const group: Group = {
      calls,
      enter(entering, wait) {
        for (const call of entering) calls.add(call);
        if (!wait) return;
        pending += 1;
        void wait.then(() => {
          pending -= 1;
          if (pending > 0) return;
          groups.delete(group);
          end();
        });
      },
      over,
      closesAtMs: nowMs() + Math.min(maxWaitMs / 2, MAX_WAIT_FOR_LOGS_MS - maxWaitMs),
    };
    groups.add(group);
    return group;
  };
  const find = (calls: readonly CallTraits[], wait: Promise<void> | undefined): Group | undefined => {
    if (groups.size === 0) return undefined;
    const now = nowMs();
    return [...groups].find(
      (group) => (!wait || now < group.closesAtMs) && calls.some((call) => group.calls.mayHave(call)),
    );
  };
  return {
    enter(spans, wait) {
      if (groups.size === 0 && !wait) return undefined;
      const calls = spans.filter(looksLikeModelCall).map(traitsOf);
      const group = find(calls, wait) ?? (wait ? begin() : undefined);
      group?.enter(calls, wait);
      return group?.over;
    },
  };
}

/** By what two records of one call are known to each other. */
interface CallTraits {
  readonly answer: unknown;
  readonly scopeName: string;
  /** Its trace and its service. */
  readonly places: readonly string[];
  readonly period: Period;
}

function traitsOf(call: SpanView): CallTraits {
  const { traceId, resource, scope } = call;
  const places = [`trace ${traceId}`, `service ${String(resource['service.name'])}`];
  return { answer: answerIdOf(call), scopeName: scope.name, places, period: periodOf(call) };
}

/** The calls of requests that wait: their answers, and when each instrumentation recorded some. */
class WaitingCalls {
  readonly #answers = new Set<unknown>();
  /** By place, of each instrumentation: from the first start to the last end. */
  readonly #periods = new Map<string, Map<string, Period>>();

  add({ answer, scopeName, places, period }: CallTraits): void {
    if (answer !== undefined) this.#answers.add(answer);
    for (const place of places) {
      const ofScopes = this.#periods.get(place) ?? new Map<string, Period>();
      this.#periods.set(place, ofScopes);
      const known = ofScopes.get(scopeName) ?? period;
      ofScopes.set(scopeName, {
        startMs: Math.min(known.startMs, period.startMs),
        endMs: Math.max(known.endMs, period.endMs),
      });
    }
  }

  /** Whether one of them may be another record of the call. */
  mayHave({ answer, scopeName, places, period }: CallTraits): boolean {
    if (answer !== undefined && this.#answers.has(answer)) return true;
    return places.some((place) =>
      [...(this.#periods.get(place) ?? [])].some(
        ([otherScope, other]) => otherScope !== scopeName && overlap(period, other),
      ),
    );
  }
}
