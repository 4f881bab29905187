import type { LogRecordView } from '../../translate/span/read-log-record.ts';
import type { SpanView } from '../../translate/span/span-view.ts';

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

/** Log records of GenAI instrumentations, held until the span they were emitted in is exported. */
export interface LogContentStore {
  hold(record: LogRecordView): void;
  /** The span with its log records among its events; the span itself when there are none. */
  join(span: SpanView): SpanView;
  /** Whether instrumentation of this scope puts content into log records, as far as seen. */
  writesContent(scopeName: string): boolean;
  has(span: Pick<SpanView, 'traceId' | 'spanId'>): boolean;
  /** Resolves when each of the spans has a record, or after the time. */
  waitFor(spans: readonly Pick<SpanView, 'traceId' | 'spanId'>[], maxWaitMs: number): Promise<void>;
  readonly heldBytes: number;
  clear(): void;
}

interface Held {
  readonly records: LogRecordView[];
  bytes: number;
  readonly sinceMs: number;
}

/** Scope names remembered; an application has a handful. */
const MAX_SCOPES = 1_000;

/** Scopes whose content is known to come in log records, before the first has been seen. */
const KNOWN_SCOPES: readonly string[] = ['@opentelemetry/instrumentation-openai', 'org.springframework.ai'];

export function createLogContentStore(
  limits: LogContentLimits,
  now: () => number = Date.now,
): LogContentStore {
  const held = new Map<string, Held>();
  const scopes = new Set<string>();
  const waiting = new Set<() => void>();
  let heldBytes = 0;

  const drop = (key: string, entry: Held) => {
    held.delete(key);
    heldBytes -= entry.bytes;
  };
  const evict = () => {
    const oldestAllowedMs = now() - limits.maxAgeMs;
    // Insertion order is age order.
    for (const [key, entry] of held) {
      if (entry.sinceMs >= oldestAllowedMs && heldBytes <= limits.maxHeldBytes) break;
      drop(key, entry);
    }
  };
  const keyOf = ({ traceId, spanId }: Pick<SpanView, 'traceId' | 'spanId'>) => `${traceId}:${spanId}`;

  return {
    hold(record) {
      const key = keyOf(record);
      const bytes = estimateBytes(record, limits.maxHeldBytes);
      const entry = held.get(key);
      if (entry) {
        entry.records.push(record);
        entry.bytes += bytes;
      } else {
        held.set(key, { records: [record], bytes, sinceMs: now() });
      }
      heldBytes += bytes;
      if (scopes.size < MAX_SCOPES) scopes.add(record.scopeName);
      evict();
      for (const wake of waiting) wake();
    },
    join(span) {
      const records = held.get(keyOf(span))?.records;
      return records === undefined ? span : { ...span, events: [...span.events, ...records] };
    },
    writesContent: (scopeName) =>
      scopes.has(scopeName) || KNOWN_SCOPES.some((known) => scopeName.startsWith(known)),
    has: (span) => held.has(keyOf(span)),
    async waitFor(spans, maxWaitMs) {
      const missing = () => spans.some((span) => !held.has(keyOf(span)));
      if (!missing()) return;
      await new Promise<void>((resolve) => {
        const stop = () => {
          clearTimeout(timer);
          waiting.delete(wake);
          resolve();
        };
        const wake = () => {
          if (!missing()) stop();
        };
        const timer = setTimeout(stop, maxWaitMs);
        timer.unref();
        waiting.add(wake);
      });
    },
    get heldBytes() {
      return heldBytes;
    },
    clear() {
      held.clear();
      heldBytes = 0;
    },
  };
}

/** Rough size: two bytes a character, some for structure; stops counting at the limit. */
function estimateBytes(value: unknown, limit: number): number {
  let bytes = 0;
  const rest: unknown[] = [value];
  while (rest.length > 0 && bytes < limit) {
    const next = rest.pop();
    bytes += 16;
    if (typeof next === 'string') bytes += next.length * 2;
    else if (Array.isArray(next)) rest.push(...next.slice(0, 10_000));
    else if (typeof next === 'object' && next !== null)
      rest.push(...Object.keys(next), ...Object.values(next));
  }
  return bytes;
}
