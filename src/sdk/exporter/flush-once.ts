import { trace } from '@opentelemetry/api';
import type { PostHogLLMExporterStats } from '../../pipeline/exporter-stats.ts';
import { waitAtMost } from '../../pipeline/wait-at-most.ts';

export interface FlushOnceOptions {
  /**
   * Whose span processors hand over what they still hold. Default: the tracer provider that is registered globally.
   */
  readonly provider?: { readonly forceFlush?: (() => Promise<void>) | undefined } | undefined;

  /**
   * Milliseconds to wait at most. Default: 5000; keep it below what the platform leaves after the answer.
   */
  readonly timeoutMs?: number | undefined;

  /** Takes the promise, as `ctx.waitUntil` of serverless platforms does, so that the answer need not wait for it. */
  readonly waitUntil?: ((work: Promise<unknown>) => void) | undefined;
}

/** How a flush ended, for all that went on in the exporter meanwhile. */
export interface FlushOnceResult {
  /** Nothing is left in memory, and the span processors handed over everything in time. */
  readonly complete: boolean;
  readonly delivered: number;
  readonly spooled: number;
  readonly dropped: number;
  /** Still on their way: they go on if the process does. */
  readonly inFlight: number;
}

/** The part of an exporter that a flush needs. */
export interface Flushable {
  /** Resolves when everything handed over so far has its fate, or the time is over. */
  flush(timeoutMs: number): Promise<'done' | 'late'>;
  stats(): PostHogLLMExporterStats;
}

const DEFAULT_TIMEOUT_MS = 5_000;

/** Has everything that ended before the call delivered; see `PostHogLLMSpanExporter.flushOnce`. Never rejects. */
export function flushOnce(exporter: Flushable, options: FlushOnceOptions = {}): Promise<FlushOnceResult> {
  const { provider = globalProvider(), timeoutMs = DEFAULT_TIMEOUT_MS, waitUntil } = options;
  const flushed = flush(exporter, provider, timeoutMs);
  try {
    waitUntil?.(flushed);
  } catch {
    // Some platforms throw once the answer is sent. The flush goes on as far as it may.
  }
  return flushed;
}

async function flush(
  exporter: Flushable,
  provider: FlushOnceOptions['provider'],
  timeoutMs: number,
): Promise<FlushOnceResult> {
  const before = exporter.stats();
  const endsAtMs = performance.now() + timeoutMs;
  const work = handOver(provider).then(() => exporter.flush(Math.max(0, endsAtMs - performance.now())));
  const end = await waitAtMost(timeoutMs, work);
  const { delivered, spooled, dropped, inFlight } = exporter.stats();
  return {
    complete: end === 'done' && (await work) === 'done',
    delivered: delivered - before.delivered,
    spooled: spooled - before.spooled,
    dropped: dropped - before.dropped,
    inFlight,
  };
}

/** What span processors report as failed is in the exporter's account already; here it counts that they are through. */
async function handOver(provider: FlushOnceOptions['provider']): Promise<void> {
  try {
    await provider?.forceFlush?.();
  } catch {
    // The figures say it.
  }
}

/** The provider that the application registered; OpenTelemetry's API keeps it behind a proxy. */
function globalProvider(): FlushOnceOptions['provider'] {
  const provider = trace.getTracerProvider() as { readonly getDelegate?: () => object };
  return (provider.getDelegate?.() ?? provider) as FlushOnceOptions['provider'];
}
