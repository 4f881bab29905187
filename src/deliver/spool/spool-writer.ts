import type { SerialisedEvent } from '../transport.ts';
import { makeDirectory } from './directory.ts';
import { type WrittenFile, writeNow } from './durable-file.ts';
import { holdWrittenFile, ownState, planFile, type WrittenHeldFile, writeEvents } from './held-file.ts';
import { MAX_JOINED_BYTES } from './merge-files.ts';
import type { SpoolContext } from './spool-context.ts';
import type { SpoolIndex } from './spool-index.ts';
import type { SpoolEntry, SpoolState } from './spool-name.ts';
import { createWriteQueue, type StoreEnd } from './write-queue.ts';

export interface SpoolWriter {
  write(events: readonly SerialisedEvent[]): Promise<StoreEnd>;
  writeClaimed(events: readonly SerialisedEvent[]): WrittenHeldFile | undefined;
  writeNow(events: readonly SerialisedEvent[]): Promise<boolean> | 'no-room' | 'failed';
  failedWrites(): number;
}

export function createSpoolWriter(context: SpoolContext, index: SpoolIndex): SpoolWriter {
  const { directory, maxBytes } = context;
  let failedWrites = 0;
  let isChecked = false;

  const fail = (error: unknown): void => {
    failedWrites += 1;
    context.onTrouble('be written to', error);
  };
  const checkDirectory = (): void => {
    if (!isChecked) makeDirectory(directory);
    isChecked = true;
  };

  const write = async (events: readonly SerialisedEvent[], bytes: number): Promise<StoreEnd> => {
    if (bytes > maxBytes) return 'no-room';
    const put = () => writeEvents(events, index.next(), { type: 'waiting' }, context, index);
    try {
      checkDirectory();
      await index.makeRoom(bytes);
      // The directory was removed, or another process removed the half-written file and took this one for ended.
      await put().catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
        makeDirectory(directory);
        return put();
      });
      return 'stored';
    } catch (error) {
      fail(error);
      return 'failed';
    }
  };

  const enqueue = createWriteQueue(write, Math.min(MAX_JOINED_BYTES, maxBytes));

  /** Throws when the disk refuses. */
  const putNow = (events: readonly SerialisedEvent[], state: SpoolState) => {
    checkDirectory();
    const put = writeFile(events, state, context, index);
    index.makeRoom(0).catch(fail);
    return put;
  };

  return {
    write: (events) => enqueue(events, sizeOf(events)),
    writeClaimed: (events) => {
      if (sizeOf(events) > maxBytes) return undefined;
      try {
        const { entry, written } = putNow(events, ownState('claimed', context));
        return holdWrittenFile(written, entry, events, context, index);
      } catch (error) {
        fail(error);
        return undefined;
      }
    },
    writeNow: (events) => {
      if (sizeOf(events) > maxBytes) return 'no-room';
      try {
        return putNow(events, { type: 'waiting' })
          .written.makeDurable()
          .then(
            () => true,
            (error: unknown) => {
              fail(error);
              return false;
            },
          );
      } catch (error) {
        fail(error);
        return 'failed';
      }
    },
    failedWrites: () => failedWrites,
  };
}

/** Writes a file of its own. Throws when the disk refuses. */
function writeFile(
  events: readonly SerialisedEvent[],
  state: SpoolState,
  context: SpoolContext,
  index: SpoolIndex,
): { readonly entry: SpoolEntry; readonly written: WrittenFile } {
  const { entry, partial, pieces } = planFile(events, index.next(), state, context);
  const written = writeOrMakeDirectory(index.pathOf(entry), index.pathOf(partial), pieces, context.directory);
  index.replace(undefined, entry);
  return { entry, written };
}

/** The directory was there before, so it is looked for only when writing fails. */
function writeOrMakeDirectory(
  path: string,
  temporary: string,
  pieces: readonly Buffer[],
  directory: string,
): WrittenFile {
  try {
    return writeNow(path, temporary, pieces);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    makeDirectory(directory);
    return writeNow(path, temporary, pieces);
  }
}

/** About what the events take on disk: each has a line of its own and some 60 bytes in the header. */
function sizeOf(events: readonly SerialisedEvent[]): number {
  return events.reduce((sum, { json }) => sum + json.length + 64, 128);
}
