import type { Logger } from '../../ledger/log.ts';
import type { Clock } from '../clock.ts';
import { createQuietAbort } from '../quiet-abort.ts';
import type { Weather } from './outage-detector.ts';
import { type ReplayJob, replayBatch } from './replay.ts';

export interface ReplayerOptions extends Omit<ReplayJob, 'destination'> {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly weather: Weather;
  /** Milliseconds for one batch with its retries. */
  readonly deadlineMs: number;
  /** When a server asked not to be asked again before a time: that time, else 0. */
  readonly notBeforeMs: () => number;
}

/** Sends what is in the spool in the background. Its waits do not keep the process alive. */
export interface Replayer {
  /** Looks at the spool now, because PostHog takes events. */
  poke(): void;
  /** Something was spooled. */
  noteStored(): void;
  /** Ends it; resolves when no file is held any more. */
  stop(): Promise<void>;
}

/** First wait after a failure, doubled each time. */
const INITIAL_WAIT_MS = 1_000;

/** One attempt a minute costs nothing, and longer waits would only delay what is spooled. */
const MAX_WAIT_MS = 60_000;

/** How often the directory is looked at while nothing is known to be in it: other processes may have left files. */
const IDLE_WAIT_MS = 60_000;

/** Starts at once with what earlier processes left. */
export function startReplayer(options: ReplayerOptions): Replayer {
  const { clock, spool, weather } = options;
  const stopped = createQuietAbort();
  let wake = new AbortController();
  let failures = 0;
  let dueAtMs = clock.now();

  const moveTo = (atMs: number): void => {
    if (atMs >= dueAtMs) return;
    dueAtMs = atMs;
    wake.abort();
  };
  const backoffMs = (): number => {
    const ceilingMs = Math.min(MAX_WAIT_MS, INITIAL_WAIT_MS * 2 ** Math.max(0, failures - 1));
    return ceilingMs * (0.5 + clock.random() / 2);
  };

  /** Resolves when it is time. Also gives way to the end of the process: no wait of ours holds it up. */
  const untilDue = async (): Promise<void> => {
    do {
      wake = new AbortController();
      const signal = AbortSignal.any([wake.signal, stopped.signal]);
      await clock.sleep(Math.max(0, dueAtMs - clock.now()), signal);
    } while (!stopped.signal.aborted && clock.now() < dueAtMs);
  };

  const run = async (): Promise<void> => {
    for (let needsTidying = true; ; ) {
      await untilDue();
      if (stopped.signal.aborted) return;
      if (needsTidying) await spool.tidy();
      dueAtMs = Number.POSITIVE_INFINITY;
      const deadlineAtMs = clock.now() + options.deadlineMs;
      const size = failures === 0 ? 'batch' : 'one-file';
      const end = await replayBatch({ ...options, destination: 'own' }, deadlineAtMs, size);
      switch (end.type) {
        case 'sent':
          failures = 0;
          weather.observe(end.result);
          moveTo(clock.now());
          break;
        case 'nothing':
          moveTo(clock.now() + IDLE_WAIT_MS);
          break;
        case 'failing':
          failures += 1;
          weather.observe(end.result);
          moveTo(Math.max(clock.now() + backoffMs(), options.notBeforeMs()));
      }
      needsTidying = end.type !== 'sent';
    }
  };

  // A defect ends the replay in this process; what is spooled stays for the next one.
  const running = run().catch((defect: unknown) => {
    const name = defect instanceof Error ? defect.name : typeof defect;
    options.logger.error(`What is spooled cannot be sent by this process any more (${name}).`);
  });
  return {
    poke: () => {
      if (spool.hasBacklog()) moveTo(clock.now());
    },
    noteStored: () => moveTo(Math.max(clock.now() + backoffMs(), options.notBeforeMs())),
    stop: async () => {
      stopped.abort();
      await running;
    },
  };
}
