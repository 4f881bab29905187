import { type Clock, sleepUntil } from './clock.ts';

/** What is seen of turns from outside. */
export interface TurnsTaken {
  /** Whether the next one would have to wait. */
  areTaken(): boolean;
  /** @param listener called whenever a turn has ended */
  onFree(listener: () => void): void;
}

/** So many at a time; others wait for their turn. */
export interface Turns extends TurnsTaken {
  /** @returns whether there was a turn in time; each one is to be ended */
  take(endsAtMs: number, signal: AbortSignal | undefined): Promise<boolean>;
  /** The next in the queue takes the place over. */
  end(): void;
}

export function createTurns(maxConcurrent: number, clock: Clock): Turns {
  const waiting = new Set<() => void>();
  const listeners: (() => void)[] = [];
  let underWay = 0;
  return {
    async take(endsAtMs, signal) {
      if (underWay < maxConcurrent) {
        underWay += 1;
        return true;
      }
      const woken = new AbortController();
      let isMyTurn = false;
      const wake = (): void => {
        isMyTurn = true;
        woken.abort();
      };
      waiting.add(wake);
      await sleepUntil(clock, endsAtMs, signal ? AbortSignal.any([woken.signal, signal]) : woken.signal);
      waiting.delete(wake);
      return isMyTurn;
    },
    end() {
      const [next] = waiting;
      if (next === undefined) underWay -= 1;
      else {
        waiting.delete(next);
        next();
      }
      for (const listener of listeners) listener();
    },
    areTaken: () => underWay >= maxConcurrent,
    onFree: (listener) => void listeners.push(listener),
  };
}
