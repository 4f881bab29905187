import { isRetryableLater } from '../../ledger/drop-reasons.ts';
import type { DeliveryResult } from '../transport.ts';

/** Whether PostHog can be reached, by what the newest deliveries met. */
export interface OutageDetector {
  isOutage(): boolean;
  observe(result: DeliveryResult): void;
  /** @param listener called for each delivery that succeeds */
  onRecovered(listener: () => void): void;
}

export function createOutageDetector(): OutageDetector {
  const listeners: (() => void)[] = [];
  let isOutage = false;
  return {
    isOutage: () => isOutage,
    observe: ({ delivered, failed }) => {
      // What we end ourselves says nothing about the other side.
      const isPassing = failed.some(({ reason }) => reason !== 'aborted' && isRetryableLater(reason));
      if (delivered > 0) {
        isOutage = false;
        for (const listener of listeners) listener();
      } else if (isPassing) {
        isOutage = true;
      }
    },
    onRecovered: (listener) => void listeners.push(listener),
  };
}
