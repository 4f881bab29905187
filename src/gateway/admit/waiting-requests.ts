import { looksLikeModelCall } from '../../translate/span/content-records.ts';
import { answerIdOf } from '../../translate/span/cut-between-calls.ts';
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
  readonly enter: (calls: readonly SpanView[], wait: Promise<void> | undefined) => void;
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
  const find = (calls: readonly SpanView[], wait: Promise<void> | undefined): Group | undefined => {
    if (groups.size === 0) return undefined;
    const now = nowMs();
    return [...groups].find(
      (group) => (!wait || now < group.closesAtMs) && calls.some((call) => group.calls.mayHave(call)),
    );
  };
  return {
    enter(spans, wait) {
      if (groups.size === 0 && !wait) return undefined;
      const calls = spans.filter(looksLikeModelCall);
      const group = find(calls, wait) ?? (wait ? begin() : undefined);
      group?.enter(calls, wait);
      return group?.over;
    },
  };
}

/** From the first start to the last end. */
interface Stretch {
  startMs: number;
  endMs: number;
}

/** What is kept of the calls that wait to know another record of one: which instrumentations recorded them, and when. */
class WaitingCalls {
  readonly #answers = new Set<unknown>();
  /** By trace, and by service, the stretches of each instrumentation. */
  readonly #stretches = new Map<string, Map<string, Stretch>>();

  add(call: SpanView): void {
    const answer = answerIdOf(call);
    if (answer !== undefined) this.#answers.add(answer);
    for (const place of placesOf(call)) {
      const ofScopes = this.#stretches.get(place) ?? new Map<string, Stretch>();
      this.#stretches.set(place, ofScopes);
      const { startMs, endMs } = stretchOf(call);
      const known = ofScopes.get(call.scope.name);
      if (known === undefined) ofScopes.set(call.scope.name, { startMs, endMs });
      else {
        known.startMs = Math.min(known.startMs, startMs);
        known.endMs = Math.max(known.endMs, endMs);
      }
    }
  }

  /** Whether one of them may be another record of the call. */
  mayHave(call: SpanView): boolean {
    const answer = answerIdOf(call);
    if (answer !== undefined && this.#answers.has(answer)) return true;
    const { startMs, endMs } = stretchOf(call);
    for (const place of placesOf(call)) {
      for (const [scopeName, stretch] of this.#stretches.get(place) ?? []) {
        if (scopeName !== call.scope.name && startMs <= stretch.endMs && stretch.startMs <= endMs)
          return true;
      }
    }
    return false;
  }
}

function placesOf({ traceId, resource }: SpanView): readonly string[] {
  return [`trace ${traceId}`, `service ${String(resource['service.name'])}`];
}

function stretchOf({ startTimeMs, endTimeMs }: SpanView): Stretch {
  return { startMs: startTimeMs ?? Number.NEGATIVE_INFINITY, endMs: endTimeMs ?? Number.POSITIVE_INFINITY };
}
