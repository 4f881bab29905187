import { setMaxListeners } from 'node:events';
import { systemClock } from './clock.ts';

/** One limit over everything a request does: the application's headers, connecting, sending and the answer. */
export interface TimeLimit {
  /** Aborts when the time is over or the caller's signal aborts. */
  readonly signal: AbortSignal;
  /** What ended the request; `undefined` while it may go on. */
  cause(): 'timeout' | 'aborted' | undefined;
  /** Takes the timer and the listener away. */
  dispose(): void;
}

/**
 * Starts a limit of `timeoutMs` milliseconds in which the process runs: one that was frozen meanwhile looks for the answer
 * before it gives up. Its timer does not keep the process alive.
 */
export function startTimeLimit(timeoutMs: number, outer?: AbortSignal): TimeLimit {
  const controller = new AbortController();
  let cause: 'timeout' | 'aborted' | undefined;
  const end = (why: 'timeout' | 'aborted'): void => {
    cause ??= why;
    controller.abort();
  };
  const onAbort = (): void => end('aborted');
  const endsAtMs = systemClock.monotonicMs() + timeoutMs;
  const onTimer = (): void => {
    const leftMs = endsAtMs - systemClock.monotonicMs();
    if (leftMs < 1) end('timeout');
    else timer = setTimeout(onTimer, leftMs).unref();
  };
  let timer = setTimeout(onTimer, timeoutMs).unref();
  if (outer?.aborted) {
    onAbort();
  } else {
    outer?.addEventListener('abort', onAbort, { once: true });
  }
  return {
    signal: controller.signal,
    cause: () => cause,
    dispose: () => {
      clearTimeout(timer);
      outer?.removeEventListener('abort', onAbort);
    },
  };
}

/** Settles as `work` does, or rejects when the signal aborts first. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(new Error('aborted'));
    if (signal.aborted) {
      onAbort();
    }
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/**
 * An abort controller for any number of requests at a time. Node warns of a leak from the eleventh listener on; ours
 * are taken away when their request is over.
 */
export function createQuietAbort(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}
