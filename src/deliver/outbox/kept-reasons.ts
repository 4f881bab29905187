import type { DeliveryResult, FailureReason, SerialisedEvent } from '../transport.ts';

/** Why events were not delivered, beyond what a request can fail for. */
export type DropReason =
  | FailureReason
  | 'overloaded' // more than `maxInFlightBytes` waited
  | 'spool-full' // the oldest in the spool, or alone too large for it
  | 'spool-expired' // too long in the spool
  | 'spool-damaged'; // cannot be read from the disk any more

/**
 * Whether the same events may be accepted later. A wrong key, route or certificate is for somebody to mend, and
 * costs no event meanwhile; an event that PostHog refuses for what it is will not get better.
 */
export function isWorthKeeping(reason: DropReason): boolean {
  switch (reason) {
    case 'network':
    case 'tls':
    case 'timeout':
    case 'aborted':
    case 'deadline':
    case 'headers':
    case 'unauthorized':
    case 'rate-limited':
    case 'server-error':
    case 'route-missing':
    case 'overloaded':
      return true;
    case 'bad-request':
    case 'too-large':
    case 'internal':
    case 'spool-full':
    case 'spool-expired':
    case 'spool-damaged':
      return false;
  }
}

/** What became of events, sorted by what is to be done about it. */
export interface SortedResult {
  readonly delivered: number;
  /** With the reason of each. */
  readonly kept: ReadonlyMap<SerialisedEvent, DropReason>;
  readonly dropped: ReadonlyMap<DropReason, number>;
}

export function sortResult({ delivered, failed }: DeliveryResult): SortedResult {
  const kept = new Map<SerialisedEvent, DropReason>();
  const dropped = new Map<DropReason, number>();
  for (const { event, reason } of failed) {
    if (isWorthKeeping(reason)) kept.set(event, reason);
    else dropped.set(reason, (dropped.get(reason) ?? 0) + 1);
  }
  return { delivered, kept, dropped };
}
