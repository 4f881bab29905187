import type { SpoolEntry } from './spool-name.ts';

/** What lies in the directory, as far as known. */
export interface SpoolUsage {
  readonly files: number;
  readonly bytes: number;
}

/** The files that are known to lie in a spool directory, and their sums. */
export interface Listing {
  /** Takes note of a change that was made by this process. */
  replace(old: SpoolEntry | undefined, now: SpoolEntry | undefined): void;
  /** Knows from then on what is read, with the changes that were made meanwhile. Oldest first. */
  refresh(read: () => Promise<readonly SpoolEntry[]>): Promise<readonly SpoolEntry[]>;
  /** Oldest first. */
  sorted(): readonly SpoolEntry[];
  /** Whether it waits for this exporter. */
  isForUs(entry: SpoolEntry): boolean;
  /** Files that wait for this exporter. */
  waitingFiles(): number;
  usage(): SpoolUsage;
}

/** @param destination fingerprint of the exporter's own project */
export function createListing(destination: string): Listing {
  const known = new Map<string, SpoolEntry>();
  /** What this process changed since each of the readings began that are under way. */
  const refreshing = new Set<Change[]>();
  let bytes = 0;
  let waiting = 0;
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
  return {
    replace: (old, now) => {
      for (const changes of refreshing) changes.push({ old, now });
      if (old) remove(old);
      if (now) add(now);
    },
    refresh: async (read) => {
      const changes: Change[] = [];
      refreshing.add(changes);
      const listed = await read();
      refreshing.delete(changes);
      const entries = changes.length === 0 ? listed : withChanges(listed, changes);
      known.clear();
      bytes = 0;
      waiting = 0;
      for (const entry of entries) add(entry);
      return entries;
    },
    sorted: () => sorted(known.values()),
    isForUs,
    waitingFiles: () => waiting,
    usage: () => ({ files: known.size, bytes }),
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
  return sorted(entries.values());
}

/** By name is by age. */
function sorted(entries: Iterable<SpoolEntry>): SpoolEntry[] {
  return [...entries].sort((a, b) => (a.name < b.name ? -1 : 1));
}
