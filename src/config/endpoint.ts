import { DEFAULT_ENDPOINT } from './defaults.ts';
import type { Finding } from './option-row.ts';
import { typeName } from './type-name.ts';

export type RegionName = 'us' | 'eu';

/** One region of PostHog Cloud. */
export interface Region {
  readonly name: string;
  /** Takes events. */
  readonly endpoint: string;
  /** Where people look at them. */
  readonly app: string;
}

/** The regions of PostHog Cloud; a project key is known in one of them only. */
export const CLOUD_REGIONS: readonly (Region & { readonly name: RegionName })[] = [
  { name: 'us', endpoint: 'https://us.i.posthog.com', app: 'https://us.posthog.com' },
  { name: 'eu', endpoint: 'https://eu.i.posthog.com', app: 'https://eu.posthog.com' },
];

/** Hosts of the web application, often taken for the ingestion host, with the host that was meant. */
const APP_HOSTS: ReadonlyMap<string, string> = new Map([
  ['app.posthog.com', 'https://us.i.posthog.com'],
  ['us.posthog.com', 'https://us.i.posthog.com'],
  ['eu.posthog.com', 'https://eu.i.posthog.com'],
]);

/** Routes that the exporter adds itself. */
const POSTHOG_ROUTE = /\/(?:batch|capture|flags|decide|i\/v\d+(\/.*)?)$/;

/** What may be said of one; behind another may stand a key. */
const SAID_ROUTE = /^\/(?:\w+|i\/v\d+(?:\/(?:ai|e))?(?:\/batch)?)$/;

export type EndpointCheck =
  | { readonly type: 'usable'; readonly endpoint: string; readonly warnings: readonly string[] }
  | { readonly type: 'unusable'; readonly finding: Finding };

const EXPECTED =
  'Give "us", "eu", or a URL such as "https://us.i.posthog.com" or "https://example.com/ingest".';

/**
 * Reads an endpoint: a short name of a cloud region, or an http(s) URL with an optional path prefix. The result has
 * no trailing slash, so a route can be appended. Messages never quote the value, which may hold credentials.
 */
export function checkEndpoint(raw: unknown): EndpointCheck {
  if (typeof raw !== 'string') {
    return unusable(`The endpoint must be a string, not ${typeName(raw)}.`, EXPECTED);
  }
  const text = raw.trim();
  const region = CLOUD_REGIONS.find(({ name }) => name === text.toLowerCase());
  if (region !== undefined) {
    return { type: 'usable', endpoint: region.endpoint, warnings: [] };
  }
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    return unusable('The endpoint is neither a region name nor a URL with "https://" in front.', EXPECTED);
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) {
    return unusable('The endpoint is not a valid URL.', EXPECTED);
  }
  return checkUrl(url);
}

/** The endpoint in its usual form; the default in place of one that cannot be used. */
export function usableEndpoint(raw: unknown): string {
  const check = checkEndpoint(raw);
  return check.type === 'usable' ? check.endpoint : DEFAULT_ENDPOINT;
}

function checkUrl(url: URL): EndpointCheck {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return unusable(`The endpoint has the scheme "${url.protocol}//".`, 'Use "https://" or "http://".');
  }
  if (url.username !== '' || url.password !== '') {
    return unusable(
      'The endpoint holds a user name or password.',
      'Take them out of the URL and send what your proxy needs with the "headers" option.',
    );
  }
  if (url.search !== '' || url.hash !== '' || url.href.endsWith('?') || url.href.endsWith('#')) {
    return unusable(
      'The endpoint has a query ("?…") or a fragment ("#…").',
      'Give only origin and path prefix.',
    );
  }
  const path = url.pathname.replace(/\/+$/, '');
  const route = POSTHOG_ROUTE.exec(path)?.[0];
  if (route !== undefined) {
    return unusable(
      `The endpoint ends in "${SAID_ROUTE.test(route) ? route : '/i/…'}", a route of PostHog.`,
      'Leave the route off; the exporter adds it.',
    );
  }
  return { type: 'usable', endpoint: `${url.origin}${path}`, warnings: hostWarnings(url) };
}

function hostWarnings(url: URL): string[] {
  const warnings: string[] = [];
  const ingestionHost = APP_HOSTS.get(url.hostname);
  if (ingestionHost !== undefined) {
    warnings.push(
      `The endpoint ${url.origin} is the address of PostHog's web application; events belong to ${ingestionHost}.`,
    );
  }
  if (url.protocol === 'http:' && url.hostname.endsWith('.posthog.com')) {
    warnings.push(`The endpoint ${url.origin} is not encrypted. Use https.`);
  }
  return warnings;
}

/** The cloud region an endpoint belongs to, by its own or by its web application's host; none when it is elsewhere. */
export function regionOf(endpoint: string, regions: readonly Region[] = CLOUD_REGIONS): Region | undefined {
  const origin = new URL(endpoint).origin;
  const meant = APP_HOSTS.get(new URL(endpoint).hostname) ?? origin;
  return regions.find((region) => new URL(region.endpoint).origin === meant);
}

/**
 * Address of a trace in PostHog's web application.
 * @param uiHost address of that application; default: that of the cloud region of the endpoint
 * @returns `undefined` for an endpoint that is no region, when no `uiHost` is given
 */
export function traceUrlOf(
  traceId: string,
  endpoint: string,
  uiHost: string | undefined,
): string | undefined {
  const host = uiHost ?? regionOf(endpoint)?.app;
  if (host === undefined) return undefined;
  return `${host.replace(/\/+$/, '')}/ai-observability/traces/${encodeURIComponent(traceId)}`;
}

function unusable(message: string, fix: string): EndpointCheck {
  return { type: 'unusable', finding: { code: 'endpoint-invalid', message, fix } };
}
