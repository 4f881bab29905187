import { readdir } from 'node:fs/promises';
import { createSlicer } from '../../ledger/time-slices.ts';
import { checkDirectory } from './directory.ts';
import type { SpoolContext } from './spool-context.ts';
import { parseSpoolName, type SpoolEntry } from './spool-name.ts';

/** Whether the directory may be read and written to; reported when it must not be. */
export function isUsable({ directory, acceptsAnyOwner, onTrouble }: SpoolContext): boolean {
  try {
    if (!acceptsAnyOwner) checkDirectory(directory);
    return true;
  } catch (error) {
    onTrouble('be used', error);
    return false;
  }
}

/** Reads the directory, oldest first; empty when it cannot be read. */
export async function listEntries(
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
