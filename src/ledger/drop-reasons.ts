/** Why a request, or an event in it, was not accepted. */
export type FailureReason =
  | 'network' // refused, reset, DNS, truncated answer
  | 'tls' // certificate or protocol: the configuration is to be mended
  | 'timeout' // the request took longer than its own time limit
  | 'aborted' // shut down
  | 'deadline' // no time was left for the export as a whole
  | 'headers' // the application's `headers` function failed or gave headers that cannot be sent
  | 'unauthorized' // 401: PostHog does not accept the project API key
  | 'forbidden' // 402, 403, 407, 421, 425: a firewall or proxy in between refuses
  | 'bad-request' // 400 and other final 4xx
  | 'too-large' // a single event that no split can make smaller
  | 'rate-limited' // 429
  | 'server-error' // 5xx, 408
  | 'route-missing'
  | 'internal'; // a defect of the exporter itself

/** Why an event did not reach PostHog. */
export type DropReason =
  | FailureReason
  | 'overloaded' // more than `maxInFlightBytes` waited
  | 'spool-full' // the oldest in the spool, or alone too large for it
  | 'spool-expired' // too long in the spool
  | 'spool-damaged' // cannot be read from the disk any more
  | 'shutdown' // handed over after `shutdown`, or no room was found before its end
  | 'not-serialisable'
  | 'unreadable'; // no span at all, or one whose members cannot be read

/**
 * Whether the same events may be accepted later. A wrong key, route, certificate or firewall has to be corrected by hand, and
 * costs no event meanwhile; an event that PostHog refuses for what it is will not get better.
 */
export function isRetryableLater(reason: DropReason): boolean {
  switch (reason) {
    case 'network':
    case 'tls':
    case 'timeout':
    case 'aborted':
    case 'deadline':
    case 'headers':
    case 'unauthorized':
    case 'forbidden':
    case 'rate-limited':
    case 'server-error':
    case 'route-missing':
    case 'overloaded':
    case 'shutdown':
      return true;
    case 'bad-request':
    case 'too-large':
    case 'internal':
    case 'spool-full':
    case 'spool-expired':
    case 'spool-damaged':
    case 'not-serialisable':
    case 'unreadable':
      return false;
  }
}
