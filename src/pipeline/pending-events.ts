import type { PostHogEvent } from '../translate/posthog-event.ts';

/** Events that belong to no span (feedback, evaluations). They go with the next export, or after a little. */
export interface PendingEvents {
  /** False when too many wait; then the event was not taken. */
  add(event: PostHogEvent): boolean;
  /**
   * Those that wait, to be sent now.
   * @param isHeld of those that it holds for, which go on waiting
   */
  take(isHeld?: (event: PostHogEvent) => boolean): PostHogEvent[];
  readonly size: number;
}

/** Time to be joined by others. */
const DELAY_MS = 1_000;

/** More than that in one batch interval is no application's intent. */
export const MAX_WAITING = 10_000;

/** @param onDue called when the oldest has waited long enough */
export function createPendingEvents(onDue: () => void): PendingEvents {
  let waiting: PostHogEvent[] = [];
  let isTimed = false;
  const due = (): void => {
    isTimed = false;
    if (waiting.length > 0) onDue();
    arm();
  };
  const arm = (): void => {
    if (isTimed || waiting.length === 0) return;
    setTimeout(due, DELAY_MS).unref();
    isTimed = true;
  };
  return {
    add(event) {
      if (waiting.length >= MAX_WAITING) return false;
      waiting.push(event);
      arm();
      return true;
    },
    take: (isHeld = () => false) => {
      const leaving: PostHogEvent[] = [];
      const staying: PostHogEvent[] = [];
      for (const event of waiting) (isHeld(event) ? staying : leaving).push(event);
      waiting = staying;
      return leaving;
    },
    get size() {
      return waiting.length;
    },
  };
}
