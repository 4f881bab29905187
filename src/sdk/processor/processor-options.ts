import type { ConfigProblem } from '../../config/config-error.ts';
import { readVariable } from '../../config/config-report.ts';
import { MAX_TIMER_MS } from '../../deliver/clock.ts';
import type { PropagatedName } from '../scope/scope-baggage.ts';

/** Options of `PostHogLLMSpanProcessor` itself. Code wins over the environment. */
export interface SpanProcessorOptions {
  /**
   * Milliseconds that a span waits for others at most. A full batch is sent at once, whatever this says.
   *
   * Default: 1000. Environment: `OTEL_BSP_SCHEDULE_DELAY`.
   */
  readonly scheduledDelayMs?: number | undefined;
  /**
   * Spans handed to the exporter at once; 5 MiB of texts make a full batch as well.
   *
   * Default: 512. Environment: `OTEL_BSP_MAX_EXPORT_BATCH_SIZE`.
   */
  readonly maxExportBatchSize?: number | undefined;
  /**
   * AI spans that may wait or be under way; more are dropped and counted.
   *
   * Default: no limit but `maxQueueBytes`. Environment: `OTEL_BSP_MAX_QUEUE_SIZE`.
   */
  readonly maxQueueSize?: number | undefined;
  /**
   * Bytes of text in the spans that wait or are under way (estimated); more are dropped and counted.
   *
   * Default: 67108864 (64 MiB).
   */
  readonly maxQueueBytes?: number | undefined;
  /**
   * Milliseconds for the export of one batch; also `deadlineMs` of an exporter that the processor makes, unless given.
   *
   * Default: 30000. Environment: `OTEL_BSP_EXPORT_TIMEOUT`.
   */
  readonly exportTimeoutMs?: number | undefined;
  /**
   * True sends what waits as soon as the root span of a trace ends, for processes that are frozen between requests.
   *
   * Default: `false`.
   */
  readonly flushOnTraceEnd?: boolean | undefined;
  /**
   * Members of the trace scope that are taken over from the baggage of incoming requests, as `withTrace` with
   * `propagate` writes it. Anyone who can send a request can write baggage.
   *
   * Default: none.
   */
  readonly acceptBaggage?: readonly PropagatedName[] | undefined;
}

export interface SpanProcessorSettings {
  readonly scheduledDelayMs: number;
  readonly maxExportBatchSize: number;
  readonly maxQueueSize: number;
  readonly maxQueueBytes: number;
  readonly exportTimeoutMs: number;
  readonly flushOnTraceEnd: boolean;
  readonly acceptBaggage: readonly PropagatedName[];
}

interface NumberRule {
  readonly fallback: number;
  readonly min: number;
  readonly max: number;
  readonly variable?: string;
}

/** Names and meaning of the variables: OpenTelemetry's specification of the batch span processor. */
const NUMBERS = {
  // A fifth of the specification's 5 s: a trace shows up while one still looks for it.
  scheduledDelayMs: { fallback: 1_000, min: 0, max: MAX_TIMER_MS, variable: 'OTEL_BSP_SCHEDULE_DELAY' },
  maxExportBatchSize: { fallback: 512, min: 1, max: 100_000, variable: 'OTEL_BSP_MAX_EXPORT_BATCH_SIZE' },
  maxQueueSize: {
    fallback: Number.MAX_SAFE_INTEGER,
    min: 1,
    max: Number.MAX_SAFE_INTEGER,
    variable: 'OTEL_BSP_MAX_QUEUE_SIZE',
  },
  maxQueueBytes: { fallback: 64 * 1024 * 1024, min: 1_024, max: Number.MAX_SAFE_INTEGER },
  exportTimeoutMs: { fallback: 30_000, min: 1, max: MAX_TIMER_MS, variable: 'OTEL_BSP_EXPORT_TIMEOUT' },
} as const satisfies Record<string, NumberRule>;

export interface SettingsReading {
  readonly settings: SpanProcessorSettings;
  readonly problems: readonly ConfigProblem[];
  readonly warnings: readonly string[];
}

/** As with the exporter's options: a flaw in code is a problem, one in the environment is warned about and ignored. */
export function readProcessorOptions(options: SpanProcessorOptions, env: NodeJS.ProcessEnv): SettingsReading {
  const problems: ConfigProblem[] = [];
  const warnings: string[] = [];
  const complain = (option: string, flaw: string) =>
    problems.push({
      code: 'option-invalid',
      option,
      source: 'option',
      message: `The option "${option}" ${flaw}.`,
      fix: 'Correct it, or leave it out to use the default.',
    });
  const number = (name: keyof typeof NUMBERS): number => {
    const rule: NumberRule = NUMBERS[name];
    const isUsable = (value: unknown): value is number =>
      Number.isInteger(value) && (value as number) >= rule.min && (value as number) <= rule.max;
    const given = options[name];
    if (given !== undefined) {
      if (isUsable(given)) return given;
      complain(name, `must be a whole number from ${rule.min} to ${rule.max}`);
      return rule.fallback;
    }
    const text = rule.variable && readVariable(env, rule.variable);
    if (text === undefined || text === '') return rule.fallback;
    if (isUsable(Number(text))) return Number(text);
    warnings.push(
      `${rule.variable} is not a whole number from ${rule.min} to ${rule.max}; it has no effect.`,
    );
    return rule.fallback;
  };
  const { flushOnTraceEnd, acceptBaggage } = options;
  if (flushOnTraceEnd !== undefined && typeof flushOnTraceEnd !== 'boolean') {
    complain('flushOnTraceEnd', 'must be true or false');
  }
  const isNameList = Array.isArray(acceptBaggage) && acceptBaggage.every((name) => typeof name === 'string');
  if (acceptBaggage !== undefined && !isNameList) complain('acceptBaggage', 'must be an array of names');
  const settings = {
    scheduledDelayMs: number('scheduledDelayMs'),
    maxExportBatchSize: number('maxExportBatchSize'),
    maxQueueSize: number('maxQueueSize'),
    maxQueueBytes: number('maxQueueBytes'),
    exportTimeoutMs: number('exportTimeoutMs'),
    flushOnTraceEnd: flushOnTraceEnd === true,
    acceptBaggage: isNameList ? ([...acceptBaggage] as PropagatedName[]) : [],
  };
  return { settings, problems, warnings };
}

/** Splits the options of the processor from the rest. */
export function splitOptions(options: SpanProcessorOptions): {
  readonly own: SpanProcessorOptions;
  readonly rest: object;
} {
  const { scheduledDelayMs, maxExportBatchSize, maxQueueSize, maxQueueBytes, ...others } = options;
  const { exportTimeoutMs, flushOnTraceEnd, acceptBaggage, ...rest } = others;
  return {
    own: {
      ...{ scheduledDelayMs, maxExportBatchSize, maxQueueSize, maxQueueBytes },
      ...{ exportTimeoutMs, flushOnTraceEnd, acceptBaggage },
    },
    rest,
  };
}
