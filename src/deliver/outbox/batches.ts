import type { WrittenHeldFile } from '../spool/held-file.ts';
import type { SerialisedEvent } from '../transport.ts';

/** Events that leave together. */
export interface Batch {
  readonly events: readonly SerialisedEvent[];
  /** As JSON. */
  readonly bytes: number;
  /** They hold the first of the events already. */
  readonly files: readonly WrittenHeldFile[];
}

/** Collects the events of one export until they leave. */
export interface BatchBuilder {
  add(event: SerialisedEvent): void;
  readonly bytes: number;
  /** Of these, what was not given to `persist` yet. */
  readonly unpersistedBytes: number;
  /** Events that no file holds yet are given to `write`, whose file goes with the batch. */
  persist(write: (events: readonly SerialisedEvent[]) => WrittenHeldFile | undefined): void;
  /** The batch, and an empty builder; `undefined` when there is nothing. */
  take(): Batch | undefined;
}

export function createBatchBuilder(): BatchBuilder {
  let events: SerialisedEvent[] = [];
  let files: WrittenHeldFile[] = [];
  let bytes = 0;
  let persistedEvents = 0;
  let persistedBytes = 0;
  return {
    add: (event) => {
      events.push(event);
      bytes += event.json.length;
    },
    get bytes() {
      return bytes;
    },
    get unpersistedBytes() {
      return bytes - persistedBytes;
    },
    persist: (write) => {
      if (persistedEvents === events.length) return;
      const file = write(events.slice(persistedEvents));
      if (file) files.push(file);
      persistedEvents = events.length;
      persistedBytes = bytes;
    },
    take: () => {
      if (events.length === 0) return undefined;
      const batch = { events, bytes, files };
      events = [];
      files = [];
      bytes = 0;
      persistedEvents = 0;
      persistedBytes = 0;
      return batch;
    },
  };
}
