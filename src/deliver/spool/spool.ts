import { stat } from 'node:fs/promises';
import type { SerialisedEvent } from '../transport.ts';
import { type ClaimLimits, claimFiles, recoverFiles } from './claim-files.ts';
import type { HeldFile, WrittenHeldFile } from './held-file.ts';
import type { SpoolUsage } from './listing.ts';
import { MIN_MERGED_FILES, mergeFiles } from './merge-files.ts';
import { createSpoolContext, type SpoolOptions } from './spool-context.ts';
import { createSpoolIndex } from './spool-index.ts';
import type { SpoolEntry } from './spool-name.ts';
import { createSpoolWriter } from './spool-writer.ts';
import type { StoreEnd } from './write-queue.ts';

export interface SpoolStatus extends SpoolUsage {
  /** Batches that the disk refused since the start. */
  readonly failedWrites: number;
  /** Files found damaged since the start. */
  readonly damagedFiles: number;
}

/**
 * Events on disk until PostHog takes them; any process may send what any other has spooled. Files change hands by
 * renaming only, which one process wins. Nothing here throws or rejects: what the disk refuses is counted and reported.
 */
export interface Spool {
  /** Writes events, on the disk itself, for any process to send. */
  write(events: readonly SerialisedEvent[]): Promise<StoreEnd>;
  /**
   * Writes events before it returns and keeps the file claimed. From then on it outlives this process, and after
   * `durable()` also a power cut. `undefined` when the disk refuses.
   */
  writeClaimed(events: readonly SerialisedEvent[]): WrittenHeldFile | undefined;
  /**
   * Writes events before it returns, for any process to send: nothing of them is held any more then. Resolves when a
   * power cut cannot take the file away; to false when the disk refused to make sure of it.
   */
  writeNow(events: readonly SerialisedEvent[]): Promise<boolean> | 'no-room' | 'failed';
  /** Whether exports under way hold as many files as they may; a further one is written with `writeNow`. */
  holdsMost(): boolean;
  /** Takes the oldest files, to be sent and released. */
  claim(limits: ClaimLimits): Promise<readonly HeldFile[]>;
  /** Frees the files of processes that are no more, and drops what is too old or too much. */
  tidy(): Promise<void>;
  /** Every file, oldest first. */
  list(): Promise<readonly SpoolEntry[]>;
  status(): SpoolStatus;
  /** Whether files wait, as far as known without looking. */
  hasBacklog(): boolean;
}

export function createSpool(options: SpoolOptions): Spool {
  const context = createSpoolContext(options);
  const index = createSpoolIndex(context);
  const writer = createSpoolWriter(context, index);
  const warnIfOpen = createAccessCheck(context);
  let damagedFiles = 0;
  const onDamaged = (entry: SpoolEntry, readable: number): void => {
    damagedFiles += 1;
    const lost = Math.max(0, entry.events - readable);
    context.logger.error(
      `The spool file ${entry.name} is damaged: ${readable} of ${entry.events} events could be read. ` +
        'It is kept for you to look at until it is too old.',
    );
    if (lost > 0) context.onLost({ events: lost, reason: 'spool-damaged', isOwn: index.isOwn(entry) });
  };
  let merging: Promise<void> | undefined;
  let leftByMerge = 0;
  /** In the background, when many more files wait than the last time left. */
  const mergeIfMany = (): void => {
    leftByMerge = Math.min(leftByMerge, index.waitingFiles());
    if (!merging && index.waitingFiles() >= leftByMerge + MIN_MERGED_FILES) merge();
  };
  /** Again until there is nothing to join, since files go on coming meanwhile. */
  const merge = (): void => {
    merging = mergeFiles(context, index, onDamaged)
      .catch((error: unknown) => {
        context.onTrouble('be merged', error);
        return 0;
      })
      .then((joined) => {
        merging = undefined;
        if (joined > 0) merge();
        else leftByMerge = index.waitingFiles();
      });
  };
  index.onWaiting(mergeIfMany);
  return {
    write: writer.write,
    writeClaimed: writer.writeClaimed,
    writeNow: writer.writeNow,
    holdsMost: writer.holdsMost,
    claim: async (limits) => {
      for (;;) {
        const held = await claimFiles(limits, context, index, onDamaged);
        if (held.length > 0 || !merging) return held;
        // What is being merged waits again in a moment, and whoever sends would look for it after a minute only.
        await merging;
      }
    },
    tidy: async () => {
      await warnIfOpen();
      await recoverFiles(await index.refresh(), context, index);
      await index.keepBounds();
      mergeIfMany();
    },
    list: index.refresh,
    status: () => ({ ...index.usage(), failedWrites: writer.failedWrites(), damagedFiles }),
    hasBacklog: () => index.waitingFiles() > 0,
  };
}

/** Who may write into the directory can have events sent in our name. Reported once; the files themselves belong to this user only. */
function createAccessCheck({ directory, logger }: SpoolOptions): () => Promise<void> {
  let isTold = process.platform === 'win32';
  return async () => {
    if (isTold) return;
    const mode = await stat(directory).then(
      (found) => found.mode,
      () => 0,
    );
    if ((mode & OTHERS_MAY_WRITE) === 0) return;
    isTold = true;
    logger.warn(`Other users may write to the spool directory ${directory}. Use one that is yours alone.`);
  };
}

const OTHERS_MAY_WRITE = 0o022;
