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

/** The events that were not delivered, each with the reason. */
export type Failures = ReadonlyMap<SerialisedEvent, DropReason>;

export function failuresOf({ failed }: DeliveryResult): Failures {
  return new Map(failed.map(({ event, reason }) => [event, reason]));
}

/** Those of the events that were not delivered and may be accepted later. */
export function worthKeeping(events: readonly SerialisedEvent[], failures: Failures): SerialisedEvent[] {
  return events.filter((event) => {
    const reason = failures.get(event);
    return reason !== undefined && isWorthKeeping(reason);
  });
}
