import { type DropReason, isRetryableLater } from '../../ledger/drop-reasons.ts';
import type { DeliveryResult, SerialisedEvent } from '../transport.ts';

/** The events that were not delivered, each with the reason. */
export type Failures = ReadonlyMap<SerialisedEvent, DropReason>;

export function failuresOf({ failed }: DeliveryResult): Failures {
  return new Map(failed.map(({ event, reason }) => [event, reason]));
}

/** Those of the events that were not delivered and may be accepted later. */
export function retryableLater(events: readonly SerialisedEvent[], failures: Failures): SerialisedEvent[] {
  return events.filter((event) => {
    const reason = failures.get(event);
    return reason !== undefined && isRetryableLater(reason);
  });
}
