import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Who works on a file, as far as another process can find out whether it still does. */
export interface Owner {
  /** When the owner has surely finished or given up, in milliseconds since the epoch. */
  readonly untilMs: number;
  /** Marker of the machine, boot and process namespace, within which `pid` means something. */
  readonly machine: string;
  readonly pid: number;
  /** When the process started, in ticks since boot; distinguishes it from a later one with the same id. 0: not known. */
  readonly startTicks: number;
}

/** The part of {@link Owner} that is the same for all files of this process. */
export type Self = Omit<Owner, 'untilMs'>;

let self: Self | undefined;

/** This process. Looked up once. */
export function whoAmI(): Self {
  self ??= { machine: machineMarker(), pid: process.pid, startTicks: startTicksOf('self') ?? 0 };
  return self;
}

/**
 * Whether the owner of a file is no more: its process ended, or its time is over. In another machine or container only
 * the time can tell.
 */
export function isGone(owner: Owner, nowMs: number, me: Self = whoAmI()): boolean {
  const isHere = owner.machine === me.machine;
  // Our own files are ours, also when the machine was asleep for longer than the lease.
  if (isHere && owner.pid === me.pid) return owner.startTicks !== me.startTicks;
  if (nowMs > owner.untilMs) return true;
  if (!isHere) return false;
  if (!isAlive(owner.pid)) return true;
  const startTicks = startTicksOf(owner.pid);
  return startTicks !== undefined && owner.startTicks !== 0 && startTicks !== owner.startTicks;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there and belongs to another user.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Field 22 of `/proc/<pid>/stat`; `undefined` where there is no such file. */
function startTicksOf(pid: number | 'self'): number | undefined {
  const stat = readQuietly(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // The second field, the name of the program, may hold blanks and brackets.
  const ticks = Number(
    stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .at(19),
  );
  return stat !== '' && Number.isInteger(ticks) ? ticks : undefined;
}

/** Process ids are counted per namespace, and anew after each boot. */
function machineMarker(): string {
  const boot = readQuietly(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'));
  const namespace = readQuietly(() => readlinkSync('/proc/self/ns/pid'));
  return createHash('sha256').update(`${hostname()}\n${boot}\n${namespace}`).digest('hex').slice(0, 8);
}

function readQuietly(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
