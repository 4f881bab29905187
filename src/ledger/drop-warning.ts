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
  const untold = new Map<DropReason, number>();
  let timer: NodeJS.Timeout | undefined;

  const tell = (): void => {
    if (untold.size === 0) return;
    const total = [...untold.values()].reduce((sum, count) => sum + count, 0);
    const reasons = [...untold].map(([reason, count]) => `${reason}: ${count}`).join(', ');
    const details = [...untold.keys()].map(why).filter((detail) => detail !== undefined);
    const steps = [...new Set([...untold.keys()].map(nextStep))];
    untold.clear();
    const because = [...details, ...steps].map((part) => `: ${part}`).join('');
    logger.warn(
      `${prefix}: ${total} ${total === 1 ? 'event was' : 'events were'} lost (${reasons})${because}`,
    );
  };
  const wait = (): void => {
    timer = setTimeout(() => {
      timer = undefined;
      if (untold.size === 0) return;
      tell();
      wait();
    }, GATHER_MS).unref();
  };
  let isScheduled = false;

  return {
    note: (reason, count) => {
      untold.set(reason, (untold.get(reason) ?? 0) + count);
      if (timer !== undefined || isScheduled) return;
      // The losses of one batch come together; they make one line.
      isScheduled = true;
      queueMicrotask(() => {
        isScheduled = false;
        tell();
        wait();
      });
    },
    flush: tell,
  };
}
