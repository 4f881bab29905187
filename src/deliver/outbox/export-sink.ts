import type { SerialisedEvent } from '../transport.ts';
import { type Batch, createBatchBuilder } from './batches.ts';
import type { Pace } from './pacing.ts';
import type { OnFate, Persistence } from './persistence.ts';

/** The events of one export on their way out. */
export interface ExportSink {
  /** Takes an event. It is sent when a batch is full, or at the end. */
  add(event: SerialisedEvent): void;
  /**
   * To be asked before each event. `undefined`: go on. Else resolves to true when there is room again, and to false
   * when there will be none in time.
   * @param restBytes about the bytes of what is still to come
   */
  waitForRoom(restBytes: () => number): Promise<boolean> | undefined;
  /**
   * To be called before the event loop goes on: what must be on disk before anything else is written now.
   * @param minBytes less waits for more. Default: nothing waits
   */
  persistNow(minBytes?: number): void;
  /** Resolves to true when all events that left so far are safe from a power cut, or to false when they have their fate. */
  stored(): Promise<boolean>;
  /** Sends the rest. Resolves when every event has met its fate; rejects only for a defect of ours. */
  finish(): Promise<void>;
}

export function openExportSink(
  persistence: Persistence,
  pace: Pace,
  deadlineAtMs: number,
  onFate: OnFate,
): ExportSink {
  const builder = createBatchBuilder();
  const works: Promise<unknown>[] = [];
  const storing: Promise<boolean>[] = [];
  const defects: unknown[] = [];

  const deliver = async (batch: Batch): Promise<void> => {
    pace.begin();
    const { stored, done } = persistence.deliver(batch, deadlineAtMs, onFate);
    storing.push(stored);
    await done;
    pace.end(batch.bytes);
    // A spool may still be writing.
    if (persistence.mode === 'none') for (const event of batch.events) event.page?.giveBack();
  };
  const leave = (): void => {
    if (pace.way === 'network') builder.persist(persistence.writeNow);
    const batch = builder.take();
    if (batch === undefined) return;
    if (pace.way === 'disk') {
      const stored = persistence.store(batch, onFate);
      storing.push(stored);
      works.push(stored);
    } else works.push(deliver(batch).catch((defect) => void defects.push(defect)));
  };

  return {
    add: (event) => {
      builder.add(event);
      pace.take(event.json.length);
      if (pace.isFull(builder.bytes)) leave();
    },
    waitForRoom: (restBytes) => pace.waitForRoom(leave, restBytes),
    persistNow: (minBytes = 0) => {
      if (builder.unpersistedBytes < minBytes) return;
      if (pace.way === 'disk') leave();
      else builder.persist(persistence.writeNow);
    },
    stored: async () => (await Promise.all(storing)).every(Boolean),
    finish: async () => {
      leave();
      await Promise.all(works);
      if (defects.length > 0) throw defects[0];
    },
  };
}
