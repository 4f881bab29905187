import { constants } from 'node:os';
import { processState } from '../../translate/span/process-state.ts';
import { sayMeanwhile } from './at-the-end.ts';

/**
 * What can be flushed: a processor, an exporter, a provider of OpenTelemetry, or what does it. Before the end of the
 * process itself a `shutdown` is called instead, which takes less time where PostHog does not answer.
 */
export type Flushable = { forceFlush(): Promise<void>; shutdown?(): Promise<void> } | (() => Promise<void>);

/** What `flushOnExit` takes besides what it flushes. */
export interface FlushOnExitOptions {
  /**
   * Signals before whose effect is flushed. Default: `SIGTERM` and `SIGINT`. Not `SIGHUP`: under `nohup` it must go on
   * being ignored.
   */
  readonly signals?: readonly NodeJS.Signals[] | undefined;
  /**
   * True flushes before the process dies of an exception that nobody caught (or of a rejected promise that nobody
   * handled). It dies of it afterwards as it would have without us, with its message and exit code 1.
   *
   * Default: `false`, since code of the application goes on running meanwhile.
   */
  readonly uncaughtException?: boolean | undefined;
}

/** The usual ways in which a process is asked to end. */
const SIGNALS: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT'];

/**
 * Flushes when the process is about to end: when its event loop is empty (`beforeExit`), and on a signal. A signal that
 * no other listener is there for ends the process after the flush as it would have without us; where the application listens,
 * it decides. `process.exit()` leaves no time for anything: await a flush before it.
 *
 * @param target what is flushed; its `forceFlush` bounds the time that this takes
 * @returns takes all listeners away again
 * @example
 * const processor = new PostHogLLMSpanProcessor();
 * flushOnExit(processor, { uncaughtException: true });
 */
export function flushOnExit(target: Flushable, options: FlushOnExitOptions = {}): () => void {
  const flush = (isEnd: boolean) => pendingFlush(target, isEnd);
  const removals = [
    flushBefore('beforeExit', () => sayMeanwhile(target, flush(false))),
    ...(options.signals ?? SIGNALS).map((signal) => flushBefore(signal, flush, () => endBy(signal))),
    ...(options.uncaughtException === true ? [flushBefore('uncaughtException', flush, rethrow)] : []),
  ];
  return () => {
    for (const remove of removals) remove();
  };
}

/** Never rejects: the process ends in any case, and what was lost the exporter has counted and said. */
function pendingFlush(target: Flushable, isEnd: boolean): Promise<void> {
  const flushing = Promise.resolve()
    .then(() => {
      if (typeof target === 'function') return target();
      return isEnd && target.shutdown ? target.shutdown() : target.forceFlush();
    })
    .catch(() => {})
    .finally(() => state.pending.delete(flushing));
  state.pending.add(flushing);
  return flushing;
}

/**
 * Flushes when `event` is emitted for the first time. Then `end` is called, when no listener but flushes such as this one was
 * there to deal with the event; a second event meanwhile, of a person who does not want to wait, calls it at once.
 */
function flushBefore(
  event: string,
  flush: (isEnd: boolean) => Promise<void>,
  end: (error: unknown) => void = () => {},
): () => void {
  let isFlushing = false;
  let isOurs = false;
  const remove = () => {
    if (process.listeners(event as 'exit').includes(onEvent)) count(event, -1);
    process.removeListener(event, onEvent);
  };
  const onEvent = (error?: unknown) => {
    if (isFlushing) {
      remove();
      if (isOurs) end(error);
      return;
    }
    isFlushing = true;
    isOurs = process.listenerCount(event) - passiveListeners(event) <= 0;
    void flush(isOurs)
      .then(otherFlushes)
      .then(() => {
        const isLast = process.listeners(event as 'exit').includes(onEvent) && count(event, 0) === 1;
        remove();
        if (isOurs && isLast) end(error);
      });
  };
  // Before all others: one that was added with `once` and called before us would look as if it had never been there.
  process.prependListener(event as 'exit', onEvent);
  count(event, 1);
  return remove;
}

/** Several destinations, or copies of this package, end the process together, not the fastest of them alone. */
async function otherFlushes(): Promise<void> {
  while (state.pending.size > 0) await Promise.all(state.pending);
}

/**
 * Ends the process as the signal would have. The first process of a container is ended by no signal that it does not
 * listen to, and would wait, flushed and shut down, to be killed: it exits with the code that a shell gives for the signal.
 */
function endBy(signal: NodeJS.Signals): void {
  process.kill(process.pid, signal);
  if (process.pid === 1) process.exit(128 + constants.signals[signal]);
}

/** Outside of any promise, where it is uncaught again, and no listener is there any more. */
function rethrow(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}

/**
 * Listeners that do not decide what becomes of the process: ours, and those of the package signal-exit (4 and 3), which
 * ends it only where it is alone.
 */
function passiveListeners(event: string): number {
  const shared = globalThis as unknown as Record<symbol, { readonly count?: number } | undefined>;
  const older = process as unknown as Record<string, { readonly count?: number } | undefined>;
  const signalExit = shared[Symbol.for('signal-exit emitter')] ?? older['__signal_exit_emitter__'];
  return count(event, 0) + (event.startsWith('SIG') ? (signalExit?.count ?? 0) : 0);
}

/** Our own listeners by event, after adding `difference`. */
function count(event: string, difference: -1 | 0 | 1): number {
  const counted = (state.listeners.get(event) ?? 0) + difference;
  state.listeners.set(event, counted);
  return counted;
}

interface ExitState {
  readonly pending: Set<Promise<void>>;
  readonly listeners: Map<string, number>;
}

const state = processState<ExitState>('flush-on-exit', () => ({ pending: new Set(), listeners: new Map() }));
