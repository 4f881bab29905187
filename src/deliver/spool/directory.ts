import { type Stats, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { createDirectoryNow, syncDirectoryNow } from './disk.ts';

/** File systems of the kernel's own making, by the number that `statfs` gives (linux/magic.h). They keep no files. */
const VIRTUAL: ReadonlySet<number> = new Set([
  0x9fa0, // proc
  0x62656572, // sysfs
  0x27e0eb, // cgroup
  0x63677270, // cgroup2
  0x1cd1, // devpts
  0x64626720, // debugfs
  0x74726163, // tracefs
  0x73636673, // securityfs
  0x62656570, // configfs
  0xcafe4a11, // bpf
  0x6165676c, // pstore
  0xde5e81e4, // efivarfs
]);

/**
 * Makes the directory, and those above it, for the owner only; one that is there stays as it is. Step by step: Node's
 * own way to make several never ends where nothing can be made and the system says that something is missing (`/proc`).
 * @throws when it cannot be made, or must not be used, see `checkDirectory`
 */
export function makeDirectory(path: string): void {
  const missing: string[] = [];
  let existing = path;
  while (statIfThere(existing) === undefined && dirname(existing) !== existing) {
    missing.unshift(existing);
    existing = dirname(existing);
  }
  checkFileSystem(existing);
  for (const each of missing) {
    try {
      createDirectoryNow(each);
      syncDirectoryNow(dirname(each));
    } catch (error) {
      // Another process was quicker.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  checkDirectory(path);
}

/**
 * @throws when the directory lies on a virtual file system, or belongs to another user, who could have events sent in our
 * name and read what we write. One that is not there is in order.
 */
export function checkDirectory(path: string): void {
  const found = statIfThere(path);
  if (found === undefined) return;
  if (!found.isDirectory()) throw flaw('ENOTDIR');
  checkFileSystem(path);
  const me = process.getuid?.();
  if (me !== undefined && found.uid !== me) {
    throw flaw('it belongs to another user; use one that this process makes or owns');
  }
}

function checkFileSystem(path: string): void {
  if (VIRTUAL.has(statfsSync(path).type)) throw flaw('it is on a virtual file system, which keeps no files');
}

function statIfThere(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** As an error of the system: `code` says in words or by its name what is wrong. */
function flaw(code: string): Error {
  return Object.assign(new Error(code), { code });
}
