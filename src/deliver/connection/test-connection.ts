import { checkApiKey } from '../../config/api-key.ts';
import { DEFAULT_TIMEOUT_MS } from '../../config/defaults.ts';
import { CLOUD_REGIONS, checkEndpoint, type Region, regionOf } from '../../config/endpoint.ts';
import { shownUrl } from '../../ledger/shown-url.ts';
import { packageName, packageVersion } from '../../package-info.ts';
import { type Connections, createConnections } from '../connections.ts';
import { environmentProxyFor } from '../environment-proxy.ts';
import type { HttpDispatcher } from '../http-dispatcher.ts';
import type { HeadersSource } from '../request-headers.ts';
import { withTracingSuppressed } from '../suppress-tracing.ts';
import { type ProbeRequest, probe } from './connection-probe.ts';
import type { ConnectionResult } from './connection-result.ts';
import * as results from './connection-results.ts';
import { type KeyFinding, readAiRouteAnswer, readFlagsAnswer } from './read-probe-answer.ts';

export interface TestConnectionOptions {
  /** Project API key. */
  readonly apiKey: string;
  /** As the exporter's option of this name. */
  readonly endpoint: string;
  /** Milliseconds for each request; there are at most three in a row. Default: 10000. */
  readonly timeoutMs?: number | undefined;
  /** Sent to `endpoint` only, never to another region. */
  readonly headers?: HeadersSource | undefined;
  /** Default: undici's global dispatcher. */
  readonly dispatcher?: HttpDispatcher | undefined;
  /** Ends the test early, with `host-unreachable` and the cause `aborted`. */
  readonly signal?: AbortSignal | undefined;
  /** The cloud's regions. Default: those of PostHog Cloud. */
  readonly regions?: readonly Region[] | undefined;
}

/** Names no person. PostHog wants some id with this request, and keeps none. */
const DISTINCT_ID = 'posthog-llm-exporter-connection-test';

/**
 * Finds out whether events sent to this endpoint with this key would reach a project. Never rejects.
 *
 * PostHog's capture routes answer 200 to any key, so the key is shown to the feature-flag route, which does know
 * (`POST /flags/?v=2`). With `disable_flags` it evaluates and bills nothing. An unknown key on one region of PostHog
 * Cloud is shown to the others; it is never sent to a host that is neither the endpoint nor, then, PostHog's own.
 * For a good key the AI route is asked to take an empty batch, which it refuses. Nothing is stored.
 */
export async function testConnection(options: TestConnectionOptions): Promise<ConnectionResult> {
  const endpoint = checkEndpoint(options.endpoint);
  if (endpoint.type === 'unusable') {
    return results.invalidEndpoint(endpoint.finding.message, endpoint.finding.fix);
  }
  const key = checkApiKey(options.apiKey);
  if (key.type === 'unusable') {
    return results.unusableKey(shownUrl(endpoint.endpoint), key.finding);
  }
  const { timeoutMs = DEFAULT_TIMEOUT_MS, dispatcher } = options;
  const connections = createConnections({
    dispatcher,
    maxConnections: MAX_CONNECTIONS,
    connectTimeoutMs: timeoutMs,
  });
  try {
    const result = await withTracingSuppressed(() =>
      testKey({ ...options, endpoint: endpoint.endpoint, apiKey: key.apiKey, connections }),
    );
    const proxy = dispatcher ? undefined : environmentProxyFor(endpoint.endpoint);
    return proxy === undefined ? result : { ...result, proxy };
  } finally {
    connections.close();
  }
}

/** Two questions to the endpoint, one to each region. */
const MAX_CONNECTIONS = 4;

interface Test extends TestConnectionOptions {
  readonly connections: Connections;
}

async function testKey(options: Test): Promise<ConnectionResult> {
  const { endpoint, headers = {} } = options;
  const finding = await showKey(options, endpoint, headers);
  switch (finding.type) {
    case 'known':
      return results.ok(shownUrl(endpoint), await findAiRoute(options, headers));
    case 'unknown-key':
      return explainUnknownKey(options);
    case 'undecided':
      return finding.result;
  }
}

async function showKey(options: Test, endpoint: string, headers: HeadersSource): Promise<KeyFinding> {
  const json = { token: options.apiKey, distinct_id: DISTINCT_ID, disable_flags: true };
  const outcome = await probe({ ...requestTo(`${endpoint}/flags/?v=2`, options, headers), json });
  const shown = shownUrl(endpoint);
  return outcome.type === 'failed'
    ? { type: 'undecided', result: results.unreachable(shown, outcome.cause, outcome.errorCode) }
    : readFlagsAnswer(shown, outcome);
}

/** An unknown key on one region of the cloud may belong to another. */
async function explainUnknownKey(options: Test): Promise<ConnectionResult> {
  const regions = options.regions ?? CLOUD_REGIONS;
  const home = regionOf(options.endpoint, regions);
  const others = home === undefined ? [] : regions.filter((region) => region !== home);
  const findings = await Promise.all(
    others.map(async (region) => ({ region, finding: await showKey(options, region.endpoint, {}) })),
  );
  const found = findings.find(({ finding }) => finding.type === 'known');
  if (found !== undefined) {
    return results.wrongRegion(shownUrl(options.endpoint), found.region);
  }
  const unasked = findings
    .filter(({ finding }) => finding.type === 'undecided')
    .map(({ region }) => region.name);
  return results.wrongKey(shownUrl(options.endpoint), unasked);
}

async function findAiRoute(options: Test, headers: HeadersSource): Promise<ConnectionResult['aiRoute']> {
  const json = { api_key: options.apiKey, batch: [] };
  return readAiRouteAnswer(
    await probe({ ...requestTo(`${options.endpoint}/i/v0/ai/batch/`, options, headers), json }),
  );
}

function requestTo(url: string, options: Test, headers: HeadersSource): Omit<ProbeRequest, 'json'> {
  const { timeoutMs = DEFAULT_TIMEOUT_MS, connections, signal } = options;
  return { url, headers, userAgent: `${packageName}/${packageVersion}`, timeoutMs, connections, signal };
}
