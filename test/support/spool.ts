import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { createSpool, type Spool } from '../../src/deliver/spool/spool.ts';
import type { LostEvents, SpoolOptions } from '../../src/deliver/spool/spool-context.ts';
import { parseSpoolName, type SpoolEntry } from '../../src/deliver/spool/spool-name.ts';
import { createRecordingLogger } from './recording-logger.ts';
import { createVirtualClock } from './virtual-clock.ts';

const root = mkdtempSync(join(tmpdir(), 'posthog-llm-spool-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A path of its own for each test; nothing is there yet. */
export function freshDirectory(): string {
  return join(mkdtempSync(join(root, 'd-')), 'spool');
}

/** A spool with what it told. */
export function startSpool(changes: Partial<SpoolOptions> = {}) {
  const clock = createVirtualClock({ mode: 'manual' });
  const logger = createRecordingLogger();
  const lost: LostEvents[] = [];
  const directory = changes.directory ?? freshDirectory();
  const spool: Spool = createSpool({
    directory,
    maxBytes: 10 * 1024 * 1024,
    maxAgeMs: 60 * 60 * 1000,
    destination: 'aaaaaaaa',
    leaseMs: 90_000,
    clock,
    logger,
    onLost: (events) => lost.push(events),
    ...changes,
  });
  return { spool, clock, logger, lost, directory, files: () => filesIn(directory) };
}

/** Every spool file of a directory, oldest first; none when there is no directory. */
export function filesIn(directory: string): SpoolEntry[] {
  return (existsSync(directory) ? readdirSync(directory) : [])
    .sort()
    .map(parseSpoolName)
    .filter((entry) => entry !== undefined);
}

/** Events that outlive their process: a file that is still being written is not there yet, though its name tells their number. */
export function eventsIn(directory: string): number {
  return filesIn(directory)
    .filter(({ state }) => state.type === 'waiting' || state.type === 'claimed')
    .reduce((sum, { events }) => sum + events, 0);
}

export const states = (files: readonly SpoolEntry[]): string[] => files.map(({ state }) => state.type);

export const ALL = { maxEvents: 1_000_000, maxBytes: 1_000_000_000 };
