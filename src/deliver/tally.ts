import type { FailureReason } from '../ledger/drop-reasons.ts';
import type { DeliveryResult, SerialisedEvent } from './transport.ts';

type Failure = DeliveryResult['failed'][number];

/** Keeps account of one export, so that every event ends in exactly one place: its first fate counts. */
export interface Tally {
  delivered(events: readonly SerialisedEvent[]): void;
  failed(events: readonly SerialisedEvent[], reason: FailureReason, message: string): void;
  /** The account, failures in the order of the events; events without a fate fail for the given reason. */
  close(reason: FailureReason, message: string): DeliveryResult;
}

export function startTally(events: readonly SerialisedEvent[]): Tally {
  const fates = new Map<SerialisedEvent, 'delivered' | Failure>();
  const setFate = (event: SerialisedEvent, fate: 'delivered' | Failure): void => {
    if (!fates.has(event)) {
      fates.set(event, fate);
    }
  };
  return {
    delivered: (group) => {
      for (const event of group) {
        setFate(event, 'delivered');
      }
    },
    failed: (group, reason, message) => {
      for (const event of group) {
        setFate(event, { event, reason, message });
      }
    },
    close: (reason, message) => {
      const failed = events
        .map((event) => fates.get(event) ?? { event, reason, message })
        .filter((fate) => fate !== 'delivered');
      return { delivered: events.length - failed.length, failed };
    },
  };
}
