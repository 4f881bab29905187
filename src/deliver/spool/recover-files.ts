import { rename } from 'node:fs/promises';
import { isGone } from './owner.ts';
import type { SpoolContext } from './spool-context.ts';
import type { SpoolIndex } from './spool-index.ts';
import { nameEntry, type SpoolEntry } from './spool-name.ts';

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
