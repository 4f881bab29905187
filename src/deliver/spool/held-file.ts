import { randomBytes } from 'node:crypto';
import type { SerialisedEvent } from '../transport.ts';
import { remove, rename } from './disk.ts';
import { type WrittenFile, writeDurably } from './durable-file.ts';
import { whoAmI } from './owner.ts';
import type { SpoolContext } from './spool-context.ts';
import { encodeSpoolFile, totalLength } from './spool-file.ts';
import type { SpoolIndex } from './spool-index.ts';
import { nameEntry, type SpoolEntry, type SpoolState } from './spool-name.ts';

/** A file that this process sends: no other process touches it before it is released or the lease is over. */
export interface HeldFile {
  readonly events: readonly SerialisedEvent[];
  /** Whether this instance had spooled the events; else an earlier or another one had. */
  readonly isOwn: boolean;
  /**
   * Ends the hold: the events in `left` stay in the spool for any process to send, the others go.
   * @returns the events that stay: all of the file when the disk refused to write those that are left anew
   */
  release(left: readonly SerialisedEvent[]): Promise<readonly SerialisedEvent[]>;
}

/** One that this process has written just now. */
export interface WrittenHeldFile extends HeldFile {
  /** Resolves when a power cut cannot take the file away any more; to false when the disk refused. To be called once. */
  durable(): Promise<boolean>;
}

/** A state that no other process can have given to a file. */
export function ownState(type: 'claimed' | 'partial', { clock, leaseMs }: SpoolContext): SpoolState {
  const owner = { ...whoAmI(), untilMs: clock.now() + leaseMs };
  return { type, owner, token: randomBytes(4).toString('hex') };
}

/** @param entry a file that this process has claimed */
export function holdFile(
  entry: SpoolEntry,
  events: readonly SerialisedEvent[],
  context: SpoolContext,
  index: SpoolIndex,
): HeldFile {
  const path = index.pathOf(entry);

  /** When it is not there any more, another process took this one for ended, and sends the file. */
  const change = async (how: () => Promise<void>, now: SpoolEntry | undefined): Promise<void> => {
    await how().then(
      () => index.replace(entry, now),
      (error: NodeJS.ErrnoException) => {
        index.replace(entry, undefined);
        if (error.code !== 'ENOENT') context.onTrouble('be changed', error);
      },
    );
  };
  const end = () => change(() => remove(path), undefined);
  const putBack = () => {
    const waiting = nameEntry({ ...entry, state: { type: 'waiting' } });
    return change(() => rename(path, index.pathOf(waiting)), waiting);
  };

  return {
    events,
    isOwn: index.isOwn(entry),
    release: async (left) => {
      const isRewritten =
        left.length > 0 &&
        left.length < events.length &&
        (await writeEvents(left, entry, { type: 'waiting' }, context, index).then(
          () => true,
          (error: unknown) => {
            context.onTrouble('be written to', error);
            return false;
          },
        ));
      if (left.length === 0 || isRewritten) {
        await end();
        return left;
      }
      await putBack();
      return events;
    },
  };
}

/** As {@link holdFile}, of a file that was written under a claimed name. */
export function holdWrittenFile(
  written: WrittenFile,
  entry: SpoolEntry,
  events: readonly SerialisedEvent[],
  context: SpoolContext,
  index: SpoolIndex,
): WrittenHeldFile {
  const file = holdFile(entry, events, context, index);
  let isReleased = false;
  return {
    ...file,
    durable: () =>
      written.makeDurable().then(
        () => true,
        (error: unknown) => {
          if (isReleased) return true;
          context.onTrouble('be written to', error);
          return false;
        },
      ),
    release: (left) => {
      isReleased = true;
      return file.release(left);
    },
  };
}

/**
 * Writes events that go on under the name of another file, or of a new one. Rejects when the disk refuses.
 * @param origin says when, by whom and for which project they were spooled
 */
export async function writeEvents(
  events: readonly SerialisedEvent[],
  origin: SpoolEntry,
  state: SpoolState,
  context: SpoolContext,
  index: SpoolIndex,
): Promise<SpoolEntry> {
  const { entry, partial, pieces } = planFile(events, origin, state, context);
  await writeDurably(index.pathOf(entry), index.pathOf(partial), pieces);
  index.replace(undefined, entry);
  return entry;
}

/** What a file of these events is made of: its name, the one that it has while it is written, and its bytes. */
export function planFile(
  events: readonly SerialisedEvent[],
  origin: SpoolEntry,
  state: SpoolState,
  context: SpoolContext,
): { readonly entry: SpoolEntry; readonly partial: SpoolEntry; readonly pieces: readonly Buffer[] } {
  const pieces = encodeSpoolFile(events);
  const entry = nameEntry({ ...origin, events: events.length, bytes: totalLength(pieces), state });
  return { entry, partial: nameEntry({ ...entry, state: ownState('partial', context) }), pieces };
}
