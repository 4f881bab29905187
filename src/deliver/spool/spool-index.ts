import { randomBytes } from 'node:crypto';
import { readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { createSlicer } from '../../ledger/time-slices.ts';
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
  /** Reads the directory. Oldest first; empty when it cannot be read. */
  refresh(): Promise<readonly SpoolEntry[]>;
  /** Drops what is too old, and the oldest while there is too much. Files that are being sent stay. */
  keepBounds(): Promise<void>;
  /** As `keepBounds`, so that `bytes` more fit; looks at the directory only if it must. */
  makeRoom(bytes: number): Promise<void>;
  /** Takes note of a change that was made by this process. */
  replace(old: SpoolEntry | undefined, now: SpoolEntry | undefined): void;
  usage(): SpoolUsage;
  /** Whether files wait for this exporter. */
  hasBacklog(): boolean;
}

/** Names in one listing; reading more would hold the event loop for too long. A file is about one export. */
const MAX_FILES = 10_000;

/** How long a listing is trusted while the bounds are not near; other processes write to the directory too. */
const LISTING_MS = 30_000;

export function createSpoolIndex(context: SpoolContext): SpoolIndex {
  const { directory, maxBytes, maxAgeMs, destination, clock, onLost } = context;
  const writer = randomBytes(4).toString('hex');
  const known = new Map<string, SpoolEntry>();
  let number = 0;
  let bytes = 0;
  let waiting = 0;
  let listedAtMs = Number.NEGATIVE_INFINITY;

  const isForUs = ({ state, destination: theirs }: SpoolEntry) =>
    state.type === 'waiting' && theirs === destination;
  const add = (entry: SpoolEntry): void => {
    known.set(entry.name, entry);
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

  const refresh = async (): Promise<readonly SpoolEntry[]> => {
    const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') context.onTrouble('be read', error);
      return [];
    });
    const giveWay = createSlicer();
    const entries: SpoolEntry[] = [];
    // By name is by age.
    for (const name of names.sort()) {
      const entry = parseSpoolName(name);
      if (entry) entries.push(entry);
      const pausing = giveWay();
      if (pausing) await pausing;
    }
    known.clear();
    bytes = 0;
    waiting = 0;
    for (const entry of entries) add(entry);
    listedAtMs = clock.now();
    return entries;
  };

  /** Whoever removes the file answers for its events; another process may have been quicker. */
  const drop = async (entry: SpoolEntry, reason: 'spool-full' | 'spool-expired'): Promise<void> => {
    remove(entry);
    const isGone = await unlink(pathOf(entry)).then(
      () => true,
      () => false,
    );
    // What could be read of a damaged file has been taken out, and the rest was counted then.
    if (isGone && entry.state.type === 'waiting')
      onLost({ events: entry.events, reason, isOwn: isOwn(entry) });
  };

  const keepBounds = async (wantedBytes = 0): Promise<void> => {
    const isTight = () => bytes + wantedBytes > maxBytes || known.size >= MAX_FILES;
    for (const entry of await refresh()) {
      const isExpired = clock.now() - entry.createdMs > maxAgeMs;
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
    keepBounds,
    makeRoom: async (wantedBytes) => {
      const isNear = bytes + wantedBytes > maxBytes || known.size >= MAX_FILES;
      if (isNear || clock.now() - listedAtMs > LISTING_MS) await keepBounds(wantedBytes);
    },
    replace: (old, now) => {
      if (old) remove(old);
      if (now) add(now);
    },
    usage: () => ({ files: known.size, bytes }),
    hasBacklog: () => waiting > 0,
  };
}
