import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { systemClock } from '../deliver/clock.ts';
import { createSpool, type Spool } from '../deliver/spool/spool.ts';
import { leaseFor } from '../deliver/spool/spool-context.ts';
import type { Output } from './io.ts';

/** Time for one batch with its retries, as in the exporter. */
export const REPLAY_DEADLINE_MS = 30_000;

/** A spool as the commands see it: they send and list, but drop nothing for age or size. */
export function openSpool(
  directory: string,
  destination: string,
  output: Output,
  onDamaged: (events: number) => void = () => {},
): Spool {
  return createSpool({
    directory: resolve(directory),
    maxBytes: Number.POSITIVE_INFINITY,
    maxAgeMs: Number.POSITIVE_INFINITY,
    destination,
    leaseMs: leaseFor(REPLAY_DEADLINE_MS),
    acceptsAnyOwner: true,
    clock: systemClock,
    logger: { error: output.complain, warn: output.complain, info: () => {}, debug: () => {} },
    onLost: ({ events }) => onDamaged(events),
  });
}

/** Complains when there is no such directory. */
export async function isDirectory(path: string, output: Output): Promise<boolean> {
  const found = await stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
  if (!found) output.complain(`There is no directory ${path}.`);
  return found;
}

/** `1 event`, `1,234 events`. */
export function countOf(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}
