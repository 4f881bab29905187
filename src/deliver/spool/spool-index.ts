import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { remove as removeFile } from './disk.ts';
import { createFileAges } from './file-ages.ts';
import { isUsable, listEntries } from './list-files.ts';
import { createListing, type SpoolUsage } from './listing.ts';
import type { SpoolContext } from './spool-context.ts';
import { nameEntry, type SpoolEntry } from './spool-name.ts';

/** The files of a spool directory: knows the newest listing and keeps it within bounds. */
export interface SpoolIndex {
  /** The beginning of a new file of this instance. */
  next(): SpoolEntry;
  isOwn(entry: SpoolEntry): boolean;
  pathOf(entry: SpoolEntry): string;
  /** Reads the directory. Oldest first; empty when it cannot be read or must not be used. */
  refresh(): Promise<readonly SpoolEntry[]>;
  /** What is known without looking, oldest first. */
  known(): readonly SpoolEntry[];
  /** From now on the file is not there: it is of a later version. */
  ignore(entry: SpoolEntry): void;
  /** Drops what is too old, and the oldest while there is too much. Files that are being sent stay. */
  keepBounds(): Promise<void>;
  /** As `keepBounds`, so that `bytes` more fit; looks at the directory only if it must. */
  makeRoom(bytes: number): Promise<void>;
  /** Takes note of a change that was made by this process. */
  replace(old: SpoolEntry | undefined, now: SpoolEntry | undefined): void;
  usage(): SpoolUsage;
  /** Files that wait for this exporter. */
  waitingFiles(): number;
  /** @param listener called when this process has put another file there to wait */
  onWaiting(listener: () => void): void;
}

/** How long a listing is trusted while the bounds are not near; other processes write to the directory too. */
const LISTING_MS = 30_000;

export function createSpoolIndex(context: SpoolContext): SpoolIndex {
  const { directory, maxBytes, maxAgeMs, destination, clock, onLost } = context;
  const writer = randomBytes(4).toString('hex');
  const listing = createListing(destination);
  let onWaiting = (): void => {};
  let number = 0;
  let listedAtMs = Number.NEGATIVE_INFINITY;
  const ignored = new Set<string>();
  const ages = createFileAges(clock);
  const pathOf = (entry: SpoolEntry) => join(directory, entry.name);
  const isOwn = (entry: SpoolEntry) => entry.writer === writer;

  const refresh = async (): Promise<readonly SpoolEntry[]> => {
    const entries = await listing.refresh(async () =>
      isUsable(context) ? await listEntries(context, ignored) : [],
    );
    for (const entry of entries) ages.note(entry);
    ages.keepOnly(entries);
    listedAtMs = clock.monotonicMs();
    return entries;
  };

  /** The process that removes the file counts its events; another one may have been quicker. */
  const drop = async (entry: SpoolEntry, reason: 'spool-full' | 'spool-expired'): Promise<void> => {
    listing.replace(entry, undefined);
    const isGone = await isRemoved(pathOf(entry));
    // What could be read of a damaged file has been taken out, and the rest was counted then.
    if (!isGone || entry.state.type !== 'waiting') return;
    onLost({ events: entry.events, reason, isOwn: isOwn(entry) });
  };

  const isTight = (wantedBytes: number) => listing.usage().bytes + wantedBytes > maxBytes;
  const isStale = () => clock.monotonicMs() - listedAtMs > LISTING_MS;
  const keepBounds = async (wantedBytes = 0): Promise<void> => {
    // At the bound every write comes here, and must not read the directory each time.
    const isFresh = wantedBytes > 0 && !isStale();
    for (const entry of isFresh ? listing.sorted() : await refresh()) {
      const isExpired = ages.of(entry) > maxAgeMs;
      if (!isExpired && !isTight(wantedBytes)) return;
      if (entry.state.type === 'claimed' || entry.state.type === 'partial') continue;
      await drop(entry, isExpired ? 'spool-expired' : 'spool-full');
    }
  };

  return {
    next: () => {
      number += 1;
      const origin = { createdMs: clock.now(), writer, number, destination };
      return nameEntry({ ...origin, events: 0, bytes: 0, state: { type: 'waiting' } });
    },
    isOwn,
    pathOf,
    refresh,
    known: listing.sorted,
    ignore: (entry) => {
      ignored.add(entry.name);
      context.logger.warn(writtenLater(entry));
    },
    keepBounds,
    makeRoom: async (wantedBytes) => {
      if (isTight(wantedBytes) || isStale()) await keepBounds(wantedBytes);
    },
    replace: (old, now) => {
      listing.replace(old, now);
      if (!now) return;
      ages.note(now);
      if (listing.isForUs(now)) onWaiting();
    },
    waitingFiles: listing.waitingFiles,
    onWaiting: (listener) => {
      onWaiting = listener;
    },
    usage: listing.usage,
  };
}

function isRemoved(path: string): Promise<boolean> {
  return removeFile(path).then(
    () => true,
    () => false,
  );
}

function writtenLater({ name }: SpoolEntry): string {
  return `The spool file ${name} was written by a later version of this package and is left alone. Send it with that version.`;
}
