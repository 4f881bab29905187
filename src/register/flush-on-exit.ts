/** The usual ways in which a process is asked to end. Not SIGHUP: under `nohup` it must go on being ignored. */
const SIGNALS: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT'];

/**
 * Flushes when the process is about to end: when its event loop is empty, and on a signal. A signal that nobody else
 * listens to ends the process after the flush as it would have without us; where the application listens, it decides.
 * `process.exit()` leaves no time for anything.
 */
export function flushOnExit(flush: () => Promise<void>): void {
  process.once('beforeExit', () => void flush());
  for (const signal of SIGNALS) {
    const onSignal = () => {
      process.removeListener(signal, onSignal);
      const isOurs = process.listenerCount(signal) === 0;
      void flush().finally(() => {
        if (isOurs) process.kill(process.pid, signal);
      });
    };
    process.on(signal, onSignal);
  }
}
