import type { SerialisedEvent } from './transport.ts';

/**
 * Makes a smaller event of one that is too large, at most `maxEventBytes` of JSON; `undefined` when it cannot. The
 * event keeps its `uuid`.
 */
export type Shrink = (event: SerialisedEvent, maxEventBytes: number) => SerialisedEvent | undefined;

/** An event as it is sent, with the event the caller gave: they differ once it was shrunk. */
export interface FittedEvent extends SerialisedEvent {
  readonly given: SerialisedEvent;
}

/** Shrinks an event if it is above the limit. The result may still be too large when shrinking fails. */
export function fitToRoute(
  given: SerialisedEvent,
  maxEventBytes: number,
  shrink: Shrink | undefined,
): FittedEvent {
  if (given.json.length <= maxEventBytes || shrink === undefined) {
    return fitted(given, given);
  }
  try {
    return fitted(shrink(given, maxEventBytes) ?? given, given);
  } catch {
    return fitted(given, given);
  }
}

function fitted({ uuid, json, page }: SerialisedEvent, given: SerialisedEvent): FittedEvent {
  return { uuid, json, page, given };
}
