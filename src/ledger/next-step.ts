import type { DropReason } from './drop-reasons.ts';

const CHECK = 'run "npx posthog-llm-exporter check" to find out why';
const KEEP = 'the option "spool" would keep events on disk meanwhile';

/** What the user can do about events that were lost for a reason. */
const NEXT_STEPS: Readonly<Record<DropReason, string>> = {
  network: `${CHECK}; ${KEEP}`,
  tls: CHECK,
  timeout: `${CHECK}; ${KEEP}`,
  aborted: KEEP,
  deadline: `${CHECK}; ${KEEP}`,
  headers: 'correct the option "headers"',
  unauthorized: 'PostHog does not know this key: run "npx posthog-llm-exporter check"',
  forbidden: `something in front of PostHog refuses: ${CHECK}`,
  'bad-request': 'debug: true shows the requests and events',
  'too-large': 'the option "mask" or "media" can shorten what is sent',
  'rate-limited': `the option "samplingRate" sends less; ${KEEP}`,
  'server-error': `PostHog has trouble; ${KEEP}`,
  'route-missing': `check the endpoint: ${CHECK}`,
  internal: 'this is a defect of the exporter; please report it',
  overloaded: 'raise "maxInFlightBytes" or "maxQueueBytes", send less with "samplingRate", or use "spool"',
  'spool-full': 'raise "maxBytes" of the spool',
  'spool-expired': `raise "maxAgeMs" of the spool, and ${CHECK}`,
  'spool-damaged': 'look at the disk that holds the spool',
  shutdown: 'end spans before the shutdown of the SDK, and await it',
  'not-serialisable': 'debug: true shows the events',
  unreadable: 'a processor hands over what are no spans',
};

export function nextStep(reason: DropReason): string {
  return NEXT_STEPS[reason];
}
