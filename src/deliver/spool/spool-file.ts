import { crc32 } from 'node:zlib';
import type { SerialisedEvent } from '../transport.ts';
import { isSendableEvent } from './check-event.ts';

/**
 * A spool file is JSON lines: a header that names each event with its length and checksum, then the events, one a
 * line, byte for byte as they are sent. No API key is in it.
 */
interface Header {
  readonly format: typeof FORMAT;
  /** `[uuid, bytes, crc32]` of each event. */
  readonly events: readonly (readonly [string, number, number])[];
}

const FORMAT_NAME = 'posthog-llm-exporter/spool/';
const FORMAT = `${FORMAT_NAME}1` as const;

const NEWLINE = Buffer.from('\n');
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** What could be read of a file. */
export interface SpoolFileReading {
  readonly events: readonly SerialisedEvent[];
  /** Events that cannot be read any more; when their number is not known, the file counts for none. */
  readonly damaged: number;
  readonly isIntact: boolean;
  /** Written by a later version of this package, which alone can read it. */
  readonly isNewer: boolean;
}

/** The pieces of a file, to be written one after the other. */
export function encodeSpoolFile(events: readonly SerialisedEvent[]): Buffer[] {
  const header: Header = {
    format: FORMAT,
    events: events.map(({ uuid, json }) => [uuid, json.length, crc32(json)]),
  };
  return [Buffer.from(JSON.stringify(header)), NEWLINE, ...events.flatMap(({ json }) => [json, NEWLINE])];
}

export function totalLength(pieces: readonly Buffer[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}

/**
 * Reads a file, leaving out events that do not match their checksum or are cut off. Never throws.
 * @returns the steps, one for each event, so that a file of many megabytes need not be read in one go
 */
export function* decodeSpoolFile(file: Buffer): Generator<undefined, SpoolFileReading, undefined> {
  const header = readHeader(file);
  if (header === 'newer') return { events: [], damaged: 0, isIntact: false, isNewer: true };
  if (header === undefined) return { events: [], damaged: 0, isIntact: false, isNewer: false };
  const events: SerialisedEvent[] = [];
  let start = file.indexOf(NEWLINE) + 1;
  for (const [uuid, bytes, checksum] of header.events) {
    const json = file.subarray(start, start + bytes);
    start += bytes + NEWLINE.length;
    // A checksum finds accidents, not events that another program put there.
    const isWhole = json.length === bytes && crc32(json) === checksum && isSendableEvent(json, uuid);
    if (isWhole) events.push({ uuid, json });
    yield;
  }
  const damaged = header.events.length - events.length;
  return { events, damaged, isIntact: damaged === 0 && start === file.length, isNewer: false };
}

function readHeader(file: Buffer): Header | 'newer' | undefined {
  const end = file.indexOf(NEWLINE);
  if (end < 0) return undefined;
  try {
    const header: unknown = JSON.parse(file.toString('utf8', 0, end));
    if (isHeader(header)) return header;
    return isNewer(header) ? 'newer' : undefined;
  } catch {
    return undefined;
  }
}

function isNewer(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { format } = value as { readonly format?: unknown };
  return typeof format === 'string' && format.startsWith(FORMAT_NAME) && format !== FORMAT;
}

function isHeader(value: unknown): value is Header {
  if (typeof value !== 'object' || value === null) return false;
  const { format, events } = value as Partial<Record<keyof Header, unknown>>;
  return format === FORMAT && Array.isArray(events) && events.every(isEventLine);
}

function isEventLine(value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  const [uuid, bytes, checksum] = value as unknown[];
  return typeof uuid === 'string' && UUID.test(uuid) && isCount(bytes) && isCount(checksum);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
