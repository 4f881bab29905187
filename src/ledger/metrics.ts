import { type Attributes, createNoopMeter, type Meter, type MeterProvider } from '@opentelemetry/api';
import { ATTR_ERROR_TYPE, ATTR_SERVER_ADDRESS, ATTR_SERVER_PORT } from '@opentelemetry/semantic-conventions';
import type { Fate, OnMove } from './ledger.ts';

/** The exporter's own figures as OpenTelemetry metrics. Nothing here throws. */
export interface ExporterMetrics<Reason extends string> {
  readonly onMove: OnMove<Reason>;
  onTrimmed(action: string, events: number): void;
  /** One export is over; `errorType` is why not all of it was delivered. */
  onExport(durationMs: number, errorType: string | undefined): void;
}

export interface MetricsOptions {
  readonly meterProvider: MeterProvider | undefined;
  readonly scope: { readonly name: string; readonly version: string };
  readonly componentType: string;
  /** Where the events go. */
  readonly endpoint: string;
}

/** Seconds. The default boundaries of the SDK are made for milliseconds. */
const DURATION_BOUNDARIES = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Numbers the exporters of a process, as the convention for `otel.component.name` proposes. */
let instances = 0;

/**
 * Instruments named by OpenTelemetry's conventions for SDK self-observability where those have a name, else under
 * `posthog_llm_exporter.`. Spooled spans have not been exported yet, so they count neither as exported nor, since
 * they take no memory, as in flight.
 */
export function createMetrics<Reason extends string>(options: MetricsOptions): ExporterMetrics<Reason> {
  const { meterProvider, scope } = options;
  const meter = guarded(() => meterProvider?.getMeter(scope.name, scope.version)) ?? createNoopMeter();
  const attributes = componentAttributes(options);
  const instruments = guarded(() => createInstruments(meter)) ?? createInstruments(createNoopMeter());
  const arrive = (fate: Fate<Reason>, count: number): void => {
    if (typeof fate === 'object') instruments.exported.add(count, withError(attributes, fate.dropped));
    else instruments[COUNTED_AS[fate]].add(count, attributes);
  };
  return {
    onMove: (count, from, to) =>
      guarded(() => {
        if (from === 'in-flight') instruments.inFlight.add(-count, attributes);
        if (from === 'spooled') instruments.spooled.add(-count, attributes);
        if (to === 'in-flight') instruments.inFlight.add(count, attributes);
        else arrive(to, count);
      }),
    onTrimmed: (action, events) =>
      guarded(() =>
        instruments.trimmed.add(events, { ...attributes, 'posthog_llm_exporter.trim.action': action }),
      ),
    onExport: (durationMs, errorType) =>
      guarded(() => instruments.duration.record(durationMs / 1000, withError(attributes, errorType))),
  };
}

const COUNTED_AS = {
  delivered: 'exported',
  filtered: 'filtered',
  'sampled-out': 'sampledOut',
  spooled: 'spooled',
} as const;

function createInstruments(meter: Meter) {
  return {
    exported: meter.createCounter('otel.sdk.exporter.span.exported', {
      unit: '{span}',
      description: 'The number of spans for which the export has finished, either successful or failed.',
    }),
    inFlight: meter.createUpDownCounter('otel.sdk.exporter.span.inflight', {
      unit: '{span}',
      description:
        'The number of spans which were passed to the exporter, but that have not been exported yet (neither successful, nor failed).',
    }),
    duration: meter.createHistogram('otel.sdk.exporter.operation.duration', {
      unit: 's',
      description: 'The duration of exporting a batch of telemetry records.',
      advice: { explicitBucketBoundaries: DURATION_BOUNDARIES },
    }),
    filtered: meter.createCounter('posthog_llm_exporter.span.filtered', {
      unit: '{span}',
      description: 'Spans that were passed over because they have nothing to do with AI.',
    }),
    sampledOut: meter.createCounter('posthog_llm_exporter.span.sampled_out', {
      unit: '{span}',
      description: 'Spans that were left out by sampling.',
    }),
    spooled: meter.createUpDownCounter('posthog_llm_exporter.span.spooled', {
      unit: '{span}',
      description: 'Spans on disk that this exporter has spooled and not delivered yet.',
    }),
    trimmed: meter.createCounter('posthog_llm_exporter.event.trimmed', {
      unit: '{event}',
      description: 'Events of which something was cut because they were too large.',
    }),
  };
}

function componentAttributes({ componentType, endpoint }: MetricsOptions): Attributes {
  const number = instances;
  instances += 1;
  return {
    'otel.component.type': componentType,
    'otel.component.name': `${componentType}/${number}`,
    ...serverAttributes(endpoint),
  };
}

function serverAttributes(endpoint: string): Attributes {
  try {
    const { hostname, port, protocol } = new URL(endpoint);
    const defaultPort = protocol === 'http:' ? 80 : 443;
    return { [ATTR_SERVER_ADDRESS]: hostname, [ATTR_SERVER_PORT]: port === '' ? defaultPort : Number(port) };
  } catch {
    return {};
  }
}

function withError(attributes: Attributes, errorType: string | undefined): Attributes {
  return errorType === undefined ? attributes : { ...attributes, [ATTR_ERROR_TYPE]: errorType };
}

/** A meter of the application that fails must not break the export. */
function guarded<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
