import type { PostHogEvent } from '../translate/posthog-event.ts';

/** Events that belong to no span (feedback, evaluations). They go with the next export, or after a little. */
export interface PendingEvents {
  /** False when too many wait; then the event was not taken. */
  add(event: PostHogEvent): boolean;
  /** Those that wait, to be sent now. */
  take(): PostHogEvent[];
  readonly size: number;
}

/** Time to be joined by others. */
const DELAY_MS = 1_000;

/** More than that in one batch interval is no application's intent. */
export const MAX_WAITING = 10_000;

/** @param onDue called when the oldest has waited long enough */
export function createPendingEvents(onDue: () => void): PendingEvents {
  const waiting: PostHogEvent[] = [];
  let isTimed = false;
  const due = (): void => {
    isTimed = false;
    if (waiting.length > 0) onDue();
  };
  return {
    add(event) {
      if (waiting.length >= MAX_WAITING) return false;
      waiting.push(event);
      if (!isTimed) setTimeout(due, DELAY_MS).unref();
      isTimed = true;
      return true;
    },
    take: () => waiting.splice(0),
    get size() {
      return waiting.length;
    },
  };
}
