import type { SerialisedEvent } from '../transport.ts';
import { makeDirectory } from './directory.ts';
import { type WrittenFile, writeNow } from './durable-file.ts';
import { holdWrittenFile, ownState, planFile, type WrittenHeldFile, writeEvents } from './held-file.ts';
import { MAX_JOINED_BYTES, MAX_SMALL_BYTES, sideBySide } from './merge-files.ts';
import type { SpoolContext } from './spool-context.ts';
import type { SpoolIndex } from './spool-index.ts';
import type { SpoolEntry, SpoolState } from './spool-name.ts';
import { createWriteQueue, type StoreEnd, type ToStore } from './write-queue.ts';

/** Files of exports under way: at the default options, what an application that calls models some 160 times a second has after 25 s. */
export const MAX_HELD_FILES = 4_096;

export interface SpoolWriter {
  write(events: readonly SerialisedEvent[]): Promise<StoreEnd>;
  writeClaimed(events: readonly SerialisedEvent[]): WrittenHeldFile | undefined;
  writeNow(events: readonly SerialisedEvent[]): Promise<boolean> | 'no-room' | 'failed';
  /** Whether exports under way hold as many files as they may; a further one is written with `writeNow`. */
  holdsMost(): boolean;
  failedWrites(): number;
}

export function createSpoolWriter(context: SpoolContext, index: SpoolIndex): SpoolWriter {
  const { maxBytes } = context;
  let failedWrites = 0;
  let heldFiles = 0;

  const fail = (error: unknown): void => {
    failedWrites += 1;
    context.onTrouble('be written to', error);
  };
  const ensureDirectory = makeDirectoryOnce(context.directory);
  const write = createJoinedWrite(context, index, ensureDirectory, fail);
  const enqueue = createWriteQueue(write, Math.min(MAX_JOINED_BYTES, maxBytes));

  /**
   * Small files whose events all stay, and that come faster than the disk takes them, become one: an outage with many
   * small exports leaves few files.
   */
  const joinWhenReleased = (file: WrittenHeldFile): WrittenHeldFile => {
    const { events } = file;
    const bytes = sizeOf(events);
    heldFiles += 1;
    return {
      ...file,
      release: async (left) => {
        heldFiles -= 1;
        if (left.length < events.length || bytes > MAX_SMALL_BYTES) return file.release(left);
        await enqueue({ events, bytes, file });
        return events;
      },
    };
  };

  /** `failed` when the disk refuses. */
  const putNow = (events: readonly SerialisedEvent[], state: SpoolState) => {
    try {
      ensureDirectory();
      const file = writeFile(events, state, context, index);
      index.makeRoom(0).catch(fail);
      return file;
    } catch (error) {
      fail(error);
      return 'failed';
    }
  };

  return {
    write: (events) => enqueue({ events, bytes: sizeOf(events) }),
    writeClaimed: (events) => {
      if (sizeOf(events) > maxBytes) return undefined;
      const file = putNow(events, ownState('claimed', context));
      if (file === 'failed') return undefined;
      return joinWhenReleased(holdWrittenFile(file.written, file.entry, events, context, index));
    },
    writeNow: (events) => {
      if (sizeOf(events) > maxBytes) return 'no-room';
      const file = putNow(events, { type: 'waiting' });
      if (file === 'failed') return 'failed';
      return file.written.makeDurable().then(
        () => true,
        (error: unknown) => {
          fail(error);
          return false;
        },
      );
    },
    holdsMost: () => heldFiles >= MAX_HELD_FILES,
    failedWrites: () => failedWrites,
  };
}

function makeDirectoryOnce(directory: string): () => void {
  let isMade = false;
  return () => {
    if (!isMade) makeDirectory(directory);
    isMade = true;
  };
}

/** Writes what waits for the disk, small files that are released included, as one file. */
function createJoinedWrite(
  context: SpoolContext,
  index: SpoolIndex,
  ensureDirectory: () => void,
  fail: (error: unknown) => void,
): (joined: readonly ToStore[]) => Promise<StoreEnd> {
  const { directory, maxBytes } = context;
  const put = async (joined: readonly ToStore[]): Promise<StoreEnd> => {
    const events = joined.flatMap((each) => each.events);
    // What has a file takes no further room.
    const bytes = joined.reduce((sum, each) => sum + (each.file ? 0 : each.bytes), 0);
    if (bytes > maxBytes) return 'no-room';
    const putFile = () => writeEvents(events, index.next(), { type: 'waiting' }, context, index);
    try {
      ensureDirectory();
      if (bytes > 0) await index.makeRoom(bytes);
      // The directory was removed, or another process removed the half-written file and took this one for ended.
      await putFile().catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
        makeDirectory(directory);
        return putFile();
      });
      return 'stored';
    } catch (error) {
      fail(error);
      return 'failed';
    }
  };
  return async (joined) => {
    const held = joined.flatMap(({ file }) => file ?? []);
    // One that is alone stays as it is, under the name of a file that waits.
    const end = joined.length > 1 || held.length === 0 ? await put(joined) : 'stored';
    const isJoined = joined.length > 1 && end === 'stored';
    await sideBySide(held, (file) => file.release(isJoined ? [] : file.events));
    return end;
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
