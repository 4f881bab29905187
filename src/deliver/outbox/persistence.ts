import { type DropReason, isRetryableLater } from '../../ledger/drop-reasons.ts';
import type { HeldFile, WrittenHeldFile } from '../spool/held-file.ts';
import type { Spool } from '../spool/spool.ts';
import type { SendEvents, SerialisedEvent } from '../transport.ts';
import type { Batch } from './batches.ts';
import { type Failures, failuresOf, retryableLater } from './failures.ts';

/** Where events that cannot be delivered go, and whether all are written there before they are sent. */
export interface SpoolUse {
  readonly spool: Spool;
  readonly mode: 'on-failure' | 'always';
}

/** What became of an event in the end. */
export type EventFate = 'delivered' | 'spooled' | { readonly dropped: DropReason };

/** Learns of fates as they are met. */
export type OnFate = (fate: EventFate, events: number) => void;

/** Sending with the disk behind it. */
export interface Persistence {
  /** `none`: there is no spool. `always`: events are on disk before they are sent. */
  readonly mode: 'none' | SpoolUse['mode'];
  /** Whether what is spooled now goes with a file that is held meanwhile; else it is only stored, and sent later. */
  hasRoom(): boolean;
  /** Writes events before it returns; `undefined` when they need not be on disk yet, or the disk refuses. */
  writeNow(events: readonly SerialisedEvent[]): WrittenHeldFile | undefined;
  /** Sends a batch; what may be accepted later ends on disk. */
  deliver(batch: Batch, deadlineAtMs: number, onFate: OnFate): Delivering;
  /**
   * Puts a batch on disk before it returns, so that it is out of memory; it is sent later.
   * @returns resolves to whether it is safe there
   */
  store(batch: Batch, onFate: OnFate): Promise<boolean>;
  /** @param listener called when events wait on disk */
  onStored(listener: () => void): void;
}

/** A batch that is being sent. */
export interface Delivering {
  /** Resolves to true when all of it is safe from a power cut, or to false when that was not reached before `done`. */
  readonly stored: Promise<boolean>;
  /** Resolves when all of its events have their fate. */
  readonly done: Promise<void>;
}

export function createPersistence(send: SendEvents, spooling: SpoolUse | undefined): Persistence {
  const listeners: (() => void)[] = [];
  const observed =
    (onFate: OnFate): OnFate =>
    (fate, events) => {
      onFate(fate, events);
      if (fate === 'spooled') for (const listener of listeners) listener();
    };
  return {
    mode: spooling?.mode ?? 'none',
    hasRoom: () => !spooling?.spool.holdsMost(),
    writeNow: (events) => (spooling?.mode === 'always' ? spooling.spool.writeClaimed(events) : undefined),
    deliver: ({ events, files }, deadlineAtMs, onFate) => {
      const durable = Promise.all(files.map((file) => file.durable()));
      const finish = async (): Promise<void> => {
        const failures = failuresOf(await send(events, deadlineAtMs));
        // What is delivered need not be on the disk itself.
        if (failures.size > 0) await durable;
        await releaseFiles(events, files, failures, spooling?.spool, observed(onFate));
      };
      const done = finish();
      const isWhole = files.reduce((sum, file) => sum + file.events.length, 0) === events.length;
      const atLast = done.then(
        () => false,
        () => false,
      );
      const stored = durable.then((ends) => (isWhole && ends.every(Boolean) ? true : atLast));
      return { stored: Promise.race([stored, atLast]), done };
    },
    store: ({ events }, onFate) => {
      const end = spooling?.spool.writeNow(events) ?? 'failed';
      if (typeof end === 'object') {
        return end.then((isSafe) => {
          observed(onFate)('spooled', events.length);
          return isSafe;
        });
      }
      onFate({ dropped: end === 'no-room' ? 'spool-full' : 'overloaded' }, events.length);
      return Promise.resolve(false);
    },
    onStored: (listener) => void listeners.push(listener),
  };
}

/** Delivered events leave the disk, those worth another try go there or stay there, the rest is dropped. */
async function releaseFiles(
  events: readonly SerialisedEvent[],
  files: readonly HeldFile[],
  failures: Failures,
  spool: Spool | undefined,
  onFate: OnFate,
): Promise<void> {
  const inFiles = new Set<SerialisedEvent>();
  const onDisk = new Set<SerialisedEvent>();
  for (const file of files) {
    for (const event of file.events) inFiles.add(event);
    for (const event of await file.release(retryableLater(file.events, failures))) onDisk.add(event);
  }
  const loose = retryableLater(events, failures).filter((event) => !inFiles.has(event));
  const end = loose.length > 0 ? await spool?.write(loose) : undefined;
  if (end === 'stored') for (const event of loose) onDisk.add(event);

  const lost = new Map<DropReason, number>();
  for (const event of events) {
    const reason = failures.get(event);
    if (reason === undefined || onDisk.has(event)) continue;
    const cause = end === 'no-room' && isRetryableLater(reason) ? 'spool-full' : reason;
    lost.set(cause, (lost.get(cause) ?? 0) + 1);
  }
  const lostEvents = [...lost.values()].reduce((sum, count) => sum + count, 0);
  const delivered = events.length - onDisk.size - lostEvents;
  if (delivered > 0) onFate('delivered', delivered);
  if (onDisk.size > 0) onFate('spooled', onDisk.size);
  for (const [reason, count] of lost) onFate({ dropped: reason }, count);
}
