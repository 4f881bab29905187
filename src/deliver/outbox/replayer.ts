import type { Logger } from '../../ledger/log.ts';
import { type Backoff, backoffMs } from '../backoff.ts';
import type { Clock } from '../clock.ts';
import { createQuietAbort } from '../time-limit.ts';
import type { OutageDetector } from './outage-detector.ts';
import type { Persistence } from './persistence.ts';
import { type ReplayJob, replayBatch } from './replay.ts';

export interface ReplayerOptions extends Omit<ReplayJob, 'destination'> {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly outage: OutageDetector;
  readonly persistence: Pick<Persistence, 'onStored'>;
  /** Milliseconds for one batch with its retries. */
  readonly deadlineMs: number;
  /** When a server asked not to be asked again before a time: that time by the monotonic clock, else 0. */
  readonly notBeforeMs: () => number;
}

/** Sends what is in the spool in the background. Its waits do not keep the process alive. */
export interface Replayer {
  /** Ends it; resolves when no file is held any more. */
  stop(): Promise<void>;
}

/** One attempt a minute costs nothing, and longer waits would only delay what is spooled. */
const BACKOFF: Backoff = { initialMs: 1_000, maxMs: 60_000 };

/** How often the directory is looked at while nothing is known to be in it: other processes may have left files. */
const IDLE_WAIT_MS = 60_000;

/** Starts at once with what earlier processes left, and goes on when PostHog takes events or something was spooled. */
export function startReplayer(options: ReplayerOptions): Replayer {
  const { clock, spool, outage } = options;
  const stopped = createQuietAbort();
  let wake = new AbortController();
  let failures = 0;
  let dueAtMs = clock.monotonicMs();

  const moveTo = (atMs: number): void => {
    if (atMs >= dueAtMs) return;
    dueAtMs = atMs;
    wake.abort();
  };
  const moveAfterFailure = (): void => {
    moveTo(Math.max(clock.monotonicMs() + backoffMs(failures, BACKOFF, clock), options.notBeforeMs()));
  };

  /** Resolves when it is time. Also gives way to the end of the process: no wait of ours holds it up. */
  const untilDue = async (): Promise<void> => {
    do {
      wake = new AbortController();
      const signal = AbortSignal.any([wake.signal, stopped.signal]);
      await clock.sleep(Math.max(0, dueAtMs - clock.monotonicMs()), signal);
    } while (!stopped.signal.aborted && clock.monotonicMs() < dueAtMs);
  };

  const run = async (): Promise<void> => {
    for (let needsTidying = true; ; ) {
      await untilDue();
      if (stopped.signal.aborted) return;
      if (needsTidying) await spool.tidy();
      dueAtMs = Number.POSITIVE_INFINITY;
      const deadlineAtMs = clock.monotonicMs() + options.deadlineMs;
      const size = failures === 0 ? 'batch' : 'one-file';
      const end = await replayBatch({ ...options, destination: 'own' }, deadlineAtMs, size);
      switch (end.type) {
        case 'sent':
          failures = 0;
          outage.observe(end.result);
          moveTo(clock.monotonicMs());
          break;
        case 'nothing':
          moveTo(clock.monotonicMs() + IDLE_WAIT_MS);
          break;
        case 'failing':
          failures += 1;
          outage.observe(end.result);
          moveAfterFailure();
      }
      needsTidying = end.type !== 'sent';
    }
  };

  // A defect ends the replay in this process; what is spooled stays for the next one.
  const running = run().catch((defect: unknown) => {
    const name = defect instanceof Error ? defect.name : typeof defect;
    options.logger.error(`What is spooled cannot be sent by this process any more (${name}).`);
  });
  outage.onRecovered(() => {
    if (spool.hasBacklog()) moveTo(clock.monotonicMs());
  });
  options.persistence.onStored(moveAfterFailure);
  return {
    stop: async () => {
      stopped.abort();
      await running;
    },
  };
}
