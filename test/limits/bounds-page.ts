import * as defaults from '../../src/config/defaults.ts';
import { PROCESSOR_OPTIONS } from '../../src/config/processor-option-table.ts';
import { MAX_HOLD_MS } from '../../src/deliver/admit-requests.ts';
import { MAX_AHEAD_BYTES } from '../../src/deliver/outbox/pacing.ts';
import { MAX_BATCH_EVENTS } from '../../src/deliver/pack.ts';
import { MAX_WIRE_BYTES, ROUTES } from '../../src/deliver/posthog-routes.ts';
import { MAX_JOINED_BYTES } from '../../src/deliver/spool/merge-files.ts';
import { DEFAULT_LOG_CONTENT_LIMITS } from '../../src/pipeline/log-content/held-records.ts';
import { MAX_OPEN_MS, MAX_OPEN_SPANS } from '../../src/sdk/processor/open-spans.ts';
import { MAX_DISTINCT_ID_CHARACTERS } from '../../src/translate/event/identity.ts';
import { MAX_NAME_CHARACTERS } from '../../src/translate/reading/cut-names.ts';

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
  ['Events of one export under way, without a spool', bytes(MAX_AHEAD_BYTES), '', 'the translation waits'],
  [
    'Requests under way',
    number(defaults.DEFAULT_MAX_CONCURRENT_REQUESTS),
    '`maxConcurrentRequests`',
    'others wait for their turn, then `deadline`',
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
