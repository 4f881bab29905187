import type { Logger } from '../../ledger/log.ts';
import type { Clock } from '../clock.ts';

export interface SpoolOptions {
  /** Absolute path. Made when it is not there, for the owner only. */
  readonly directory: string;
  /** Bytes of all files together; the oldest are dropped for newer ones. */
  readonly maxBytes: number;
  /** Age at which a file is dropped. */
  readonly maxAgeMs: number;
  /** Fingerprint of the project, see `destinationOf`. */
  readonly destination: string;
  /** Milliseconds within which a claimed file is released; then other processes may take it. */
  readonly leaseMs: number;
  /** A person named the directory and may be another user than its owner, as with the command line. */
  readonly acceptsAnyOwner?: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Learns of events that the spool held and that will not be sent. */
  readonly onLost: (lost: LostEvents) => void;
}

/** A claimed file is released when its delivery is over; the rest is for slow disks and clocks that differ. */
const LEASE_MARGIN_MS = 60_000;

/** `SpoolOptions.leaseMs` where one delivery takes at most `deadlineMs`. */
export function leaseFor(deadlineMs: number): number {
  return deadlineMs + LEASE_MARGIN_MS;
}

export interface LostEvents {
  readonly events: number;
  readonly reason: 'spool-full' | 'spool-expired' | 'spool-damaged';
  /** Whether this instance had spooled them; else an earlier or another one had. */
  readonly isOwn: boolean;
}

/** The options, and what the parts of a spool report of the disk. */
export interface SpoolContext extends SpoolOptions {
  /** The disk refused. Reported at most once a minute for each kind of trouble. */
  readonly onTrouble: (what: string, error: unknown) => void;
}

/** Disks stay full for a while; one line a minute says so often enough. */
const LOG_AGAIN_MS = 60_000;

export function createSpoolContext(options: SpoolOptions): SpoolContext {
  const loggedAtMs = new Map<string, number>();
  return {
    ...options,
    onTrouble: (what, error) => {
      const code = (error as NodeJS.ErrnoException | undefined)?.code ?? 'no code';
      const key = `${what} ${code}`;
      const nowMs = options.clock.monotonicMs();
      if (nowMs - (loggedAtMs.get(key) ?? Number.NEGATIVE_INFINITY) < LOG_AGAIN_MS) return;
      loggedAtMs.set(key, nowMs);
      options.logger.warn(`The spool directory ${options.directory} cannot ${what} (${code}).`);
    },
  };
}
