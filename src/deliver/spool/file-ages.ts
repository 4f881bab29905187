import type { Clock } from '../clock.ts';
import type { SpoolEntry } from './spool-name.ts';

/** Before there was this package: a file with an older date was written by a machine whose clock was not set yet. */
const FIRST_DATE_MS = Date.UTC(2026, 0, 1);

/** How old spool files are. Ages go on by the monotonic clock once a file is known, so that a step of the other one makes none old. */
export interface FileAges {
  note(entry: SpoolEntry): void;
  /** Milliseconds; 0 for a file that was not noted. */
  of(entry: SpoolEntry): number;
  /** Forgets all files but these. */
  keepOnly(entries: readonly SpoolEntry[]): void;
}

export function createFileAges(clock: Pick<Clock, 'now' | 'monotonicMs'>): FileAges {
  const ages = new Map<string, { readonly ageMs: number; readonly atMs: number }>();
  return {
    note: (entry) => {
      const key = keyOf(entry);
      if (ages.has(key)) return;
      const isDated = entry.createdMs >= FIRST_DATE_MS;
      const ageMs = isDated ? Math.max(0, clock.now() - entry.createdMs) : 0;
      ages.set(key, { ageMs, atMs: clock.monotonicMs() });
    },
    of: (entry) => {
      const { ageMs, atMs } = ages.get(keyOf(entry)) ?? { ageMs: 0, atMs: clock.monotonicMs() };
      return ageMs + clock.monotonicMs() - atMs;
    },
    keepOnly: (entries) => {
      const keys = new Set(entries.map(keyOf));
      for (const key of ages.keys()) if (!keys.has(key)) ages.delete(key);
    },
  };
}

/** The same for a file in all of its states. */
function keyOf({ createdMs, writer, number }: SpoolEntry): string {
  return `${createdMs}-${writer}-${number}`;
}
