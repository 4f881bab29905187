import type { PostHogLLMExporterStats } from '../../pipeline/exporter-stats.ts';
import type { Admission } from '../admit/admission.ts';
import type { Lanes } from '../lanes/lanes.ts';
import type { AdminRoute } from './admin-http.ts';
import type { Figures, Labels } from './figures.ts';

type Sample = readonly [labels: Labels, value: number, suffix?: string];

/** One metric, with where its samples come from. */
export interface MetricRow {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  /** The Collector's metric of the same meaning, for dashboards that are moved. */
  readonly collectorName?: string;
  readonly samples: (sources: MetricSources) => readonly Sample[];
}

export interface MetricSources {
  readonly figures: Figures;
  readonly lanes: Lanes;
  readonly admission: Admission;
  readonly startedAtMs: number;
}

function ofEachLane(
  lanes: Lanes,
  samplesOf: (destination: string, stats: PostHogLLMExporterStats) => readonly Sample[],
): readonly Sample[] {
  return lanes.current().flatMap(({ name, pipeline }) => samplesOf(name, pipeline.stats()));
}

/** Every metric of the gateway; `docs/gateway.md` has the same table. */
export const METRICS: readonly MetricRow[] = [
  {
    name: 'posthog_gateway_receiver_spans_total',
    type: 'counter',
    help: 'Spans received, by transport, sender and outcome.',
    collectorName: 'otelcol_receiver_accepted_spans, otelcol_receiver_refused_spans',
    samples: ({ figures }) => [...figures.spans.values()].map(({ labels, count }) => [labels, count]),
  },
  {
    name: 'posthog_gateway_receiver_log_records_total',
    type: 'counter',
    help: 'Log records received, by transport and sender.',
    collectorName: 'otelcol_receiver_accepted_log_records',
    samples: ({ figures }) => [...figures.logRecords.values()].map(({ labels, count }) => [labels, count]),
  },
  {
    name: 'posthog_gateway_requests_total',
    type: 'counter',
    help: 'Requests answered, by route and code.',
    collectorName: 'otelcol_receiver_requests',
    samples: ({ figures }) => [...figures.requests.values()].map(({ labels, count }) => [labels, count]),
  },
  {
    name: 'posthog_gateway_request_seconds',
    type: 'histogram',
    help: 'Time from a request to its answer.',
    samples: ({ figures: { requestSeconds } }) => [
      ...requestSeconds.buckets.map(({ upTo, count }): Sample => [{ le: String(upTo) }, count, '_bucket']),
      [{ le: '+Inf' }, requestSeconds.count, '_bucket'],
      [{}, requestSeconds.sum, '_sum'],
      [{}, requestSeconds.count, '_count'],
    ],
  },
  {
    name: 'posthog_gateway_events_total',
    type: 'counter',
    help: 'What became of the spans given to a destination, by fate and reason.',
    collectorName: 'otelcol_exporter_sent_spans, otelcol_exporter_send_failed_spans',
    samples: ({ lanes }) =>
      ofEachLane(lanes, (destination, { delivered, filtered, sampledOut, droppedByReason }) => [
        [{ destination, fate: 'delivered', reason: '' }, delivered],
        [{ destination, fate: 'filtered', reason: '' }, filtered],
        [{ destination, fate: 'sampled_out', reason: '' }, sampledOut],
        ...Object.entries(droppedByReason).map(
          ([reason, count]): Sample => [{ destination, fate: 'dropped', reason }, count ?? 0],
        ),
      ]),
  },
  {
    name: 'posthog_gateway_events_waiting',
    type: 'gauge',
    help: 'Events of a destination that have no last fate yet: on their way, or on disk.',
    collectorName: 'otelcol_exporter_queue_size',
    samples: ({ lanes }) =>
      ofEachLane(lanes, (destination, { inFlight, spooled }) => [
        [{ destination, where: 'memory' }, inFlight],
        [{ destination, where: 'disk' }, spooled],
      ]),
  },
  {
    name: 'posthog_gateway_destination_up',
    type: 'gauge',
    help: 'Whether the newest delivery or test of a destination succeeded.',
    samples: ({ lanes }) =>
      lanes.health().map(({ name: destination, state }) => [{ destination }, state === 'ok' ? 1 : 0]),
  },
  {
    name: 'posthog_gateway_spool_bytes',
    type: 'gauge',
    help: 'Bytes on the disk of a destination.',
    samples: ({ lanes }) =>
      ofEachLane(lanes, (destination, { spool }) => (spool ? [[{ destination }, spool.bytes]] : [])),
  },
  {
    name: 'posthog_gateway_inflight_bytes',
    type: 'gauge',
    help: 'Memory held by requests and what came of them.',
    samples: ({ admission }) => [[{}, admission.heldBytes]],
  },
  {
    name: 'posthog_gateway_event_loop_delay_seconds',
    type: 'gauge',
    help: 'By how much the event loop was late since the last look.',
    samples: ({ figures }) => {
      const { p99, max } = figures.loopDelaySeconds();
      return [
        [{ quantile: '0.99' }, p99],
        [{ quantile: '1' }, max],
      ];
    },
  },
  {
    name: 'process_resident_memory_bytes',
    type: 'gauge',
    help: 'Memory of the process.',
    collectorName: 'otelcol_process_memory_rss',
    samples: () => [[{}, process.memoryUsage.rss()]],
  },
  {
    name: 'process_cpu_seconds_total',
    type: 'counter',
    help: 'Processor time of the process.',
    collectorName: 'otelcol_process_cpu_seconds',
    samples: () => {
      const { user, system } = process.cpuUsage();
      return [[{}, (user + system) / 1e6]];
    },
  },
  {
    name: 'process_start_time_seconds',
    type: 'gauge',
    help: 'When the process started; seconds since the epoch.',
    collectorName: 'otelcol_process_uptime',
    samples: ({ startedAtMs }) => [[{}, startedAtMs / 1_000]],
  },
];

export const PROMETHEUS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** The text that Prometheus reads. */
export function renderMetrics(sources: MetricSources): string {
  return METRICS.map(({ name, type, help, samples }) => {
    const lines = samples(sources).map(
      ([labels, value, suffix = '']) => `${name}${suffix}${renderLabels(labels)} ${value}`,
    );
    return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.map((line) => `${line}\n`).join('')}`;
  }).join('');
}

function renderLabels(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

/** Prometheus sends neither a token nor a host name that is known. */
export function metricsRoute(sources: Omit<MetricSources, 'startedAtMs'>): AdminRoute {
  const startedAtMs = Date.now();
  return {
    path: '/metrics',
    method: 'GET',
    access: 'anybody',
    answer: () => ({
      status: 200,
      type: PROMETHEUS_TYPE,
      body: renderMetrics({ ...sources, startedAtMs }),
    }),
  };
}
