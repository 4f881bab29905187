import { type CallFingerprint, compareCalls } from './same-call.ts';

/** Counted calls that are compared with, whatever their trace; more than run at the same time. */
const MAX_RECENT_CALLS = 1024;

/** Calls counted lately: two instrumentations of one call may write into different traces. */
export interface RecentCalls {
  readonly size: number;
  add(print: CallFingerprint): void;
  /** Another instrumentation's record of the same call, by another span. */
  findTwin(print: CallFingerprint): CallFingerprint | undefined;
}

export function createRecentCalls(): RecentCalls {
  let recent: CallFingerprint[] = [];
  /** By instrumentation. Where there is only one, as in most applications, no twin need be looked for. */
  const callsByScope = new Map<string, number>();
  const count = (print: CallFingerprint, step: 1 | -1): void => {
    const calls = (callsByScope.get(print.scopeName) ?? 0) + step;
    if (calls > 0) callsByScope.set(print.scopeName, calls);
    else callsByScope.delete(print.scopeName);
  };
  return {
    get size() {
      return recent.length;
    },
    add(print) {
      recent.push(print);
      count(print, 1);
      if (recent.length <= MAX_RECENT_CALLS) return;
      // Half of them at once, so that forgetting costs next to nothing for each.
      for (const oldest of recent.slice(0, MAX_RECENT_CALLS / 2)) count(oldest, -1);
      recent = recent.slice(MAX_RECENT_CALLS / 2);
    },
    findTwin(print) {
      if (callsByScope.size === 0 || (callsByScope.size === 1 && callsByScope.has(print.scopeName))) {
        return undefined;
      }
      return recent.find(
        (past) =>
          past.scopeName !== print.scopeName &&
          !(past.traceId === print.traceId && past.spanId === print.spanId) &&
          compareCalls(past, print) === 'same',
      );
    },
  };
}
