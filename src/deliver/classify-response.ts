import type { TransportOutcome } from './transport.ts';

/** The answer to one request, as far as it was read. */
export interface Answer {
  readonly status: number;
  readonly contentType: string | undefined;
  /** Beginning of the body, at most as much as the transport reads. */
  readonly text: string;
  /** False when the answer is longer than that, or was cut off. */
  readonly complete: boolean;
  readonly retryAfterMs: number | undefined;
  /** Of a redirect: origin or path of where it leads. */
  readonly redirectsTo?: string | undefined;
  /** The body is in a coding that was not asked for and cannot be read. */
  readonly isUndecoded?: boolean;
  /** A proxy refused to connect; the endpoint was not asked. */
  readonly isOfProxy?: boolean | undefined;
}

/** Final refusals that come from what stands between, or from an account; once they are corrected, the events can be sent. */
const FORBIDDEN: Readonly<Record<number, string>> = {
  402: 'payment is asked for; look at the plan of the project, or of the proxy',
  403: 'a firewall or proxy refused the request; allow POST requests to this host',
  407: 'the proxy asks for credentials; put them into its address (HTTPS_PROXY), or give a ProxyAgent as "dispatcher"',
  421: 'the proxy sent the request to a server that does not serve this host; check its routes',
  425: 'the proxy takes no early data; switch 0-RTT off between it and PostHog',
};

/**
 * What an answer of PostHog means. Statuses that any server in between may give, with a page of HTML, keep their
 * meaning (401 to 403, 407, 408, 413, 421, 425, 429, 5xx); any other page of HTML and all redirects come from something
 * that is not PostHog's ingestion, so the route does not exist there. Even with status 200 that is not a success.
 */
export function classifyResponse(answer: Answer): TransportOutcome {
  const { status } = answer;
  if (answer.isOfProxy && status !== 407 && !isPassing(status)) {
    const meaning = 'the proxy does not connect to this host; allow it there, and check HTTPS_PROXY';
    return { type: 'refused', reason: 'forbidden', status, message: describe(answer, meaning) };
  }
  if (status === 413) {
    return { type: 'too-large', status, message: describe(answer, 'the body or an event is too large') };
  }
  if (status === 401) {
    const meaning = isHtml(answer)
      ? 'a proxy before PostHog asks for credentials'
      : 'PostHog does not know this key';
    return { type: 'refused', reason: 'unauthorized', status, message: `status ${status}: ${meaning}` };
  }
  const forbidden = FORBIDDEN[status];
  // A firewall may know `/batch/` and not the AI route; its page is no reason not to try.
  if (forbidden !== undefined && !(status === 403 && isHtml(answer))) {
    return { type: 'refused', reason: 'forbidden', status, message: describe(answer, forbidden) };
  }
  if (status === 429) {
    return retry(answer, 'rate-limited', 'too many requests');
  }
  if (isPassing(status)) {
    return retry(answer, 'server-error', 'the server could not take the request now');
  }
  if (status >= 500) {
    const message = describe(
      answer,
      'the server cannot take such a request; check "endpoint" (POSTHOG_HOST)',
    );
    return { type: 'refused', reason: 'server-error', status, message };
  }
  if (status === 404 || status === 405 || (status >= 300 && status < 400) || isHtml(answer)) {
    const meaning =
      answer.redirectsTo === undefined
        ? 'no PostHog ingestion at this URL; check "endpoint" (POSTHOG_HOST)'
        : `the URL redirects to ${answer.redirectsTo}, which is not followed; give the address that answers itself as "endpoint" (POSTHOG_HOST)`;
    const message = describe(answer, meaning);
    return { type: 'route-missing', status, message };
  }
  if (status >= 400) {
    const message = describe(answer, 'the request was refused');
    return { type: 'refused', reason: 'bad-request', status, message };
  }
  return classifySuccess(answer);
}

/**
 * PostHog says `{"status":"Ok"}`, older ones `{"status":1}` or a word; some proxies drop the body, or compress it in a way
 * that was not asked for. Other text comes from a server that is not PostHog.
 */
function classifySuccess(answer: Answer): TransportOutcome {
  const text = answer.text.trim();
  if (text === '' || answer.isUndecoded || ASSENT.test(text) || isJson(text, answer.complete)) {
    return { type: 'delivered' };
  }
  const message = describe(answer, 'the answer is not one of PostHog; check "endpoint" (POSTHOG_HOST)');
  return { type: 'route-missing', status: answer.status, message };
}

const ASSENT = /^(?:ok|success|accepted)[.!]?$/i;

function isJson(text: string, complete: boolean): boolean {
  if (!complete) {
    return text.startsWith('{');
  }
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** A web page: an application or a proxy that is not PostHog's ingestion. */
export function isHtml({ contentType, text }: Pick<Answer, 'contentType' | 'text'>): boolean {
  return (
    /^\s*(?:text\/html|application\/xhtml\+xml)/i.test(contentType ?? '') || text.trimStart().startsWith('<')
  );
}

/**
 * PostHog and proxies mean a passing trouble by 408, 429, 500, 502, 503, 504 and the numbers of their own above. 501
 * (method not implemented) and 505 (HTTP version) say what the server is, which waiting does not change.
 */
function isPassing(status: number): boolean {
  return status === 408 || status === 429 || (status >= 500 && status !== 501 && status !== 505);
}

function retry(answer: Answer, reason: 'rate-limited' | 'server-error', meaning: string): TransportOutcome {
  const { status, retryAfterMs } = answer;
  const message = describe(answer, meaning);
  return { type: 'retry', reason, status, message, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

/** Subjects of PostHog's plain text errors. Only these words are repeated: an answer may quote prompts or keys. */
const HINTS = [
  'API key',
  'token',
  'distinct_id',
  'event name',
  'timestamp',
  'uuid',
  'gzip',
  'UTF-8',
  'empty',
  'quota',
];

function describe({ status, text }: Answer, meaning: string): string {
  const lower = text.toLowerCase();
  const found = status >= 400 ? HINTS.filter((hint) => lower.includes(hint.toLowerCase())) : [];
  const hint = found.length === 0 ? '' : ` (the answer mentions: ${found.join(', ')})`;
  return `status ${status}: ${meaning}${hint}`;
}
