import {
  close,
  closeSync,
  constants,
  fsync,
  fsyncSync,
  mkdirSync,
  open,
  openSync,
  renameSync,
  unlinkSync,
  writev,
  writevSync,
} from 'node:fs';
import { rename as renameLater, unlink as unlinkLater } from 'node:fs/promises';
import { promisify } from 'node:util';

/**
 * A file that is being written. Every change that the spool makes on the disk goes through this module, and through no
 * other, so that a test can record the changes and see what a power cut between any two of them leaves.
 */
export interface NewFile {
  /** @returns the bytes that the disk took, which may be a part only */
  write(pieces: readonly Buffer[]): Promise<number>;
  writeNow(pieces: readonly Buffer[]): number;
  /** Forces what was written on the disk itself; the name needs {@link syncDirectory}. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Owner only: the files hold prompts and answers. */
const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;

/** Never follows a link that was put in the place of a file. 0 where the system has no such flag (Windows). */
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;
const CREATE_NEW = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | NO_FOLLOW;
/** A pipe in the place of a file must not make us wait for its other end. */
export const READ = constants.O_RDONLY | NO_FOLLOW | (constants.O_NONBLOCK ?? 0);

const openLater = promisify(open);
const writeLater = promisify(writev);
const syncLater = promisify(fsync);
const closeLater = promisify(close);

export async function createFile(path: string, mode = FILE_MODE): Promise<NewFile> {
  return newFile(await openLater(path, CREATE_NEW, mode));
}

export function createFileNow(path: string): NewFile {
  return newFile(openSync(path, CREATE_NEW, FILE_MODE));
}

function newFile(descriptor: number): NewFile {
  return {
    write: async (pieces) => (await writeLater(descriptor, pieces)).bytesWritten,
    writeNow: (pieces) => writevSync(descriptor, pieces),
    sync: () => syncLater(descriptor),
    close: () => closeLater(descriptor),
  };
}

export function rename(from: string, to: string): Promise<void> {
  return renameLater(from, to);
}

export function renameNow(from: string, to: string): void {
  renameSync(from, to);
}

export function remove(path: string): Promise<void> {
  return unlinkLater(path);
}

export function removeNow(path: string): void {
  unlinkSync(path);
}

/** Makes a directory for the owner only. */
export function createDirectoryNow(path: string): void {
  mkdirSync(path, { mode: DIRECTORY_MODE });
}

/** Makes names in a directory survive a power cut. Not every platform can open one; the files are safe then too. */
export async function syncDirectory(path: string): Promise<void> {
  let descriptor: number | undefined;
  try {
    descriptor = await openLater(path, constants.O_RDONLY);
    await syncLater(descriptor);
  } catch {
    // The rename has happened; only its durability is left to the operating system.
  } finally {
    if (descriptor !== undefined) await closeLater(descriptor).catch(() => {});
  }
}

/** The same before it returns, for a directory that has a new directory. */
export function syncDirectoryNow(path: string): void {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, constants.O_RDONLY);
    fsyncSync(descriptor);
  } catch {
    // As above.
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
