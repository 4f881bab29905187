import type { HeldFile } from '../spool/held-file.ts';
import type { SerialisedEvent } from '../transport.ts';
import { type SortedResult, sortResult } from './kept-reasons.ts';
import type { OnFate, OutboxParts } from './outbox.ts';

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
  /** Sends the rest. Resolves when every event has met its fate. */
  close(): Promise<void>;
}

export function openParcel(parts: OutboxParts, deadlineAtMs: number, onFate: OnFate): Parcel {
  const { spooling, budget, maxBatchBytes, stopRetrying } = parts;
  const works: Promise<void>[] = [];
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
      works.push(send(events, files, bytes));
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
    const result = sortResult(await parts.send(batch, deadlineAtMs));
    // What is delivered need not be on the disk itself.
    if (result.kept.size > 0) await durable;
    await settle(held, result, parts, onFate);
    budget.release(batchBytes);
  };
  const go = (next: 'network' | 'disk'): void => {
    if (way !== next) dispatch();
    way = next;
  };

  return {
    add: (event) => {
      events.push(event);
      bytes += event.json.length;
      if (way === 'network') budget.hold(event.json.length);
      if (bytes >= maxBatchBytes) dispatch();
    },
    room: (restBytes) => {
      if (budget.hasRoom()) {
        go('network');
        return undefined;
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
  files: readonly HeldFile[],
  { delivered, kept, dropped }: SortedResult,
  { spooling }: OutboxParts,
  onFate: OnFate,
): Promise<void> {
  const loose = new Map(kept);
  for (const file of files) {
    const left = file.events.filter((event) => kept.has(event));
    await file.settle(left);
    for (const event of left) loose.delete(event);
  }
  const stored =
    loose.size === 0 || spooling === undefined ? 'failed' : await spooling.spool.store([...loose.keys()]);
  if (delivered > 0) onFate('delivered', delivered);
  for (const [reason, number] of dropped) onFate({ dropped: reason }, number);
  const onDisk = kept.size - (stored === 'stored' ? 0 : loose.size);
  if (onDisk > 0) onFate('spooled', onDisk);
  if (stored === 'stored') return;
  for (const reason of loose.values()) {
    onFate({ dropped: stored === 'no-room' ? 'spool-full' : reason }, 1);
  }
}
