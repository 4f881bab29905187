import type { Region } from '../../config/endpoint.ts';
import type { Finding } from '../../config/option-row.ts';
import type { ConnectionResult, NotVerifiableReason, UnreachableCause } from './connection-result.ts';

const COPY_THE_KEY = 'Copy the project API key ("phc_…") from PostHog: Settings, Project, General.';

export function ok(endpoint: string, aiRoute: ConnectionResult['aiRoute']): ConnectionResult {
  const route = {
    available: '',
    missing:
      ' It has no AI route (an older or single-process PostHog), so events go through its batch route.',
    unknown: ' Whether it has the AI route could not be found out.',
  }[aiRoute];
  return {
    status: 'ok',
    endpoint,
    aiRoute,
    message: `PostHog at ${endpoint} knows this project API key.${route}`,
    fix: 'Nothing to do.',
  };
}

/** @param unasked names of the regions that gave no answer */
export function wrongKey(endpoint: string, unasked: readonly string[]): ConnectionResult {
  const rest = unasked.length === 0 ? '' : ` Region ${unasked.join(', ')} could not be asked.`;
  return {
    status: 'wrong-key',
    endpoint,
    aiRoute: 'unknown',
    message: `PostHog at ${endpoint} does not know this project API key.${rest}`,
    fix: `${COPY_THE_KEY} The key of a project made just now may take a minute to be known.`,
  };
}

export function wrongRegion(endpoint: string, region: Region): ConnectionResult {
  return {
    status: 'wrong-region',
    endpoint,
    aiRoute: 'unknown',
    region: region.name,
    suggestedEndpoint: region.endpoint,
    message: `PostHog at ${endpoint} does not know this project API key, but the region "${region.name}" does.`,
    fix: `Set the endpoint to "${region.name}" (${region.endpoint}).`,
  };
}

/** A key that PostHog would refuse by its shape; it was not sent anywhere. */
export function unusableKey(endpoint: string, { code, message, fix }: Finding): ConnectionResult {
  const status = code === 'api-key-personal' ? 'personal-key' : 'wrong-key';
  return { status, endpoint, aiRoute: 'unknown', message, fix };
}

export function invalidEndpoint(message: string, fix: string): ConnectionResult {
  return {
    status: 'host-unreachable',
    cause: 'invalid-endpoint',
    endpoint: '',
    aiRoute: 'unknown',
    message,
    fix,
  };
}

/** @param errorCode of Node or undici, such as `ECONNREFUSED`, or the status of a proxy; helps to look the trouble up */
export function unreachable(
  endpoint: string,
  cause: UnreachableCause,
  errorCode: string | undefined,
): ConnectionResult {
  const { describe, fix } = UNREACHABLE_WORDS[cause];
  const code = errorCode === undefined || NEEDS_NO_CODE.has(cause) ? '' : ` (${errorCode})`;
  const message = `${describe(new URL(endpoint).host)}${code}.`;
  return { status: 'host-unreachable', cause, endpoint, aiRoute: 'unknown', message, fix };
}

/** We ended these ourselves; the code would only say that. */
const NEEDS_NO_CODE: ReadonlySet<UnreachableCause> = new Set(['timeout', 'aborted', 'headers']);

const UNREACHABLE_WORDS: Record<
  UnreachableCause,
  { readonly describe: (host: string) => string; readonly fix: string }
> = {
  dns: {
    describe: (host) => `The host name ${host} cannot be found`,
    fix: 'Check the endpoint for a typing error, and that this machine can resolve names.',
  },
  tls: {
    describe: (host) => `No secure connection to ${host} could be made`,
    fix: 'If the certificate is of your own authority, name that in NODE_EXTRA_CA_CERTS or give a "dispatcher".',
  },
  proxy: {
    describe: (host) => `The proxy does not connect to ${host}`,
    fix: 'With 407 put user name and password into the address of the proxy (HTTPS_PROXY); else let it connect to this host.',
  },
  refused: {
    describe: (host) => `Nothing takes connections at ${host}`,
    fix: 'Check host name and port of the endpoint, and that PostHog runs there.',
  },
  timeout: {
    describe: (host) => `${host} did not answer in time`,
    fix: 'Check the endpoint, firewalls, and whether this machine needs a proxy (option "dispatcher").',
  },
  network: {
    describe: (host) => `The connection to ${host} failed`,
    fix: 'Check the network, the port of the endpoint, and whether it is http or https. Then try again.',
  },
  aborted: { describe: (host) => `The test of ${host} was stopped before it ended`, fix: 'Run it again.' },
  headers: {
    describe: (host) => `Nothing was sent to ${host}, because the "headers" option failed`,
    fix: 'Correct the headers, or the function that makes them.',
  },
  'invalid-endpoint': { describe: (host) => `${host} is not a usable address`, fix: 'Correct the endpoint.' },
};

export function rateLimited(endpoint: string): ConnectionResult {
  return {
    status: 'rate-limited',
    httpStatus: 429,
    endpoint,
    aiRoute: 'unknown',
    message: `PostHog at ${endpoint} asks for fewer requests (HTTP 429), so the key could not be checked.`,
    fix: 'Wait a minute and try again.',
  };
}

export function notVerifiable(
  endpoint: string,
  reason: NotVerifiableReason,
  httpStatus: number,
  redirectsTo?: string,
): ConnectionResult {
  const [words, fix] = NOT_VERIFIABLE_WORDS[reason];
  const what = redirectsTo === undefined ? words : `${words} (to ${redirectsTo})`;
  return {
    status: 'key-not-verifiable',
    reason,
    httpStatus,
    endpoint,
    aiRoute: 'unknown',
    message: `${new URL(endpoint).host} answers, but ${what} (HTTP ${httpStatus}), so the key could not be checked.`,
    fix,
  };
}

const NOT_VERIFIABLE_WORDS: Record<NotVerifiableReason, readonly [string, string]> = {
  'route-missing': [
    'has no route /flags/ to check keys with',
    'If a proxy passes only capture routes on, let it pass /flags/ too, or test against PostHog directly.',
  ],
  redirect: [
    'sends the request elsewhere',
    'Give the address that answers itself: check http or https, and the path prefix of your proxy.',
  ],
  'not-posthog': [
    'not as PostHog does',
    'Check that the endpoint is the ingestion host of PostHog, with the path prefix of your proxy if there is one.',
  ],
  'access-denied': [
    'something in front of PostHog refuses the request',
    'Send what your proxy asks for with the "headers" option.',
  ],
  'server-error': ['PostHog behind it has trouble', 'Try again later.'],
};
