import type { ResolvedConfig } from '../../config/resolve-config.ts';
import { systemClock } from '../../deliver/clock.ts';
import { createConnections } from '../../deliver/connections.ts';
import { type ReplayEnd, type ReplayJob, replayBatch } from '../../deliver/outbox/replay.ts';
import { createPostHogDelivery } from '../../deliver/posthog-delivery.ts';
import type { Spool } from '../../deliver/spool/spool.ts';
import { destinationOf, type SpoolEntry } from '../../deliver/spool/spool-name.ts';
import { createUndiciTransport } from '../../deliver/undici-transport.ts';
import { packageName, packageVersion } from '../../package-info.ts';
import { createSerialiser } from '../../pipeline/serialise-events.ts';
import type { AddCommand } from '../command.ts';
import type { CliIo, Output } from '../io.ts';
import { type ConnectionFlags, usableSettings } from '../settings.ts';
import { withConnectionFlags } from '../shared-flags.ts';
import { countOf, isDirectory, openSpool, REPLAY_DEADLINE_MS } from '../spool-access.ts';

export interface ReplayFlags extends ConnectionFlags {
  readonly anyProject?: boolean;
}

export const addReplay: AddCommand = (program, act) => {
  withConnectionFlags(program.command('replay').argument('<directory>', 'spool directory of an exporter'))
    .description('Send what an exporter has spooled on disk, oldest first.')
    .option('--any-project', 'send also what was spooled for a project with another API key')
    .addHelpText('after', HELP)
    .action((directory: string, flags: ReplayFlags) =>
      act((io, output) => runReplay(directory, flags, io, output)),
    );
};

const HELP = `
Safe while exporters work on the same directory, and as often as you like: PostHog knows an event that it has already.
Exit code 0 when nothing is left to send and nothing was lost.

Examples:
  $ posthog-llm-exporter spool ls /var/lib/my-app/posthog-spool
  $ POSTHOG_API_KEY=phc_… posthog-llm-exporter replay /var/lib/my-app/posthog-spool --endpoint eu`;

/** What became of the events so far. */
interface Progress {
  sent: number;
  readonly lost: Map<string, number>;
}

/**
 * Sends what is spooled in a directory, oldest first, until nothing waits or PostHog takes no more. 0 when nothing is
 * left that could be sent and nothing was lost, else 1.
 */
export async function runReplay(
  directory: string,
  flags: ReplayFlags,
  io: CliIo,
  output: Output,
): Promise<0 | 1> {
  const config = usableSettings(flags, io, output);
  if (config === undefined) return 1;
  if (!(await isDirectory(directory, output))) return 1;
  const progress: Progress = { sent: 0, lost: new Map() };
  const lose = (reason: string, events: number) =>
    progress.lost.set(reason, (progress.lost.get(reason) ?? 0) + events);
  const own = destinationOf(config.apiKey.reveal());
  const spool = openSpool(directory, own, output, (events) => lose('spool-damaged', events));
  await spool.tidy();
  const { mine, others } = sortFiles(await spool.list(), own, flags.anyProject === true);
  const total = eventsOf(mine);
  const job = createJob(config, spool, flags, ({ fate, events }) => {
    if (fate === 'delivered') progress.sent += events;
    else lose(fate.dropped, events);
  });
  const busy = eventsOf(await beingSent(spool));
  if (busy > 0) output.print(`Another process is sending ${countOf(busy, 'event')}.`);
  const end = await replayAll(job, () => {
    output.print(
      `Sent ${progress.sent.toLocaleString('en')} of ${countOf(Math.max(total, progress.sent), 'event')}.`,
    );
  });
  return report(end, progress, others, directory, output);
}

async function replayAll(job: ReplayJob, onProgress: () => void): Promise<ReplayEnd> {
  for (;;) {
    // The user awaits the command, but the delivery's waits do not keep a process alive.
    const alive = setInterval(() => {}, 60_000);
    const end = await replayBatch(job, systemClock.monotonicMs() + REPLAY_DEADLINE_MS);
    clearInterval(alive);
    if (end.type === 'nothing') return end;
    onProgress();
    if (end.type === 'failing') return end;
  }
}

function createJob(
  config: ResolvedConfig,
  spool: Spool,
  flags: ReplayFlags,
  onFate: ReplayJob['onFate'],
): ReplayJob {
  const { dispatcher, endpoint, timeoutMs, headers, logger } = config;
  const { compression, maxBatchBytes, maxRetries } = config;
  const connections = createConnections({ dispatcher, connectTimeoutMs: timeoutMs, maxConnections: 2 });
  const userAgent = `${packageName}/${packageVersion}`;
  const transport = createUndiciTransport({ connections, timeoutMs, headers, userAgent, logger });
  const apiKey = config.apiKey.reveal();
  const never = new AbortController().signal;
  return {
    spool,
    delivery: createPostHogDelivery({
      ...{ apiKey, endpoint, compression, maxBatchBytes, maxRetries },
      ...{ transport, clock: systemClock, logger },
    }),
    maxBatchBytes,
    shrink: createSerialiser().shrink,
    stop: never,
    stopRetrying: never,
    destination: flags.anyProject === true ? 'any' : 'own',
    onFate,
  };
}

interface SortedFiles {
  readonly mine: readonly SpoolEntry[];
  readonly others: readonly SpoolEntry[];
}

function sortFiles(entries: readonly SpoolEntry[], own: string, isAny: boolean): SortedFiles {
  const waiting = entries.filter(({ state }) => state.type === 'waiting');
  const isMine = ({ destination }: SpoolEntry) => isAny || destination === own;
  return { mine: waiting.filter(isMine), others: waiting.filter((entry) => !isMine(entry)) };
}

async function beingSent(spool: Spool): Promise<readonly SpoolEntry[]> {
  return (await spool.list()).filter(({ state }) => state.type === 'claimed');
}

function eventsOf(entries: readonly SpoolEntry[]): number {
  return entries.reduce((sum, { events }) => sum + events, 0);
}

function report(
  end: ReplayEnd,
  { sent, lost }: Progress,
  others: readonly SpoolEntry[],
  directory: string,
  output: Output,
): 0 | 1 {
  if (others.length > 0) {
    output.complain(
      `${countOf(eventsOf(others), 'event')} in ${directory} were spooled for a project with another API key and were ` +
        'left alone. Give that key, or --any-project to send them to this one.',
    );
  }
  for (const [reason, events] of lost) output.complain(`${countOf(events, 'event')} lost: ${reason}.`);
  if (end.type === 'failing') {
    output.complain(`Stopped: ${end.message}. What was not sent stays in ${directory}.`);
    return 1;
  }
  if (sent === 0 && lost.size === 0 && others.length === 0) output.print(`Nothing waits in ${directory}.`);
  return lost.size === 0 && others.length === 0 ? 0 : 1;
}
