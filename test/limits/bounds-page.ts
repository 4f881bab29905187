import * as defaults from '../../src/config/defaults.ts';
import { PROCESSOR_OPTIONS } from '../../src/config/processor-option-table.ts';
import { MAX_HOLD_MS } from '../../src/deliver/admit-requests.ts';
import { MAX_REFUSALS_IN_A_ROW } from '../../src/deliver/deliver-batch.ts';
import { MAX_ANSWER_BYTES } from '../../src/deliver/http-exchange.ts';
import { MAX_AHEAD_BYTES } from '../../src/deliver/outbox/pacing.ts';
import { MAX_BATCH_EVENTS } from '../../src/deliver/pack.ts';
import { MAX_WIRE_BYTES, ROUTES } from '../../src/deliver/posthog-routes.ts';
import { MAX_FILE_BYTES } from '../../src/deliver/spool/claim-files.ts';
import { MAX_JOINED_BYTES, MIN_MERGED_FILES } from '../../src/deliver/spool/merge-files.ts';
import { MAX_HELD_FILES } from '../../src/deliver/spool/spool-writer.ts';
import { MAX_SLICE_MS } from '../../src/ledger/time-slices.ts';
import { SPOOLED_SLICE_MS } from '../../src/pipeline/export-batch.ts';
import { MAX_WAIT_MS } from '../../src/pipeline/log-content/await-log-content.ts';
import { DEFAULT_LOG_CONTENT_LIMITS } from '../../src/pipeline/log-content/held-records.ts';
import { MAX_WAITING } from '../../src/pipeline/pending-events.ts';
import {
  MAX_CONCURRENT_EXPORTS,
  MAX_BATCH_BYTES as MAX_QUEUE_BATCH_BYTES,
} from '../../src/sdk/processor/export-queue.ts';
import { MAX_OPEN_MS, MAX_OPEN_SPANS } from '../../src/sdk/processor/open-spans.ts';
import { MAX_BAGGAGE_BYTES } from '../../src/sdk/scope/scope-baggage.ts';
import { MAX_DISTINCT_ID_CHARACTERS } from '../../src/translate/event/identity.ts';
import { MAX_CHARACTERS, MAX_NESTING, MAX_VALUES } from '../../src/translate/limits/json-limits.ts';
import { MAX_REMEMBERED_UNITS } from '../../src/translate/messages/grown-lists.ts';
import { MAX_METADATA_KEYS, MAX_NAME_CHARACTERS } from '../../src/translate/reading/cut-names.ts';
import { MAX_ATTRIBUTES } from '../../src/translate/reading/large-spans.ts';
import { MAX_PARSED_VALUES } from '../../src/translate/reading/parse-ahead.ts';
import { MAX_RECENT_CALLS } from '../../src/translate/trace/counted-calls.ts';
import { MAX_PRIVATE_TRACES } from '../../src/translate/trace/trace-memory.ts';
import { MAX_SPANS_PER_TRACE, MAX_TRACES } from '../../src/translate/trace/trace-table.ts';

/** One bound: of what, how much, by which option it is changed, and what happens there. */
type Bound = readonly [what: string, limit: string, option: string, atTheLimit: string];

const bytes = (count: number): string =>
  count >= 1024 * 1024 ? `${count / 1024 / 1024} MiB` : `${count / 1024} KiB`;
const time = (ms: number): string =>
  ms >= 86_400_000
    ? `${ms / 86_400_000} days`
    : ms >= 3_600_000
      ? `${ms / 3_600_000} h`
      : ms >= 60_000
        ? `${ms / 60_000} min`
        : `${ms / 1_000} s`;
const number = (count: number): string => count.toLocaleString('en');

const BOUNDS: readonly Bound[] = [
  [
    'Spans that wait in the span processor',
    `${bytes(PROCESSOR_OPTIONS.maxQueueBytes.fallback)} of text`,
    '`maxQueueBytes`, `maxQueueSize`',
    'dropped, `overloaded`',
  ],
  [
    'Exports of the span processor at a time',
    `${MAX_CONCURRENT_EXPORTS}, ${bytes(MAX_QUEUE_BATCH_BYTES)} of text each`,
    '`maxExportBatchSize`',
    'the queue waits',
  ],
  [
    'Spans that are open',
    `${number(MAX_OPEN_SPANS)} ids, ${time(MAX_OPEN_MS)} each`,
    '',
    'the oldest are forgotten; their children hang higher',
  ],
  [
    'Log records that wait for their span',
    `${bytes(DEFAULT_LOG_CONTENT_LIMITS.maxHeldBytes)}, ${time(DEFAULT_LOG_CONTENT_LIMITS.maxAgeMs)}`,
    '',
    'the oldest are let go',
  ],
  [
    'Events in memory that are being sent',
    bytes(defaults.DEFAULT_MAX_IN_FLIGHT_BYTES),
    '`maxInFlightBytes`',
    'exports wait, then `overloaded`; with a spool they go to the disk',
  ],
  ['Feedback and evaluations that wait', `${number(MAX_WAITING)} events`, '', 'dropped, `overloaded`'],
  ['Events of one export under way, without a spool', bytes(MAX_AHEAD_BYTES), '', 'the translation waits'],
  [
    'Requests under way',
    number(defaults.DEFAULT_MAX_CONCURRENT_REQUESTS),
    '`maxConcurrentRequests`',
    'others wait for their turn, and leave together',
  ],
  [
    'One request body, before compression',
    bytes(defaults.DEFAULT_MAX_BATCH_BYTES),
    '`maxBatchBytes`',
    'the next body is begun',
  ],
  ['One request body, as PostHog takes it', bytes(MAX_WIRE_BYTES), '', 'never exceeded'],
  ['Events in one request', number(MAX_BATCH_EVENTS), '', 'the next body is begun'],
  [
    'One event',
    `${bytes(ROUTES.ai.maxEventBytes)}; by \`${ROUTES.capture.path}\` ${bytes(ROUTES.capture.maxEventBytes)}`,
    '',
    'trimmed, and said in `$ai_trimmed`',
  ],
  [
    'Depth, values and text of one event',
    `${MAX_NESTING} levels; ${number(MAX_VALUES)}; ${number(MAX_CHARACTERS)} characters`,
    '',
    '`[truncated]`',
  ],
  [
    'Values in the JSON of one span with more than a million characters',
    number(MAX_PARSED_VALUES),
    '',
    'what goes beyond is sent as the text that it is',
  ],
  [
    'Attributes of one span, those of its events included',
    number(MAX_ATTRIBUTES),
    '',
    'the first are read; a line says how many were not',
  ],
  [
    'Conversations of agents that are remembered, to read what is added only',
    `${number(MAX_REMEMBERED_UNITS)} characters`,
    '',
    'the oldest are read whole again',
  ],
  ['Keys of metadata', number(MAX_METADATA_KEYS), '', 'the first are sent'],
  [
    'Depth of metadata',
    `${defaults.DEFAULT_MAX_METADATA_DEPTH} levels`,
    '`maxMetadataDepth`',
    '`[truncated]`',
  ],
  [
    'A name (model, provider, tool, agent, user)',
    `${number(MAX_NAME_CHARACTERS)} characters`,
    '',
    'cut when it is read',
  ],
  ['A distinct id', `${number(MAX_DISTINCT_ID_CHARACTERS)} characters`, '', 'cut, as PostHog does'],
  ['One request', time(defaults.DEFAULT_TIMEOUT_MS), '`timeoutMs`', 'sent again, then `timeout`'],
  [
    'One export, with all its requests',
    time(defaults.DEFAULT_DEADLINE_MS),
    '`deadlineMs`',
    'spooled, or `deadline`',
  ],
  ['`forceFlush`', time(defaults.DEFAULT_DEADLINE_MS), '`deadlineMs`', 'resolves; the rest goes on'],
  [
    '`shutdown`',
    time(defaults.DEFAULT_SHUTDOWN_TIMEOUT_MS),
    '`shutdownTimeoutMs`',
    'spooled, or counted as dropped',
  ],
  [
    'Attempts of a request after the first',
    number(defaults.DEFAULT_MAX_RETRIES),
    '`maxRetries`',
    'spooled, or dropped',
  ],
  [
    'Refused parts of one export in a row',
    number(MAX_REFUSALS_IN_A_ROW),
    '',
    'what is left is not split any more',
  ],
  ['An answer, as far as it is read', bytes(MAX_ANSWER_BYTES), '', 'the connection is closed'],
  [
    'Work of translation in one go',
    `${MAX_SLICE_MS} ms; what is spooled first ${SPOOLED_SLICE_MS} ms`,
    '',
    'the event loop goes on; a step begun before is finished',
  ],
  ['The wait for log records of a span', time(MAX_WAIT_MS), '', 'sent without'],
  [
    'Traces remembered, and spans of each',
    `${number(MAX_TRACES)}, ${number(MAX_SPANS_PER_TRACE)}`,
    '',
    'the oldest are forgotten',
  ],
  ['Calls remembered to count each once', number(MAX_RECENT_CALLS), '', 'the oldest are forgotten'],
  ['Traces with private spans remembered', number(MAX_PRIVATE_TRACES), '', 'the older half is forgotten'],
  [
    'Scope in baggage',
    bytes(MAX_BAGGAGE_BYTES),
    '`propagate` of `withTrace`',
    'what does not fit stays behind',
  ],
  ['A wait that the server asks for', time(MAX_HOLD_MS), '', 'asked again'],
  [
    'The spool',
    bytes(defaults.DEFAULT_SPOOL_MAX_BYTES),
    '`spool.maxBytes`',
    'the oldest files go, `spool-full`',
  ],
  [
    'Age in the spool',
    time(defaults.DEFAULT_SPOOL_MAX_AGE_MS),
    '`spool.maxAgeMs`',
    'the file goes, `spool-expired`',
  ],
  ['One spool file, to be read', bytes(MAX_FILE_BYTES), '', 'put aside as damaged'],
  ['Spool files that exports under way hold', number(MAX_HELD_FILES), '', 'stored, and sent later'],
  ['Small spool files that wait', `${MIN_MERGED_FILES} of one process`, '', 'joined in the background'],
  ['One joined spool file', bytes(MAX_JOINED_BYTES), '', 'the next file is begun'],
];

const START = '<!-- bounds:start (written by npm run docs:bounds) -->';
const END = '<!-- bounds:end -->';

/** The page with the table between the markers made anew. */
export function withBounds(page: string): string {
  const start = page.indexOf(START);
  const end = page.indexOf(END);
  if (start < 0 || end < start) throw new Error(`docs/delivery.md needs ${START} and ${END}`);
  const head = ['| What | Limit | Option | What happens there |', '| --- | --- | --- | --- |'];
  const rows = BOUNDS.map((bound) => `| ${bound.join(' | ')} |`.replaceAll('|  |', '| |'));
  return [page.slice(0, start) + START, '', ...head, ...rows, '', page.slice(end)].join('\n');
}
