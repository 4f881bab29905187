import { claimFile, type OnDamaged } from './claim-files.ts';
import { holdFile, ownState, writeEvents } from './held-file.ts';
import type { SpoolContext } from './spool-context.ts';
import type { SpoolIndex } from './spool-index.ts';
import type { SpoolEntry } from './spool-name.ts';

/** Bytes of one file that are aimed for when many small exports fail. */
export const MAX_JOINED_BYTES = 1024 * 1024;

/** So many small files of one writer are not worth the work yet. */
export const MIN_MERGED_FILES = 64;

/** Files that are read or removed side by side: one after the other, an application that exports all the time is quicker. */
const MAX_AT_ONCE = 16;

/** Larger files stay as they are, so that each event is written anew a few times at most. */
export const MAX_SMALL_BYTES = MAX_JOINED_BYTES / 4;

/**
 * Joins small files that wait into larger ones, so that an outage with tens of thousands of small exports does not leave
 * tens of thousands of files. Those of one writer only, which has them in its account. When the process dies meanwhile,
 * events are in two files at most, and are sent twice, which PostHog knows by their `uuid`.
 * @returns how many files were joined
 */
export async function mergeFiles(
  context: SpoolContext,
  index: SpoolIndex,
  onDamaged: OnDamaged,
): Promise<number> {
  const byWriter = new Map<string, SpoolEntry[]>();
  for (const entry of index.known()) {
    const isSmall = entry.bytes < Math.min(MAX_SMALL_BYTES, context.maxBytes / 4);
    if (entry.state.type !== 'waiting' || entry.destination !== context.destination || !isSmall) continue;
    const list = byWriter.get(entry.writer);
    if (list) list.push(entry);
    else byWriter.set(entry.writer, [entry]);
  }
  let joined = 0;
  for (const entries of byWriter.values()) {
    if (entries.length < MIN_MERGED_FILES) continue;
    for (const group of inGroups(entries)) joined += await mergeGroup(group, context, index, onDamaged);
  }
  return joined;
}

function inGroups(entries: readonly SpoolEntry[]): SpoolEntry[][] {
  const groups: SpoolEntry[][] = [];
  let group: SpoolEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    if (group.length > 0 && bytes + entry.bytes > MAX_JOINED_BYTES) {
      groups.push(group);
      group = [];
      bytes = 0;
    }
    group.push(entry);
    bytes += entry.bytes;
  }
  return [...groups, group].filter(({ length }) => length > 1);
}

/** @returns how many files became one; 0 when the disk refused */
async function mergeGroup(
  group: readonly SpoolEntry[],
  context: SpoolContext,
  index: SpoolIndex,
  onDamaged: OnDamaged,
): Promise<number> {
  const claimed = await sideBySide(group, (entry) => claimFile(entry, context, index, onDamaged));
  const held = claimed.filter((file) => file !== undefined);
  const [oldest] = group;
  const events = held.flatMap((file) => file.events);
  if (oldest === undefined || events.length === 0) return 0;
  try {
    // As old as its oldest event, which must not live longer for it.
    const merged = await writeEvents(events, oldest, ownState('claimed', context), context, index);
    await sideBySide(held, (file) => file.release([]));
    await holdFile(merged, events, context, index).release(events);
    return held.length;
  } catch (error) {
    context.onTrouble('be written to', error);
    await sideBySide(held, (file) => file.release(file.events));
    return 0;
  }
}

/** The results in the order of the items. */
export async function sideBySide<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += MAX_AT_ONCE)
    results.push(...(await Promise.all(items.slice(start, start + MAX_AT_ONCE).map(work))));
  return results;
}
