import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import type * as Disk from '../../src/deliver/spool/disk.ts';

/** A change of the disk that came to its end, or a mark of the test between two of them. */
export type Change =
  | { readonly op: 'directory'; readonly path: string }
  | { readonly op: 'create'; readonly path: string; readonly file: number }
  | { readonly op: 'write'; readonly file: number; readonly bytes: Buffer }
  | { readonly op: 'rename'; readonly from: string; readonly to: string }
  | { readonly op: 'remove'; readonly path: string }
  /** Only what had been done before change number `from` is surely on the disk. */
  | { readonly op: 'sync-file'; readonly file: number; readonly from: number }
  | { readonly op: 'sync-directory'; readonly path: string; readonly from: number }
  | { readonly op: 'mark'; readonly mark: object };

export interface DiskRecorder {
  readonly changes: readonly Change[];
  /** The disk, with every change recorded. */
  record(disk: typeof Disk): typeof Disk;
  mark(mark: object): void;
  /** Directories in which forcing anything on the disk fails from now on. */
  refuse(directory: string | undefined): void;
}

/** So long what was forced on the disk is not told, so that nobody gets by without waiting for it. */
const SYNC_MS = 3;

export function createDiskRecorder(): DiskRecorder {
  const changes: Change[] = [];
  let files = 0;
  let refused: string | undefined;
  const note = (change: Change): void => void changes.push(change);
  const forced = async (path: string, sync: () => Promise<void>, change: Change): Promise<void> => {
    await sync();
    await new Promise((resolve) => setTimeout(resolve, SYNC_MS));
    if (refused !== undefined && path.startsWith(refused)) {
      throw Object.assign(new Error('EIO: i/o error, fsync'), { code: 'EIO' });
    }
    note(change);
  };
  const recordFile = (path: string, file: Disk.NewFile): Disk.NewFile => {
    const id = files++;
    note({ op: 'create', path, file: id });
    const wrote = (pieces: readonly Buffer[], count: number): number => {
      note({ op: 'write', file: id, bytes: Buffer.concat(pieces).subarray(0, count) });
      return count;
    };
    return {
      write: async (pieces) => wrote(pieces, await file.write(pieces)),
      writeNow: (pieces) => wrote(pieces, file.writeNow(pieces)),
      sync: () => forced(path, () => file.sync(), { op: 'sync-file', file: id, from: changes.length }),
      close: () => file.close(),
    };
  };

  return {
    changes,
    mark: (mark) => note({ op: 'mark', mark }),
    refuse: (directory) => {
      refused = directory;
    },
    record: (disk) => ({
      ...disk,
      createFile: async (path, mode) => recordFile(path, await disk.createFile(path, mode)),
      createFileNow: (path) => recordFile(path, disk.createFileNow(path)),
      rename: async (from, to) => {
        await disk.rename(from, to);
        note({ op: 'rename', from, to });
      },
      renameNow: (from, to) => {
        disk.renameNow(from, to);
        note({ op: 'rename', from, to });
      },
      remove: async (path) => {
        await disk.remove(path);
        note({ op: 'remove', path });
      },
      removeNow: (path) => {
        disk.removeNow(path);
        note({ op: 'remove', path });
      },
      createDirectoryNow: (path) => {
        disk.createDirectoryNow(path);
        note({ op: 'directory', path });
      },
      syncDirectory: (path) =>
        forced(path, () => disk.syncDirectory(path), { op: 'sync-directory', path, from: changes.length }),
      syncDirectoryNow: (path) => {
        disk.syncDirectoryNow(path);
        note({ op: 'sync-directory', path, from: changes.length });
      },
    }),
  };
}

/**
 * What is left after the end of the power, or of the process only:
 * - `forced`: nothing but what was forced on the disk, neither names nor contents nor removals;
 * - `names`: all names as they were last, with the contents that were forced (file systems may keep names first);
 * - `all`: everything, as after `kill -9`.
 */
export type Left = 'forced' | 'names' | 'all';

type Names = ReadonlyMap<string, number | 'directory'>;

interface Contents {
  readonly bytes: Buffer[];
  forced: number;
}

/** The disk at any moment, by what was recorded. */
interface DiskState {
  apply(change: Change, index: number): void;
  filesLeft(left: Left): Map<string, Buffer>;
}

export function replayDisk(root: string, changes: readonly Change[]): DiskState {
  const names = new Map<string, number | 'directory'>();
  const contents = new Map<number, Contents>();
  /** Entries of directories as they were forced on the disk. The root is there from the beginning. */
  const forced = new Map<string, Names>();
  const seen = new Map<number, { names: Names; lengths: ReadonlyMap<number, number> }>();
  const wanted = new Set(changes.flatMap((change) => ('from' in change ? [change.from] : [])));
  const written = (file: number): number => contents.get(file)?.bytes.length ?? 0;
  const isForced = (path: string): boolean =>
    path === root || (forced.get(dirname(path))?.has(path) === true && isForced(dirname(path)));
  const force = (file: number, from: number): void => {
    const content = contents.get(file);
    const length = seen.get(from)?.lengths.get(file) ?? 0;
    if (content) content.forced = Math.max(content.forced, length);
  };
  const look = (index: number): void => {
    if (!wanted.has(index)) return;
    seen.set(index, {
      names: new Map(names),
      lengths: new Map([...contents.keys()].map((file) => [file, written(file)])),
    });
  };

  return {
    apply(change, index) {
      look(index);
      switch (change.op) {
        case 'directory':
          names.set(change.path, 'directory');
          break;
        case 'create':
          names.set(change.path, change.file);
          contents.set(change.file, { bytes: [], forced: 0 });
          break;
        case 'write':
          contents.get(change.file)?.bytes.push(change.bytes);
          break;
        case 'rename': {
          const file = names.get(change.from);
          names.delete(change.from);
          if (file !== undefined) names.set(change.to, file);
          break;
        }
        case 'remove':
          names.delete(change.path);
          break;
        case 'sync-file':
          force(change.file, change.from);
          break;
        case 'sync-directory': {
          const then = seen.get(change.from)?.names ?? new Map();
          forced.set(change.path, new Map([...then].filter(([path]) => dirname(path) === change.path)));
          break;
        }
        case 'mark':
      }
    },
    filesLeft(left) {
      const files = new Map<string, Buffer>();
      const entries =
        left === 'forced'
          ? [...forced].flatMap(([directory, held]) => (isForced(directory) ? [...held] : []))
          : [...names];
      for (const [path, file] of entries) {
        const content = file === 'directory' ? undefined : contents.get(file);
        if (!content) continue;
        const pieces = left === 'all' ? content.bytes : content.bytes.slice(0, content.forced);
        files.set(relative(root, path), Buffer.concat(pieces));
      }
      return files;
    },
  };
}

/** The files as a machine finds them that has started again, after the time that was left to those who held them. */
export function writeAfterBoot(root: string, files: ReadonlyMap<string, Buffer>): void {
  for (const [path, content] of files) {
    const directory = join(root, dirname(path));
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const name = basename(path).replace(/\.(claimed|partial)-\d+-[0-9a-f]{8}-/, '.$1-1-0b007000-');
    writeFileSync(join(directory, name), content, { mode: 0o600 });
  }
}
