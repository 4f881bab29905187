import { isHtml } from '../classify-response.ts';
import type { ProbeOutcome } from './connection-probe.ts';
import type { ConnectionResult, NotVerifiableReason } from './connection-result.ts';
import { notVerifiable, rateLimited } from './connection-results.ts';

/** What one region of PostHog says about a key. */
export type KeyFinding =
  | { readonly type: 'known' }
  | { readonly type: 'unknown-key' }
  | { readonly type: 'undecided'; readonly result: ConnectionResult };

type Answer = Extract<ProbeOutcome, { type: 'answer' }>;

/** Members of the answer of PostHog's flags route; older servers have fewer of them. */
const FLAGS_MEMBERS = ['flags', 'featureFlags', 'quotaLimited', 'errorsWhileComputingFlags'];

/** Reads the answer of `POST /flags/?v=2`, which knows project keys: 200 for a known one, 401 for any other. */
export function readFlagsAnswer(endpoint: string, answer: Answer): KeyFinding {
  const { status } = answer;
  const undecided = (reason: NotVerifiableReason): KeyFinding => ({
    type: 'undecided',
    result: notVerifiable(endpoint, reason, status, answer.redirectsTo),
  });
  if (status === 200) {
    return hasFlagsMember(answer.body) ? { type: 'known' } : undecided('not-posthog');
  }
  // Older servers say 402 when the quota of feature flags is used up, which only a known key can reach.
  if (status === 402) {
    return isWebPage(answer) ? undecided('not-posthog') : { type: 'known' };
  }
  if (status === 401) {
    // PostHog names the key in plain text or JSON. A login page or a challenge comes from something in front of it.
    const isProxy = isWebPage(answer) || answer.headers['www-authenticate'] !== undefined;
    return isProxy ? undecided('access-denied') : { type: 'unknown-key' };
  }
  if (status === 429) {
    return { type: 'undecided', result: rateLimited(endpoint) };
  }
  return undecided(reasonOf(status));
}

function reasonOf(status: number): NotVerifiableReason {
  if (status >= 500 || status === 408) {
    return 'server-error';
  }
  if (status >= 300 && status < 400) {
    return 'redirect';
  }
  if (status === 404 || status === 405) {
    return 'route-missing';
  }
  return status === 403 || status === 407 ? 'access-denied' : 'not-posthog';
}

/**
 * Reads the answer to an empty batch. Where the route exists PostHog answers 400 (no event in the request), in plain
 * text; the key plays no part in it.
 */
export function readAiRouteAnswer(outcome: ProbeOutcome): ConnectionResult['aiRoute'] {
  if (outcome.type === 'failed') {
    return 'unknown';
  }
  const { status } = outcome;
  if (isWebPage(outcome) || status === 404 || status === 405 || (status >= 300 && status < 400)) {
    return 'missing';
  }
  return status === 400 || status === 401 || (status >= 200 && status < 300) ? 'available' : 'unknown';
}

function hasFlagsMember(body: string): boolean {
  try {
    const json: unknown = JSON.parse(body);
    return (
      typeof json === 'object' && json !== null && FLAGS_MEMBERS.some((name) => Object.hasOwn(json, name))
    );
  } catch {
    return false;
  }
}

function isWebPage({ headers, body }: Answer): boolean {
  return isHtml({ contentType: String(headers['content-type'] ?? ''), text: body });
}
