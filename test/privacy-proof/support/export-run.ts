import { DiagLogLevel, diag } from '@opentelemetry/api';
import type { PostHogLLMSpanExporterOptions } from '../../../src/config/options.ts';
import type { Clock } from '../../../src/deliver/clock.ts';
import { PostHogLLMLogRecordProcessor } from '../../../src/sdk/logs/log-record-processor.ts';
import { exportSpans } from '../../support/export-spans.ts';
import { createExporterWithClock } from '../../support/exporter-with-clock.ts';
import {
  type LoopbackPostHog,
  type RecordedRequest,
  type Scripted,
  startLoopbackPostHog,
} from '../../support/loopback-posthog.ts';
import { freshDirectory } from '../../support/spool.ts';
import { until } from '../../support/until.ts';
import type { Load } from './corpus-load.ts';
import { createInspectingLogger, readSpool, recordingMeters, shown } from './sinks.ts';

export const API_KEY = 'phc_KeyThatNobodyMayEverSee0123456789abcdefgh';
export const HEADER_VALUE = 'proxy-token-that-nobody-may-ever-see';

/** Every span attribute there is; one `*` for all is refused by the option. */
export const ALL_ATTRIBUTES = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789'].map(
  (letter) => `${letter}*`,
);

/** Accepted events by uuid. */
export type SentEvents = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/** Everything that left an exporter, by the way it took. */
export interface Output {
  /** Decompressed request bodies. */
  readonly bodies: readonly string[];
  /** Request lines and headers. */
  readonly heads: readonly string[];
  /** Names and content of spool files, as far as they were on disk when a request came in or the export was over. */
  readonly spool: readonly string[];
  /** Lines of the logger, of OpenTelemetry's `diag`, and what was inspected, figures, metrics. */
  readonly diagnostics: readonly string[];
  readonly events: SentEvents;
  /** Exports that were reported as failed. */
  readonly failures: number;
}

/** What PostHog does for as long as it is out of order. */
const OUTAGE: readonly Scripted[] = [
  { do: 'answer', status: 503, headers: { 'retry-after': '1' } },
  { do: 'reset', when: 'before-answer' },
  { do: 'reset', when: 'mid-upload' },
  { do: 'answer', status: 500 },
  { do: 'truncate' },
  { do: 'answer', status: 429, headers: { 'retry-after': '2' } },
];

/** An answer that repeats the request, as proxies and careless servers do. */
function echo(status: number, { body, headers }: RecordedRequest): Scripted {
  return { do: 'answer', status, body: `${JSON.stringify(headers)} ${body?.toString() ?? ''}` };
}

/**
 * Exports everything through a first PostHog that fails in every way, so that all of it is spooled, and then has it
 * replayed to one that takes it after a 413 and more failures.
 */
export async function runWithSpool(
  loads: readonly Load[],
  mode: 'on-failure' | 'always',
  options: PostHogLLMSpanExporterOptions,
): Promise<Output> {
  const directory = freshDirectory();
  const spool: string[] = [];
  let isDown = true;
  const rig = await startRig({ ...options, spool: { directory, mode } }, (request, index) => {
    if (mode === 'always' && index % 40 === 0) spool.push(...readSpool(directory));
    if (isDown) return index % 7 === 6 ? echo(502, request) : OUTAGE[index % OUTAGE.length];
    if (request.events.length > 40) return { do: 'answer', status: 413 };
    return index % 9 === 0 ? OUTAGE[index % OUTAGE.length] : undefined;
  });
  await rig.exportAll(loads);
  spool.push(...readSpool(directory));
  isDown = false;
  const expected = rig.exporter.stats().spooled + rig.exporter.stats().delivered;
  await until(() => rig.exporter.stats().delivered >= expected, 15_000);
  return { ...(await rig.end()), spool };
}

/** Exports everything without a spool to a PostHog that refuses some of it, and repeats what it was sent. */
export async function runWithRefusals(
  loads: readonly Load[],
  options: PostHogLLMSpanExporterOptions,
): Promise<Output> {
  const rig = await startRig(options, (request, index) => {
    if (index % 8 === 0) return echo(400, request);
    if (index % 8 === 3) return echo(500, request);
    return index % 8 === 5 ? echo(401, request) : undefined;
  });
  await rig.exportAll(loads);
  return rig.end();
}

/** Exports everything to a PostHog in good order. */
export async function runPlainly(
  loads: readonly Load[],
  options: PostHogLLMSpanExporterOptions,
): Promise<Output> {
  const rig = await startRig(options, () => undefined);
  await rig.exportAll(loads);
  return rig.end();
}

async function startRig(
  options: PostHogLLMSpanExporterOptions,
  respond: (request: RecordedRequest, index: number) => Scripted | undefined,
) {
  const posthog: LoopbackPostHog = await startLoopbackPostHog({ respond });
  const { logger, lines } = createInspectingLogger();
  diag.setLogger(logger, { logLevel: DiagLogLevel.ALL, suppressOverrideMessage: true });
  const measured: string[] = [];
  const exporter = createExporterWithClock(
    {
      apiKey: API_KEY,
      endpoint: posthog.url,
      headers: { 'x-proxy-token': HEADER_VALUE },
      includeAttributes: ALL_ATTRIBUTES,
      media: 'keep',
      // Five hours of the fast clock; nothing here is to end by running out of time.
      deadlineMs: 18_000_000,
      maxRetries: 2,
      logger,
      meterProvider: recordingMeters(measured),
      ...options,
    },
    fastClock(),
  );
  const processor = new PostHogLLMLogRecordProcessor(exporter);
  const diagnostics: string[] = [];
  let failures = 0;
  return {
    exporter,
    exportAll: async (loads: readonly Load[]) => {
      for (const record of loads.flatMap(({ logRecords }) => logRecords)) processor.onEmit(record);
      const outcomes = loads.map(({ spans }) => exportSpans(exporter, spans));
      for (const { error } of await Promise.all(outcomes)) {
        if (error === undefined) continue;
        failures += 1;
        diagnostics.push(shown(error), String(error), String(error.stack), JSON.stringify(error));
      }
      diagnostics.push(shown(exporter), shown(processor), JSON.stringify(exporter.stats()));
    },
    end: async (): Promise<Output> => {
      await exporter.shutdown();
      await posthog.close();
      diag.disable();
      return {
        bodies: posthog.requests.map(({ body }) => body?.toString() ?? ''),
        heads: posthog.requests.map(
          ({ method, path, headers }) => `${method} ${path} ${JSON.stringify(headers)}`,
        ),
        spool: [],
        diagnostics: [...diagnostics, shown(exporter), JSON.stringify(exporter), ...lines, ...measured],
        events: new Map(posthog.events.map((event) => [String(event.uuid), event])),
        failures,
      };
    },
  };
}

/** Time runs a hundred times as fast, so that waits before retries are short. */
function fastClock(): Clock {
  const speed = 100;
  const startMs = performance.now();
  return {
    now: () => Date.UTC(2026, 0, 1) + (performance.now() - startMs) * speed,
    monotonicMs: () => performance.now() * speed,
    keepAwake: () => () => {},
    random: () => 0.5,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const timer = setTimeout(resolve, Math.min(ms, 1e9) / speed).unref();
        signal?.addEventListener('abort', () => {
          clearTimeout(timer);
          resolve();
        });
      }),
  };
}
