import type { Compression } from '../compress.ts';
import type { HeldFile } from '../spool/held-file.ts';
import type { SerialisedEvent } from '../transport.ts';
import { type ByteBudget, createByteBudget } from './byte-budget.ts';
import { type DropReason, type Failures, failuresOf, isWorthKeeping, worthKeeping } from './drop-reasons.ts';
import type { EventFate, OnFate, OutboxParts } from './outbox.ts';

/** The events of one export on their way out. */
export interface Parcel {
  /** Takes an event. It is sent when a batch is full, or at the end. */
  add(event: SerialisedEvent): void;
  /**
   * To be asked before each event. `undefined`: go on. Else resolves to true when there is room again, and to false
   * when there will be none in time.
   * @param restBytes about the bytes of what is still to come
   */
  room(restBytes: () => number): Promise<boolean> | undefined;
  /** To be called before the event loop goes on: what must be on disk before anything else is written now. */
  secure(): void;
  /** Sends the rest. Resolves when every event has met its fate; rejects only for a defect of ours. */
  close(): Promise<void>;
}

/**
 * A batch of this size leaves as long as fewer than `MAX_EARLY_BATCHES` of the export are under way; else it grows to
 * `maxBatchBytes`. What it buys: the thread pool compresses the beginning of an export while the main thread still
 * translates the rest, and bodies of this size take less memory outside the engine's heap, which is cheaper by a fifth.
 * A slow network still gets few large bodies. Where nothing is compressed, a request costs more than it buys.
 */
const EARLY_BATCH_BYTES: Readonly<Record<Compression, number>> = {
  gzip: 1024 * 1024,
  none: 2 * 1024 * 1024,
};
const MAX_EARLY_BATCHES = 4;

/**
 * So many bytes of an export are under way before the rest is translated: four early batches, and one of twice their
 * size. What it buys: the translation of large prompts, which is faster than gzip, neither holds up the event loop for
 * long nor fills the memory. It is 30 MB/s to a server that takes 200 ms to answer, more than models are asked.
 */
const MAX_AHEAD_BYTES = 6 * 1024 * 1024;

export function openParcel(parts: OutboxParts, deadlineAtMs: number, onFate: OnFate): Parcel {
  const { spooling, budget, maxBatchBytes, stopRetrying } = parts;
  const earlyBatchBytes = EARLY_BATCH_BYTES[parts.compression];
  /** What fills much of a page need not be copied to be sent, if it leaves before the next page is begun. */
  const minFramedBytes = parts.compression === 'none' ? earlyBatchBytes / 2 : Number.POSITIVE_INFINITY;
  // A batch that leaves early would cost a file of its own.
  const leavesEarly = spooling?.mode !== 'always';
  // A spool takes the events sooner than the network does.
  let ahead = spooling
    ? undefined
    : // Room for a few events would be filled with a small request.
      createByteBudget(MAX_AHEAD_BYTES, parts.clock, MAX_AHEAD_BYTES - earlyBatchBytes);
  const works: Promise<void>[] = [];
  const defects: unknown[] = [];
  let underWay = 0;
  let way: 'network' | 'disk' = 'network';
  let events: SerialisedEvent[] = [];
  let bytes = 0;
  /** They hold the first of the events already. */
  let files: HeldFile[] = [];
  let securedEvents = 0;

  const secure = (): void => {
    if (way === 'disk') {
      dispatch();
    } else if (spooling?.mode === 'always' && securedEvents < events.length) {
      const file = spooling.spool.stage(events.slice(securedEvents));
      if (file) files.push(file);
      securedEvents = events.length;
    }
  };
  const dispatch = (): void => {
    if (events.length === 0) return;
    if (way === 'network') {
      secure();
      works.push(send(events, files, bytes).catch((defect) => void defects.push(defect)));
    } else {
      works.push(park(events, parts, onFate));
    }
    events = [];
    bytes = 0;
    files = [];
    securedEvents = 0;
  };
  const send = async (batch: SerialisedEvent[], held: HeldFile[], batchBytes: number): Promise<void> => {
    const durable = Promise.all(held.map((file) => file.durable()));
    underWay += 1;
    const failures = failuresOf(await parts.send(batch, deadlineAtMs));
    underWay -= 1;
    // What is delivered need not be on the disk itself.
    if (failures.size > 0) await durable;
    await settle(batch, held, failures, parts, onFate);
    budget.release(batchBytes);
    ahead?.release(batchBytes);
    // A spool may still be writing.
    if (spooling === undefined) for (const event of batch) event.page?.giveBack();
  };
  const keepPace = async (pace: ByteBudget): Promise<true> => {
    // What is not sent can make no room.
    dispatch();
    const isRoom = await pace.waitForRoom(0, deadlineAtMs, stopRetrying);
    // Once the time is over, the rest has its try all the same.
    if (!isRoom) ahead = undefined;
    return true;
  };
  const go = (next: 'network' | 'disk'): void => {
    if (way !== next) dispatch();
    way = next;
  };

  return {
    add: (event) => {
      const isEarly = leavesEarly && way === 'network' && underWay < MAX_EARLY_BATCHES;
      if (isEarly && bytes >= minFramedBytes && event.page !== events.at(-1)?.page) dispatch();
      events.push(event);
      bytes += event.json.length;
      if (way === 'network') {
        budget.hold(event.json.length);
        ahead?.hold(event.json.length);
      }
      if (bytes >= maxBatchBytes || (isEarly && bytes >= earlyBatchBytes)) dispatch();
    },
    room: (restBytes) => {
      if (budget.hasRoom()) {
        go('network');
        return ahead === undefined || ahead.hasRoom() ? undefined : keepPace(ahead);
      }
      if (spooling) {
        go('disk');
        return undefined;
      }
      // What is not sent can make no room.
      dispatch();
      return budget.waitForRoom(restBytes(), deadlineAtMs, stopRetrying);
    },
    secure,
    close: async () => {
      dispatch();
      await Promise.all(works);
      if (defects.length > 0) throw defects[0];
    },
  };
}

/** Puts events on the disk for later, so that they are out of memory when this returns. */
function park(events: readonly SerialisedEvent[], { spooling }: OutboxParts, onFate: OnFate): Promise<void> {
  const count = events.length;
  const end = spooling?.spool.park(events) ?? 'failed';
  if (typeof end === 'object') return end.then(() => onFate('spooled', count));
  onFate({ dropped: end === 'no-room' ? 'spool-full' : 'overloaded' }, count);
  return Promise.resolve();
}

/** Delivered events leave the disk, those worth another try go there or stay there, the rest is dropped. */
async function settle(
  events: readonly SerialisedEvent[],
  files: readonly HeldFile[],
  failures: Failures,
  { spooling }: OutboxParts,
  onFate: OnFate,
): Promise<void> {
  const inFiles = new Set<SerialisedEvent>();
  const onDisk = new Set<SerialisedEvent>();
  for (const file of files) {
    for (const event of file.events) inFiles.add(event);
    for (const event of await file.settle(worthKeeping(file.events, failures))) onDisk.add(event);
  }
  const loose = worthKeeping(events, failures).filter((event) => !inFiles.has(event));
  const end = loose.length > 0 ? await spooling?.spool.store(loose) : undefined;
  if (end === 'stored') for (const event of loose) onDisk.add(event);

  const lost = new Map<DropReason, number>();
  for (const event of events) {
    const reason = failures.get(event);
    if (reason === undefined || onDisk.has(event)) continue;
    const told = end === 'no-room' && isWorthKeeping(reason) ? 'spool-full' : reason;
    lost.set(told, (lost.get(told) ?? 0) + 1);
  }
  const lostEvents = [...lost.values()].reduce((sum, count) => sum + count, 0);
  tell(onFate, 'delivered', events.length - onDisk.size - lostEvents);
  tell(onFate, 'spooled', onDisk.size);
  for (const [reason, count] of lost) tell(onFate, { dropped: reason }, count);
}

function tell(onFate: OnFate, fate: EventFate, events: number): void {
  if (events > 0) onFate(fate, events);
}
