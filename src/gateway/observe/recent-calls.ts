import type { PostHogLLMEvent } from '../../config/options.ts';
import type { SpanView } from '../../translate/span/span-view.ts';
import { createHeldTraces } from './held-traces.ts';

/** What became of an event, as far as is known. */
export type RecentFate = 'on its way' | 'taken' | 'on disk' | 'lost' | 'not sent';

/** One event of one destination, for the list of the page. Holds no content. */
export interface RecentCall {
  readonly id: string;
  readonly destination: string;
  /** When it was made; ISO 8601. */
  readonly at: string;
  readonly event: string;
  readonly sender: string;
  readonly service: string;
  readonly name: string;
  readonly model: string;
  readonly provider: string;
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
  /** As the span says it; PostHog prices the others. */
  readonly costUsd: number | undefined;
  readonly latencySeconds: number | undefined;
  readonly isError: boolean;
  readonly traceId: string;
  readonly spanId: string;
  readonly fate: RecentFate;
}

/**
 * The newest events and the spans that they were made of, in memory only and within bounds. Nothing is held while nobody
 * looks.
 */
export interface RecentCalls {
  /** Whether the page was asked for lately, so that it is worth keeping anything. */
  isWatched(): boolean;
  /** Holds spans as they were given to the destinations. */
  noteSpans(spans: readonly SpanView[], sender: string): void;
  /** @param fate what is known when the event is made */
  add(destination: string, event: PostHogLLMEvent, fate: RecentFate): void;
  /** Takes note of what became of the events of these spans. */
  setFate(destination: string, spans: readonly SpanView[], fate: RecentFate): void;
  /** Newest first. */
  list(): readonly RecentCall[];
  get(id: string): { readonly call: RecentCall; readonly event: PostHogLLMEvent } | undefined;
  /** Spans of a trace that are still held, by the id that OpenTelemetry has for it. */
  spansOfTrace(traceId: string): readonly SpanView[];
  /** @returns a function that ends it */
  subscribe(listener: (call: RecentCall) => void): () => void;
}

/** How long calls are held after the last look. */
const WATCHED_FOR_MS = 10 * 60_000;

export interface RecentLimits {
  /** Calls are held also while no page is open. Default: false. */
  readonly isAlwaysWatched?: boolean;
  readonly maxEvents: number;
  readonly maxBytes: number;
}

export const RECENT_LIMITS: RecentLimits = { maxEvents: 500, maxBytes: 32 * 1024 * 1024 };

interface Entry {
  call: RecentCall;
  readonly event: PostHogLLMEvent;
  readonly bytes: number;
}

export function createRecentCalls({
  maxEvents,
  maxBytes,
  isAlwaysWatched = false,
}: RecentLimits): RecentCalls {
  const entries = new Map<string, Entry>();
  const traces = createHeldTraces();
  const listeners = new Set<(call: RecentCall) => void>();
  let eventBytes = 0;
  let watchedUntilMs = isAlwaysWatched ? Number.POSITIVE_INFINITY : 0;
  const isWatched = (): boolean => listeners.size > 0 || performance.now() < watchedUntilMs;
  const look = (): void => {
    watchedUntilMs = Math.max(watchedUntilMs, performance.now() + WATCHED_FOR_MS);
  };

  const isOverBytes = (): boolean => eventBytes + traces.bytes > maxBytes;
  const evict = (): void => {
    for (const [id, entry] of entries) {
      if (entries.size <= maxEvents && !isOverBytes()) return;
      entries.delete(id);
      eventBytes -= entry.bytes;
    }
    traces.dropWhile(isOverBytes);
  };
  const notify = (call: RecentCall): void => {
    for (const listener of listeners) listener(call);
  };

  return {
    isWatched,
    noteSpans(spans, sender) {
      if (!isWatched()) return;
      traces.hold(spans, sender);
      evict();
    },
    add(destination, event, fate) {
      const id = `${destination}/${event.uuid}`;
      const { properties } = event;
      const spanId = textOf(properties.$ai_span_id);
      const held = traces.ofSpan(spanId);
      const traceId = held?.traceId ?? textOf(properties.$ai_trace_id);
      const call = summaryOf(id, destination, event, fate, traceId, held?.sender ?? '');
      const size = JSON.stringify(event).length;
      eventBytes += size - (entries.get(id)?.bytes ?? 0);
      entries.delete(id);
      entries.set(id, { call, event, bytes: size });
      evict();
      notify(call);
    },
    setFate(destination, spans, fate) {
      const ids = new Set(spans.map(({ spanId }) => spanId));
      for (const entry of entries.values()) {
        const { call } = entry;
        if (call.destination !== destination || call.fate !== 'on its way' || !ids.has(call.spanId)) continue;
        entry.call = { ...call, fate };
        notify(entry.call);
      }
    },
    list() {
      look();
      return [...entries.values()].map(({ call }) => call).reverse();
    },
    get: (id) => entries.get(id),
    spansOfTrace: traces.spansOf,
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        look();
      };
    },
  };
}

function summaryOf(
  id: string,
  destination: string,
  { event, timestamp, properties }: PostHogLLMEvent,
  fate: RecentFate,
  traceId: string,
  sender: string,
): RecentCall {
  return {
    id,
    destination,
    at: timestamp ?? '',
    event,
    sender,
    service: textOf(properties['service.name']),
    name: textOf(properties.$ai_span_name),
    model: textOf(properties.$ai_model),
    provider: textOf(properties.$ai_provider),
    inputTokens: numberOf(properties.$ai_input_tokens),
    outputTokens: numberOf(properties.$ai_output_tokens),
    costUsd: costOf(properties),
    latencySeconds: numberOf(properties.$ai_latency),
    isError: properties.$ai_is_error === true,
    traceId,
    spanId: textOf(properties.$ai_span_id),
    fate,
  };
}

function costOf(properties: PostHogLLMEvent['properties']): number | undefined {
  const total = numberOf(properties.$ai_total_cost_usd);
  const [input, output] = [numberOf(properties.$ai_input_cost_usd), numberOf(properties.$ai_output_cost_usd)];
  return total ?? (input === undefined && output === undefined ? undefined : (input ?? 0) + (output ?? 0));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
