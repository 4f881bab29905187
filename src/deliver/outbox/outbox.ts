import type { Clock } from '../clock.ts';
import type { Compression } from '../compress.ts';
import type { PostHogDelivery } from '../posthog-delivery.ts';
import type { Shrink } from '../shrink-event.ts';
import type { Spool } from '../spool/spool.ts';
import type { DeliveryResult, SerialisedEvent } from '../transport.ts';
import { type ByteBudget, createByteBudget } from './byte-budget.ts';
import type { DropReason } from './drop-reasons.ts';
import { openParcel, type Parcel } from './export-sink.ts';
import type { Weather } from './outage-detector.ts';

/** Where events that cannot be delivered go, and whether all are written there before they are sent. */
export interface SpoolUse {
  readonly spool: Spool;
  readonly mode: 'on-failure' | 'always';
}

export interface OutboxOptions {
  readonly delivery: PostHogDelivery;
  readonly spooling: SpoolUse | undefined;
  /** Bytes of events that are being sent, as JSON. */
  readonly maxInFlightBytes: number;
  /** Bytes of events that are sent together. */
  readonly maxBatchBytes: number;
  readonly compression: Compression;
  readonly clock: Clock;
  readonly weather: Weather;
  readonly shrink: Shrink;
  /** Ends requests under way. */
  readonly stop: AbortSignal;
  /** Ends waits before retries. */
  readonly stopRetrying: AbortSignal;
}

/** What became of an event in the end. */
export type EventFate = 'delivered' | 'spooled' | { readonly dropped: DropReason };

/** Told of fates as they are met. */
export type OnFate = (fate: EventFate, events: number) => void;

/** Events on their way out: in batches, bounded in bytes, on disk where there is a spool. */
export interface Outbox {
  /** Begins an export. */
  open(deadlineAtMs: number, onFate: OnFate): Parcel;
  /** Room for an export to begin, as `Parcel.room`; with a spool there always is. */
  waitForRoom(waitingBytes: () => number, deadlineAtMs: number): Promise<boolean> | undefined;
  heldBytes(): number;
}

/** What the parcels share. */
export interface OutboxParts extends OutboxOptions {
  readonly budget: ByteBudget;
  readonly send: (events: readonly SerialisedEvent[], deadlineAtMs: number) => Promise<DeliveryResult>;
}

/** During an outage one attempt is enough to see whether it is over, and the spool takes what it does not deliver. */
const OUTAGE_ATTEMPT_MS = 2_000;

export function createOutbox(options: OutboxOptions): Outbox {
  const { delivery, spooling, clock, weather, shrink, stop, stopRetrying } = options;
  const parts: OutboxParts = {
    ...options,
    budget: createByteBudget(options.maxInFlightBytes, clock),
    send: async (events, deadlineAtMs) => {
      const isOutage = spooling !== undefined && weather.isOutage();
      const result = await delivery.deliver(events, {
        deadlineAtMs: isOutage ? Math.min(deadlineAtMs, clock.now() + OUTAGE_ATTEMPT_MS) : deadlineAtMs,
        signal: stop,
        stopRetrying,
        maxRetries: isOutage ? 0 : undefined,
        shrink,
      });
      weather.observe(result);
      return result;
    },
  };
  return {
    open: (deadlineAtMs, onFate) => openParcel(parts, deadlineAtMs, onFate),
    waitForRoom: (waitingBytes, deadlineAtMs) =>
      parts.budget.hasRoom() || spooling
        ? undefined
        : parts.budget.waitForRoom(waitingBytes(), deadlineAtMs, stopRetrying),
    heldBytes: () => parts.budget.heldBytes,
  };
}
