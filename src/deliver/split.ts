import type { SerialisedEvent } from './transport.ts';

/**
 * Cuts a batch of at least two events in two, keeping the order; neither part is empty.
 *
 * By `bytes` when the batch was too large: an event that is much larger than the others then stands alone after two
 * cuts, so it is not uploaded again and again. By `count` when one event was refused: it is found in log2(n) cuts.
 */
export function splitInTwo<E extends SerialisedEvent>(
  events: readonly E[],
  by: 'bytes' | 'count',
): readonly [readonly E[], readonly E[]] {
  const cut = by === 'count' ? events.length >> 1 : cutByBytes(events);
  return [events.slice(0, cut), events.slice(cut)];
}

function cutByBytes(events: readonly SerialisedEvent[]): number {
  const half = totalBytes(events) / 2;
  let bytes = 0;
  let cut = 0;
  for (const { json } of events) {
    bytes += json.length;
    if (bytes > half) {
      break;
    }
    cut += 1;
  }
  return Math.min(Math.max(cut, 1), events.length - 1);
}

/** Bytes of the events' JSON together. */
export function totalBytes(events: readonly SerialisedEvent[]): number {
  return events.reduce((sum, { json }) => sum + json.length, 0);
}
