import { inSlices } from '../../ledger/time-slices.ts';
import { rename } from './disk.ts';
import { readBounded } from './durable-file.ts';
import { type HeldFile, holdFile, ownState, writeEvents } from './held-file.ts';
import { isGone } from './owner.ts';
import type { SpoolContext } from './spool-context.ts';
import { decodeSpoolFile } from './spool-file.ts';
import type { SpoolIndex } from './spool-index.ts';
import { nameEntry, type SpoolEntry } from './spool-name.ts';

/** How much is taken at a time. One file is taken in any case. */
export interface ClaimLimits {
  readonly maxEvents: number;
  readonly maxBytes: number;
  /** `any`: whatever project the files are for. Default: only those of the own project. */
  readonly destination?: 'own' | 'any';
}

/** Larger files are none of ours: one export gives at most a batch (20 MiB) and an event (8 MiB). */
export const MAX_FILE_BYTES = 64 * 1024 * 1024;

/** Takes files that wait, oldest first. A damaged file is put aside once what can be read of it has a file of its own. */
export async function claimFiles(
  { maxEvents, maxBytes, destination = 'own' }: ClaimLimits,
  context: SpoolContext,
  index: SpoolIndex,
  onDamaged: OnDamaged,
): Promise<readonly HeldFile[]> {
  const held: HeldFile[] = [];
  let events = 0;
  let bytes = 0;
  for (const entry of await index.refresh()) {
    if (entry.state.type !== 'waiting') continue;
    if (destination === 'own' && entry.destination !== context.destination) continue;
    events += entry.events;
    bytes += entry.bytes;
    if (held.length > 0 && (events > maxEvents || bytes > maxBytes)) break;
    const file = await claimFile(entry, context, index, onDamaged);
    if (file) held.push(file);
  }
  return held;
}

/** Learns of a damaged file, with the number of its events that could be read. */
export type OnDamaged = (entry: SpoolEntry, readable: number) => void;

/** Takes one file that waits; `undefined` when another process has it, or it cannot be sent. */
export async function claimFile(
  entry: SpoolEntry,
  context: SpoolContext,
  index: SpoolIndex,
  onDamaged: OnDamaged,
): Promise<HeldFile | undefined> {
  const claimed = nameEntry({ ...entry, state: ownState('claimed', context) });
  try {
    await rename(index.pathOf(entry), index.pathOf(claimed));
  } catch (error) {
    // Another process was quicker.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') index.replace(entry, undefined);
    else context.onTrouble('be changed', error);
    return undefined;
  }
  index.replace(entry, claimed);
  try {
    const content = await readBounded(index.pathOf(claimed), MAX_FILE_BYTES);
    const { events, isIntact, isNewer } = await inSlices(decodeSpoolFile(content ?? Buffer.alloc(0)));
    if (isNewer) {
      await rename(index.pathOf(claimed), index.pathOf(entry));
      index.replace(claimed, undefined);
      index.ignore(entry);
      return undefined;
    }
    if (isIntact) return holdFile(claimed, events, context, index);
    const salvaged =
      events.length === 0
        ? undefined
        : await writeEvents(events, entry, ownState('claimed', context), context, index);
    const damaged = nameEntry({ ...entry, state: { type: 'damaged' } });
    await rename(index.pathOf(claimed), index.pathOf(damaged));
    index.replace(claimed, damaged);
    onDamaged(damaged, events.length);
    return salvaged && holdFile(salvaged, events, context, index);
  } catch (error) {
    context.onTrouble('be read', error);
    await rename(index.pathOf(claimed), index.pathOf(entry)).catch(() => {});
    index.replace(claimed, entry);
  }
  return undefined;
}

/**
 * Frees the files of processes that ended or whose lease is over. What such a process was still writing is freed too:
 * whether it is complete shows when it is read.
 */
export async function recoverFiles(
  entries: readonly SpoolEntry[],
  context: SpoolContext,
  index: SpoolIndex,
): Promise<void> {
  for (const entry of entries) {
    const { state } = entry;
    if (state.type !== 'claimed' && state.type !== 'partial') continue;
    if (!isGone(state.owner, context.clock.now())) continue;
    const waiting = nameEntry({ ...entry, state: { type: 'waiting' } });
    try {
      await rename(index.pathOf(entry), index.pathOf(waiting));
      index.replace(entry, waiting);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') context.onTrouble('be changed', error);
    }
  }
}
