import { estimateBytes } from '../../json/estimate-bytes.ts';
import type { LogRecordView } from '../../translate/span/read-log-record.ts';

/** Bounds of what is held. A record is needed only until its span is exported, usually some seconds. */
export interface LogContentLimits {
  /** Estimated bytes of all held records; the oldest go first. */
  readonly maxHeldBytes: number;
  /** Milliseconds after which a record is let go. */
  readonly maxAgeMs: number;
}

export const DEFAULT_LOG_CONTENT_LIMITS: LogContentLimits = {
  // Enough for some hundred long prompts, small beside an application's heap.
  maxHeldBytes: 32 * 1024 * 1024,
  // Longer than a batch span processor waits (5 s) and than most calls take.
  maxAgeMs: 5 * 60_000,
};

/** Log records by the key of what they belong to, within bounds. */
export interface HeldRecords {
  add(key: string, record: LogRecordView): void;
  at(key: string): readonly LogRecordView[];
  /** Keys that have records. */
  readonly size: number;
  readonly bytes: number;
  clear(): void;
}

interface Held {
  readonly records: LogRecordView[];
  bytes: number;
  readonly sinceMs: number;
}

export const NO_RECORDS: readonly LogRecordView[] = [];

export function createHeldRecords(limits: LogContentLimits, now: () => number): HeldRecords {
  const held = new Map<string, Held>();
  let heldBytes = 0;
  const evict = () => {
    const oldestAllowedMs = now() - limits.maxAgeMs;
    // Insertion order is age order.
    for (const [key, entry] of held) {
      if (entry.sinceMs >= oldestAllowedMs && heldBytes <= limits.maxHeldBytes) break;
      held.delete(key);
      heldBytes -= entry.bytes;
    }
  };
  return {
    add(key, record) {
      const bytes = estimateBytes(record, limits.maxHeldBytes);
      const entry = held.get(key);
      if (entry) {
        entry.records.push(record);
        entry.bytes += bytes;
      } else {
        held.set(key, { records: [record], bytes, sinceMs: now() });
      }
      heldBytes += bytes;
      evict();
    },
    at: (key) => held.get(key)?.records ?? NO_RECORDS,
    get size() {
      return held.size;
    },
    get bytes() {
      return heldBytes;
    },
    clear() {
      held.clear();
      heldBytes = 0;
    },
  };
}
