import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createSlicer } from '../../ledger/time-slices.ts';
import { checkDirectory } from './directory.ts';
import { remove as removeFile } from './disk.ts';
import { createFileAges } from './file-ages.ts';
import type { SpoolContext } from './spool-context.ts';
import { nameEntry, parseSpoolName, type SpoolEntry } from './spool-name.ts';

/** What lies in the directory, as far as known. */
export interface SpoolUsage {
  readonly files: number;
  readonly bytes: number;
}

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
  /** Whether files wait for this exporter. */
  hasBacklog(): boolean;
}

/** How long a listing is trusted while the bounds are not near; other processes write to the directory too. */
const LISTING_MS = 30_000;

export function createSpoolIndex(context: SpoolContext): SpoolIndex {
  const { directory, maxBytes, maxAgeMs, destination, clock, onLost } = context;
  const writer = randomBytes(4).toString('hex');
  const known = new Map<string, SpoolEntry>();
  let onWaiting = (): void => {};
  let number = 0;
  let bytes = 0;
  let waiting = 0;
  let listedAtMs = Number.NEGATIVE_INFINITY;
  const ignored = new Set<string>();
  /** What this process changed since each of the listings began that are under way. */
  const refreshing = new Set<Change[]>();
  const ages = createFileAges(clock);

  const isForUs = ({ state, destination: theirs }: SpoolEntry) =>
    state.type === 'waiting' && theirs === destination;
  const add = (entry: SpoolEntry): void => {
    known.set(entry.name, entry);
    ages.note(entry);
    bytes += entry.bytes;
    if (isForUs(entry)) waiting += 1;
  };
  const remove = (entry: SpoolEntry): void => {
    if (!known.delete(entry.name)) return;
    bytes -= entry.bytes;
    if (isForUs(entry)) waiting -= 1;
  };
  const pathOf = (entry: SpoolEntry) => join(directory, entry.name);
  const isOwn = (entry: SpoolEntry) => entry.writer === writer;

  const isUsable = (): boolean => {
    try {
      if (!context.acceptsAnyOwner) checkDirectory(directory);
      return true;
    } catch (error) {
      context.onTrouble('be used', error);
      return false;
    }
  };

  const refresh = async (): Promise<readonly SpoolEntry[]> => {
    const changes: Change[] = [];
    refreshing.add(changes);
    const listed = isUsable() ? await listEntries(context, ignored) : [];
    refreshing.delete(changes);
    const entries = changes.length === 0 ? listed : withChanges(listed, changes);
    known.clear();
    bytes = 0;
    waiting = 0;
    for (const entry of entries) add(entry);
    ages.keepOnly(entries);
    listedAtMs = clock.monotonicMs();
    return entries;
  };

  const sorted = (): readonly SpoolEntry[] => [...known.values()].sort((a, b) => (a.name < b.name ? -1 : 1));

  /** The process that removes the file counts its events; another one may have been quicker. */
  const drop = async (entry: SpoolEntry, reason: 'spool-full' | 'spool-expired'): Promise<void> => {
    remove(entry);
    const isGone = await removeFile(pathOf(entry)).then(
      () => true,
      () => false,
    );
    // What could be read of a damaged file has been taken out, and the rest was counted then.
    if (isGone && entry.state.type === 'waiting')
      onLost({ events: entry.events, reason, isOwn: isOwn(entry) });
  };

  const keepBounds = async (wantedBytes = 0): Promise<void> => {
    const isTight = () => bytes + wantedBytes > maxBytes;
    // At the bound every write comes here, and must not read the directory each time.
    const isFresh = wantedBytes > 0 && clock.monotonicMs() - listedAtMs <= LISTING_MS;
    for (const entry of isFresh ? sorted() : await refresh()) {
      const isExpired = ages.of(entry) > maxAgeMs;
      if (!isExpired && !isTight()) return;
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
    known: sorted,
    ignore: (entry) => {
      ignored.add(entry.name);
      context.logger.warn(
        `The spool file ${entry.name} was written by a later version of this package and is left alone. Send it with that version.`,
      );
    },
    keepBounds,
    makeRoom: async (wantedBytes) => {
      const isNear = bytes + wantedBytes > maxBytes;
      if (isNear || clock.monotonicMs() - listedAtMs > LISTING_MS) await keepBounds(wantedBytes);
    },
    replace: (old, now) => {
      for (const changes of refreshing) changes.push({ old, now });
      if (old) remove(old);
      if (now) add(now);
      if (now && isForUs(now)) onWaiting();
    },
    waitingFiles: () => waiting,
    onWaiting: (listener) => {
      onWaiting = listener;
    },
    usage: () => ({ files: known.size, bytes }),
    hasBacklog: () => waiting > 0,
  };
}

interface Change {
  readonly old: SpoolEntry | undefined;
  readonly now: SpoolEntry | undefined;
}

/** A listing may hold a file under the name that it had before, or under both. */
function withChanges(listed: readonly SpoolEntry[], changes: readonly Change[]): SpoolEntry[] {
  const entries = new Map(listed.map((entry) => [entry.name, entry]));
  for (const { old, now } of changes) {
    if (old) entries.delete(old.name);
    if (now) entries.set(now.name, now);
  }
  return [...entries.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Reads the directory, oldest first; empty when it cannot be read. */
async function listEntries(
  { directory, onTrouble }: SpoolContext,
  ignored: ReadonlySet<string>,
): Promise<SpoolEntry[]> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') onTrouble('be read', error);
    return [];
  });
  const giveWay = createSlicer();
  const entries: SpoolEntry[] = [];
  // By name is by age.
  for (const name of names.sort()) {
    const entry = parseSpoolName(name);
    if (entry && !ignored.has(entry.name)) entries.push(entry);
    const pausing = giveWay();
    if (pausing) await pausing;
  }
  return entries;
}
