import type { DropReason } from './drop-reasons.ts';
import type { Logger } from './log.ts';
import { nextStep } from './next-step.ts';

/** Logs losses in one line at a time, however many there are. */
export interface DropWarning {
  note(reason: DropReason, count: number): void;
  /** Reports at once what has not been reported yet. */
  flush(): void;
}

/** The first loss is reported at once; those that follow are gathered for this long. */
const GATHER_MS = 60_000;

/**
 * @param prefix put before each line, such as the name of the package
 * @param why what is known of a reason, in words without keys or content
 */
export function createDropWarning(
  logger: Logger,
  prefix: string,
  why: (reason: DropReason) => string | undefined = () => undefined,
): DropWarning {
  const unreported = new Map<DropReason, number>();
  let timer: NodeJS.Timeout | undefined;

  const report = (): void => {
    if (unreported.size === 0) return;
    const total = [...unreported.values()].reduce((sum, count) => sum + count, 0);
    const reasons = [...unreported].map(([reason, count]) => `${reason}: ${count}`).join(', ');
    const details = [...unreported.keys()].map(why).filter((detail) => detail !== undefined);
    const steps = [...new Set([...unreported.keys()].map(nextStep))];
    unreported.clear();
    const because = [...details, ...steps].map((part) => `: ${part}`).join('');
    logger.warn(
      `${prefix}: ${total} ${total === 1 ? 'event was' : 'events were'} lost (${reasons})${because}`,
    );
  };
  const wait = (): void => {
    timer = setTimeout(() => {
      timer = undefined;
      if (unreported.size === 0) return;
      report();
      wait();
    }, GATHER_MS).unref();
  };
  let isScheduled = false;

  return {
    note: (reason, count) => {
      unreported.set(reason, (unreported.get(reason) ?? 0) + count);
      if (timer !== undefined || isScheduled) return;
      // The losses of one batch come together; they make one line.
      isScheduled = true;
      queueMicrotask(() => {
        isScheduled = false;
        report();
        wait();
      });
    },
    flush: report,
  };
}
