import type { DeliveryResult } from '../transport.ts';
import { isWorthKeeping } from './drop-reasons.ts';

/** Whether PostHog can be reached, by what the newest deliveries met. */
export interface Weather {
  isOutage(): boolean;
  observe(result: DeliveryResult): void;
}

/** @param onClear called for each delivery that succeeds */
export function createWeather(onClear: () => void): Weather {
  let isOutage = false;
  return {
    isOutage: () => isOutage,
    observe: ({ delivered, failed }) => {
      // What we end ourselves says nothing about the other side.
      const isPassing = failed.some(({ reason }) => reason !== 'aborted' && isWorthKeeping(reason));
      if (delivered > 0) {
        isOutage = false;
        onClear();
      } else if (isPassing) {
        isOutage = true;
      }
    },
  };
}
