import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  createFile,
  createFileNow,
  type NewFile,
  READ,
  remove,
  removeNow,
  rename,
  renameNow,
  syncDirectory,
} from './disk.ts';

/**
 * Writes a file so that it is there in full under its name, on the disk itself, or not at all. Rejects, with nothing
 * left behind, when the disk refuses.
 * @param temporary path in the same directory under which it is written first
 * @param mode who may read it; default: the owner only
 */
export async function writeDurably(
  path: string,
  temporary: string,
  pieces: readonly Buffer[],
  mode?: number,
): Promise<void> {
  try {
    const file = await createFile(temporary, mode);
    try {
      for (let rest = pieces; rest.length > 0; ) {
        rest = withoutFirst(rest, await file.write(rest.slice(0, MAX_PIECES)));
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await remove(temporary).catch(() => {});
    throw error;
  }
  await syncDirectory(dirname(path));
}

/** A file that the end of this process cannot take away any more. */
export interface WrittenFile {
  /** Forces the file and its name on the disk, under whatever name it is there. To be called once, it ends the writing. */
  makeDurable(): Promise<void>;
}

/**
 * Writes a file before it returns, so that the end of this process cannot take it away any more. It is complete under
 * its name or not there; only `makeDurable` saves it from a power cut. Throws, with nothing left behind, when the disk
 * refuses.
 */
export function writeNow(path: string, temporary: string, pieces: readonly Buffer[]): WrittenFile {
  let file: NewFile | undefined;
  try {
    file = createFileNow(temporary);
    for (let rest = pieces; rest.length > 0; ) {
      rest = withoutFirst(rest, file.writeNow(rest.slice(0, MAX_PIECES)));
    }
    renameNow(temporary, path);
  } catch (error) {
    file?.close().catch(() => {});
    try {
      removeNow(temporary);
    } catch {
      // It was not made, or is of no use: without its last bytes it counts as half-written.
    }
    throw error;
  }
  const written = file;
  return {
    makeDurable: async () => {
      try {
        await written.sync();
      } finally {
        await written.close();
      }
      await syncDirectory(dirname(path));
    },
  };
}

/**
 * Reads a regular file of at most `maxBytes`.
 * @returns `undefined` when it is larger or no regular file
 */
export async function readBounded(path: string, maxBytes: number): Promise<Buffer | undefined> {
  const file = await open(path, READ);
  try {
    const stat = await file.stat();
    return stat.isFile() && stat.size <= maxBytes ? await file.readFile() : undefined;
  } finally {
    await file.close();
  }
}

/** Buffers in one call: systems take 1,024 (`IOV_MAX`). */
const MAX_PIECES = 1024;

/** What is left to write; a disk may take a part only. */
function withoutFirst(pieces: readonly Buffer[], bytes: number): readonly Buffer[] {
  if (bytes === 0) throw new Error('the disk takes no more');
  let rest = bytes;
  for (const [index, piece] of pieces.entries()) {
    if (rest < piece.length) return [piece.subarray(rest), ...pieces.slice(index + 1)];
    rest -= piece.length;
  }
  return [];
}
