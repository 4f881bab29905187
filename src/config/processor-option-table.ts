import { MAX_TIMER_MS } from '../deliver/clock.ts';
import type { PropagatedName } from '../translate/span/trace-scope.ts';
import { DEFAULT_DEADLINE_MS, MIN_HELD_BYTES } from './defaults.ts';
import { type OptionTable, option, type ValueRule } from './option-row.ts';
import { byteCount, flag, milliseconds, wholeNumber, wordsFromText } from './option-rules.ts';

const PROPAGATED_NAMES = ['user', 'sessionId', 'traceId', 'traceName', 'privacyMode', 'promptName'] as const;

const acceptBaggageRule: ValueRule<readonly PropagatedName[]> = {
  type: 'list of names',
  schema: {
    type: 'array',
    items: { anyOf: [{ enum: PROPAGATED_NAMES }, { type: 'string', pattern: '^metadata[.].+$' }] },
  },
  flaw: (value) => {
    if (!Array.isArray(value) || !value.every((name) => typeof name === 'string')) {
      return 'must be an array of names';
    }
    const unknown = value.find(
      (name) => !PROPAGATED_NAMES.some((known) => known === name) && !/^metadata\../.test(name),
    );
    return unknown === undefined
      ? undefined
      : `has the unknown name ${JSON.stringify(unknown)}; there are ${PROPAGATED_NAMES.join(', ')} and metadata.<key>`;
  },
  fromText: wordsFromText,
};

/**
 * Every option that `PostHogLLMSpanProcessor` has beside those of the exporter. Names and meaning of the variables:
 * OpenTelemetry's specification of the batch span processor.
 */
export const PROCESSOR_OPTIONS = {
  scheduledDelayMs: option({
    group: 'processor',
    description: 'Milliseconds that a span waits for others at most',
    rule: milliseconds(0, MAX_TIMER_MS, 0),
    // A fifth of the specification's 5 s: a trace shows up while one still looks for it.
    fallback: 1_000,
    environment: { variable: 'OTEL_BSP_SCHEDULE_DELAY', whenWrong: 'ignore' },
    lookAlikes: ['scheduledDelayMillis', 'flushInterval', 'flushIntervalMs', 'delay', 'interval'],
  }),
  maxExportBatchSize: option({
    group: 'processor',
    description: 'Spans handed to the exporter at once',
    rule: wholeNumber(1, 100_000),
    fallback: 512,
    environment: { variable: 'OTEL_BSP_MAX_EXPORT_BATCH_SIZE', whenWrong: 'ignore' },
    lookAlikes: ['batchSize', 'maxBatchSize', 'flushAt', 'exportBatchSize'],
  }),
  maxQueueSize: option({
    group: 'processor',
    description: 'AI spans that may wait or be under way',
    rule: wholeNumber(1, Number.MAX_SAFE_INTEGER),
    fallback: Number.MAX_SAFE_INTEGER,
    defaultText: 'no limit but `maxQueueBytes`',
    environment: { variable: 'OTEL_BSP_MAX_QUEUE_SIZE', whenWrong: 'ignore' },
    lookAlikes: ['queueSize', 'maxQueue', 'maxQueueLength'],
  }),
  maxQueueBytes: option({
    group: 'processor',
    description: 'Bytes of text in the spans that wait or are under way',
    rule: byteCount(MIN_HELD_BYTES, Number.MAX_SAFE_INTEGER),
    fallback: 64 * 1024 * 1024,
    defaultText: '64 MiB',
    lookAlikes: ['queueBytes'],
  }),
  exportTimeoutMs: option({
    group: 'processor',
    description: 'Milliseconds for the export of one batch',
    rule: milliseconds(1, MAX_TIMER_MS, 100),
    fallback: DEFAULT_DEADLINE_MS,
    environment: { variable: 'OTEL_BSP_EXPORT_TIMEOUT', whenWrong: 'ignore' },
    lookAlikes: ['exportTimeoutMillis', 'exportTimeout'],
  }),
  flushOnTraceEnd: option({
    group: 'processor',
    description: 'True sends what waits as soon as the root span of a trace ends',
    rule: flag(),
    fallback: false,
    lookAlikes: ['flushOnEnd', 'exportMode', 'immediate', 'flushImmediately'],
  }),
  acceptBaggage: option({
    group: 'processor',
    description: 'Members of the trace scope that are taken over from the baggage of incoming requests',
    rule: acceptBaggageRule,
    fallback: [],
    defaultText: 'none',
    lookAlikes: ['baggage', 'acceptedBaggage'],
  }),
} satisfies OptionTable;
