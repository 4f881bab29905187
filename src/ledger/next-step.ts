import type { DropReason } from './drop-reasons.ts';

const CHECK = 'run "npx posthog-llm-exporter check"';
const FIND_OUT = `${CHECK} to find out why`;
const KEEP = 'the option "spool" would keep events on disk meanwhile';

/** What the user can do about events that were lost for a reason, which is said before. */
const NEXT_STEPS: Readonly<Record<DropReason, string>> = {
  network: `${FIND_OUT}; ${KEEP}`,
  tls: FIND_OUT,
  timeout: `${FIND_OUT}; ${KEEP}`,
  aborted: KEEP,
  deadline: `${FIND_OUT}; ${KEEP}`,
  headers: 'correct the option "headers"',
  unauthorized: CHECK,
  forbidden: FIND_OUT,
  'bad-request': 'debug: true shows the requests and events',
  'too-large': 'the option "mask" or "media" can shorten what is sent',
  'rate-limited': `the option "samplingRate" sends less; ${KEEP}`,
  'server-error': KEEP,
  'route-missing': FIND_OUT,
  internal: 'this is a defect of the exporter; please report it',
  overloaded: 'raise "maxInFlightBytes" or "maxQueueBytes", send less with "samplingRate", or use "spool"',
  'spool-full': 'raise "maxBytes" of the spool',
  'spool-expired': `raise "maxAgeMs" of the spool, and ${FIND_OUT}`,
  'spool-damaged': 'look at the disk that holds the spool',
  shutdown: 'end spans before the shutdown of the SDK, and await it',
  'not-serialisable': 'debug: true shows the events',
  unreadable: 'a processor hands over what are no spans',
};

export function nextStep(reason: DropReason): string {
  return NEXT_STEPS[reason];
}
