import type { SerialisedEvent } from './transport.ts';

/**
 * Events in one request. PostHog sets no limit of its own; this one bounds what a lost answer sends again and how
 * often a refused batch can be split, and leaves one export of OpenTelemetry's BatchSpanProcessor (512 spans) whole.
 */
export const MAX_BATCH_EVENTS = 1_000;

export interface PackLimits {
  /** Largest event as JSON. */
  readonly maxEventBytes: number;
  /** Bytes of one body that are aimed for; an event that does not fit with any other travels alone. */
  readonly maxBatchBytes: number;
  readonly maxBatchEvents: number;
  /** Bytes of a body without events. */
  readonly envelopeBytes: number;
}

export interface Packed<E extends SerialisedEvent> {
  /** None of them is empty. Batches, and the events in each, are in the order given. */
  readonly batches: readonly (readonly E[])[];
  /** Events above `maxEventBytes`: one of them would cost the whole request. */
  readonly tooLarge: readonly E[];
}

/** Splits events into batches by bytes and count. */
export function packEvents<E extends SerialisedEvent>(events: readonly E[], limits: PackLimits): Packed<E> {
  const batches: E[][] = [];
  const tooLarge: E[] = [];
  let batch: E[] = [];
  let bytes = limits.envelopeBytes;
  for (const event of events) {
    const eventBytes = event.json.length;
    if (eventBytes > limits.maxEventBytes) {
      tooLarge.push(event);
      continue;
    }
    const grownBytes = bytes + eventBytes + (batch.length === 0 ? 0 : 1);
    if (batch.length > 0 && (grownBytes > limits.maxBatchBytes || batch.length >= limits.maxBatchEvents)) {
      batches.push(batch);
      batch = [event];
      bytes = limits.envelopeBytes + eventBytes;
    } else {
      batch.push(event);
      bytes = grownBytes;
    }
  }
  if (batch.length > 0) {
    batches.push(batch);
  }
  return { batches, tooLarge };
}

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

/** Where the two parts are nearest to each other in size. */
function cutByBytes(events: readonly SerialisedEvent[]): number {
  const half = totalBytes(events) / 2;
  let bytes = 0;
  let cut = 0;
  for (const { json } of events) {
    if (bytes + json.length / 2 >= half) break;
    bytes += json.length;
    cut += 1;
  }
  return Math.min(Math.max(cut, 1), events.length - 1);
}

/** Bytes of the events' JSON together. */
export function totalBytes(events: readonly SerialisedEvent[]): number {
  return events.reduce((sum, { json }) => sum + json.length, 0);
}
