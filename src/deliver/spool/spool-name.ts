import { createHash } from 'node:crypto';
import type { Owner } from './owner.ts';

/** What a spool file is, as its name alone says, so that a listing needs no look inside. */
export interface SpoolEntry {
  /** Name of the file in the spool directory. */
  readonly name: string;
  /** When its events were spooled first, in milliseconds since the epoch. */
  readonly createdMs: number;
  /** The exporter instance that wrote it. */
  readonly writer: string;
  /** Counts the files of one writer. */
  readonly number: number;
  readonly events: number;
  /** Size of the file. */
  readonly bytes: number;
  /** Fingerprint of the project that the events are for. */
  readonly destination: string;
  readonly state: SpoolState;
}

export type SpoolState =
  /** Complete, free for any process to send. */
  | { readonly type: 'waiting' }
  /** Complete; its owner is sending it. */
  | { readonly type: 'claimed'; readonly owner: Owner; readonly token: string }
  /** Its owner is writing it. */
  | { readonly type: 'partial'; readonly owner: Owner; readonly token: string }
  /** Kept for examination by hand; its readable events have been taken out. */
  | { readonly type: 'damaged' };

const NAME =
  /^(\d{13,15})-([0-9a-f]{8})-(\d{1,15})-(\d{1,9})-(\d{1,15})-([0-9a-f]{8})\.(?:(waiting|damaged)|(claimed|partial)-(\d{1,16})-([0-9a-f]{8})-(\d{1,10})-(\d{1,16})-([0-9a-f]{8}))$/;

/** Reads a file name; `undefined` when the file is none of ours. */
export function parseSpoolName(name: string): SpoolEntry | undefined {
  const match = NAME.exec(name);
  if (match === null) return undefined;
  const [, createdMs, writer = '', number, events, bytes, destination = '', free, held, ...owner] = match;
  return {
    name,
    createdMs: Number(createdMs),
    writer,
    number: Number(number),
    events: Number(events),
    bytes: Number(bytes),
    destination,
    state: free === undefined ? heldState(held, owner) : { type: free === 'damaged' ? 'damaged' : 'waiting' },
  };
}

function heldState(
  type: string | undefined,
  [untilMs, machine = '', pid, startTicks, token = '']: string[],
): SpoolState {
  const owner = { untilMs: Number(untilMs), machine, pid: Number(pid), startTicks: Number(startTicks) };
  return { type: type === 'partial' ? 'partial' : 'claimed', owner, token };
}

/** The entry with its name made from its parts. Names sort by age, then, for one writer, in the order of writing. */
export function nameEntry(parts: Omit<SpoolEntry, 'name'>): SpoolEntry {
  const { createdMs, writer, number, events, bytes, destination, state } = parts;
  const age = String(Math.max(0, Math.floor(createdMs))).padStart(13, '0');
  const base = [age, writer, String(number).padStart(9, '0'), events, bytes, destination].join('-');
  return { ...parts, name: `${base}.${suffixOf(state)}` };
}

function suffixOf(state: SpoolState): string {
  switch (state.type) {
    case 'waiting':
    case 'damaged':
      return state.type;
    case 'claimed':
    case 'partial': {
      const { untilMs, machine, pid, startTicks } = state.owner;
      return [state.type, Math.floor(untilMs), machine, pid, startTicks, state.token].join('-');
    }
  }
}

/**
 * Fingerprint of the project that a key belongs to, so that exporters for different projects can share a directory
 * and none sends the other's events. The key cannot be found from its 32 bits.
 */
export function destinationOf(apiKey: string): string {
  return createHash('sha256').update(`posthog-llm-exporter spool\n${apiKey}`).digest('hex').slice(0, 8);
}
