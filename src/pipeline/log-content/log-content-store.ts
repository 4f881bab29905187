import { mayHaveContentRecords, requestIdOf } from '../../translate/span/content-records.ts';
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
  /** The spans, each with its log records among its events; those without any are the ones given. */
  join(spans: readonly SpanView[]): SpanView[];
  /** Whether the content of the span may still come in log records, as far as is known of its instrumentation. */
  awaits(span: SpanView): boolean;
  /**
   * Resolves when each of the spans has a record, or after the time. Keeps the process alive meanwhile, since somebody
   * waits for the export.
   */
  waitFor(spans: readonly SpanView[], maxWaitMs: number): Promise<void>;
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

/**
 * Scopes whose content comes in log records, before the first has been seen; a trailing `*` matches any ending. They may
 * be told to write it elsewhere or not at all, see `MAX_VAIN_WAITS`.
 */
const KNOWN_SCOPES: readonly string[] = [
  '@opentelemetry/instrumentation-openai*',
  '@elastic/opentelemetry-instrumentation-openai',
  'opentelemetry.instrumentation.*',
  'openlit.instrumentation.*',
  'io.opentelemetry.*',
  'org.springframework.ai*',
  'org.springframework.boot',
  'gcp.vertex.agent',
  'agent_framework*',
  'semantic_kernel*',
  'com.anthropic.claude_code.tracing',
  'qwen-code',
  'gemini-cli',
];

/** A scope that was waited for so often and never logged anything is not waited for any more. */
const MAX_VAIN_WAITS = 3;

export function createLogContentStore(
  limits: LogContentLimits,
  now: () => number = Date.now,
): LogContentStore {
  const held = new Map<string, Held>();
  const scopes = new Set<string>();
  const vainWaits = new Map<string, number>();
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
  const recordsAt = (key: string): readonly LogRecordView[] => held.get(key)?.records ?? NONE;
  const recordsOf = (span: SpanView): readonly LogRecordView[] => {
    const ofSpan = recordsAt(spanKey(span.traceId, span.spanId));
    const requestId = requestIdOf(span);
    const ofRequest = requestId === undefined ? NONE : recordsAt(requestKey(requestId));
    if (ofRequest.length === 0) return ofSpan;
    return ofSpan.length === 0 ? ofRequest : [...ofSpan, ...ofRequest];
  };
  const learn = (scopeName: string) => {
    if (scopes.size < MAX_SCOPES) scopes.add(scopeName);
  };

  return {
    hold(record) {
      const { requestId, traceId, spanId } = record;
      const key = requestId === undefined ? spanKey(traceId, spanId) : requestKey(requestId);
      const bytes = estimateBytes(record, limits.maxHeldBytes);
      const entry = held.get(key);
      if (entry) {
        entry.records.push(record);
        entry.bytes += bytes;
      } else {
        held.set(key, { records: [record], bytes, sinceMs: now() });
      }
      heldBytes += bytes;
      learn(record.scopeName);
      evict();
      for (const wake of waiting) wake();
    },
    join(spans) {
      const joined = spans.map((span) => {
        const records = recordsOf(span);
        if (records.length > 0) learn(span.scope.name);
        return records;
      });
      if (held.size > 0) adoptFromParents(spans, joined, recordsAt);
      return spans.map((span, index) => {
        const records = joined[index] ?? NONE;
        return records.length === 0 ? span : { ...span, events: [...span.events, ...records] };
      });
    },
    awaits(span) {
      const { name } = span.scope;
      const isKnown = scopes.has(name) || KNOWN_SCOPES.some((known) => matches(name, known));
      const isVain = !scopes.has(name) && (vainWaits.get(name) ?? 0) >= MAX_VAIN_WAITS;
      return isKnown && !isVain && mayHaveContentRecords(span) && recordsOf(span).length === 0;
    },
    async waitFor(spans, maxWaitMs) {
      const missing = () => spans.some((span) => recordsOf(span).length === 0);
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
        waiting.add(wake);
      });
      for (const scopeName of new Set(spans.map(({ scope }) => scope.name))) {
        if (vainWaits.size < MAX_SCOPES) vainWaits.set(scopeName, (vainWaits.get(scopeName) ?? 0) + 1);
      }
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

const NONE: readonly LogRecordView[] = [];

function spanKey(traceId: string, spanId: string): string {
  return `${traceId}:${spanId}`;
}

function requestKey(requestId: string): string {
  return `request:${requestId}`;
}

function matches(name: string, pattern: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

/**
 * Records that were written while the span around a model call was the active one (Traceloop for LangChain) belong to
 * the call, if it is the only one there.
 * @param ownRecords by index of the span; filled in
 * @param recordsAt those of a span by its key
 */
function adoptFromParents(
  spans: readonly SpanView[],
  ownRecords: (readonly LogRecordView[])[],
  recordsAt: (key: string) => readonly LogRecordView[],
): void {
  const callKeys = new Set<string>();
  const callsBelow = new Map<string, number[]>();
  spans.forEach((span, index) => {
    if (!mayHaveContentRecords(span)) return;
    callKeys.add(spanKey(span.traceId, span.spanId));
    if (span.parentSpanId === undefined) return;
    const parentKey = spanKey(span.traceId, span.parentSpanId);
    const calls = callsBelow.get(parentKey);
    if (calls) calls.push(index);
    else callsBelow.set(parentKey, [index]);
  });
  for (const [parentKey, calls] of callsBelow) {
    const [index] = calls;
    const call = index === undefined ? undefined : spans[index];
    if (index === undefined || !call || calls.length > 1 || callKeys.has(parentKey)) continue;
    if (ownRecords[index]?.length !== 0) continue;
    ownRecords[index] = recordsAt(parentKey).filter(({ scopeName }) => scopeName === call.scope.name);
  }
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
