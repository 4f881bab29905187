import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { IntakeObserver, SpanOutcome } from '../admit/create-intake.ts';
import type { OnAnswered, RequestInfo } from '../receive/intake.ts';

/** Counts of one kind, by their labels. */
export type Counts = ReadonlyMap<string, { readonly labels: Labels; readonly count: number }>;

export type Labels = Readonly<Record<string, string>>;

/** What the gateway counts itself; the rest is asked of the lanes when figures are wanted. */
export interface Figures extends Omit<IntakeObserver, 'onJoined' | 'onDone'> {
  readonly onAnswered: OnAnswered;
  /** By transport, sender and outcome. */
  readonly spans: Counts;
  /** By transport and sender. */
  readonly logRecords: Counts;
  /** By route and code. */
  readonly requests: Counts;
  /** Seconds that answers took: a Prometheus histogram. */
  readonly requestSeconds: Histogram;
  /** Seconds by which the event loop was late, 99th percentile and maximum since the last look. */
  loopDelaySeconds(): { readonly p99: number; readonly max: number };
  stop(): void;
}

export interface Histogram {
  /** Upper bounds with the number of values up to them. */
  readonly buckets: readonly { readonly upTo: number; readonly count: number }[];
  readonly sum: number;
  readonly count: number;
}

/** From a fast answer to the limit after which senders give up. */
const SECONDS: readonly number[] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** How often the event loop is looked at. */
const LOOK_EVERY_MS = 10;

export function createFigures(): Figures {
  const spans = createCounter();
  const logRecords = createCounter();
  const requests = createCounter();
  const seconds = createHistogram(SECONDS);
  const loop = monitorEventLoopDelay({ resolution: LOOK_EVERY_MS });
  /** It measures from look to look. */
  const late = (nanos: number): number => Math.max(0, nanos / 1e9 - LOOK_EVERY_MS / 1_000);
  loop.enable();
  const by = ({ transport, sender }: RequestInfo): Labels => ({ transport, sender });
  return {
    spans: spans.counts,
    logRecords: logRecords.counts,
    requests: requests.counts,
    requestSeconds: seconds.histogram,
    onSpans: (outcome: SpanOutcome, count, info) => spans.add({ ...by(info), outcome }, count),
    onLogs: (count, info) => logRecords.add(by(info), count),
    onMetrics: () => {},
    onAnswered: ({ route, code, durationMs }) => {
      requests.add({ route, code: String(code) }, 1);
      seconds.observe(durationMs / 1_000);
    },
    loopDelaySeconds: () => {
      const figures = { p99: late(loop.percentile(99)), max: late(loop.max) };
      loop.reset();
      return figures;
    },
    stop: () => loop.disable(),
  };
}

function createCounter(): { readonly counts: Counts; add(labels: Labels, count: number): void } {
  const counts = new Map<string, { labels: Labels; count: number }>();
  return {
    counts,
    add(labels, count) {
      if (count === 0) return;
      const key = JSON.stringify(labels);
      const entry = counts.get(key);
      if (entry) entry.count += count;
      else counts.set(key, { labels, count });
    },
  };
}

function createHistogram(bounds: readonly number[]): {
  readonly histogram: Histogram;
  observe(value: number): void;
} {
  const buckets = bounds.map((upTo) => ({ upTo, count: 0 }));
  const histogram = { buckets, sum: 0, count: 0 };
  return {
    histogram,
    observe(value) {
      histogram.sum += value;
      histogram.count += 1;
      for (const bucket of buckets) if (value <= bucket.upTo) bucket.count += 1;
    },
  };
}
