import { closeSync, constants, openSync, renameSync, unlinkSync, writevSync } from 'node:fs';
import { type FileHandle, open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Owner only: the files hold prompts and answers. */
const FILE_MODE = 0o600;

/** Never follows a link that was put in the place of a file. 0 where the system has no such flag (Windows). */
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;
const CREATE_NEW = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | NO_FOLLOW;
/** A pipe in the place of a file must not make us wait for its other end. */
const READ = constants.O_RDONLY | NO_FOLLOW | (constants.O_NONBLOCK ?? 0);

/**
 * Writes a file so that it is there in full under its name, on the disk itself, or not at all. Rejects, with nothing
 * left behind, when the disk refuses.
 * @param temporary path in the same directory under which it is written first
 */
export async function writeDurably(
  path: string,
  temporary: string,
  pieces: readonly Buffer[],
): Promise<void> {
  try {
    const file = await open(temporary, CREATE_NEW, FILE_MODE);
    try {
      await writePieces(file, pieces);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  }
  await syncDirectory(dirname(path));
}

async function writePieces(file: FileHandle, pieces: readonly Buffer[]): Promise<void> {
  for (let rest = pieces; rest.length > 0; ) {
    const { bytesWritten } = await file.writev(rest.slice(0, MAX_PIECES));
    rest = withoutFirst(rest, bytesWritten);
  }
}

/**
 * Writes a file before it returns, so that the end of this process cannot take it away any more. It is complete under
 * its name or not there; only {@link makeDurable} saves it from a power cut. Throws, with nothing left behind, when
 * the disk refuses.
 */
export function writeNow(path: string, temporary: string, pieces: readonly Buffer[]): void {
  try {
    const file = openSync(temporary, CREATE_NEW, FILE_MODE);
    try {
      for (let rest = pieces; rest.length > 0; ) {
        rest = withoutFirst(rest, writevSync(file, rest.slice(0, MAX_PIECES)));
      }
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    try {
      unlinkSync(temporary);
    } catch {
      // It was not made, or is of no use: without its last bytes it counts as half-written.
    }
    throw error;
  }
}

/** Forces a file that was written by {@link writeNow}, and its name, on the disk. */
export async function makeDurable(path: string): Promise<void> {
  const file = await open(path, READ);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  await syncDirectory(dirname(path));
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

/** Makes names in a directory survive a power cut. Not every platform can open one; the files are safe then too. */
export async function syncDirectory(path: string): Promise<void> {
  let directory: FileHandle | undefined;
  try {
    directory = await open(path, constants.O_RDONLY);
    await directory.sync();
  } catch {
    // The rename has happened; only its durability is left to the operating system.
  } finally {
    await directory?.close().catch(() => {});
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
