import type { HttpAnswer } from './http-answer.ts';
import { exchangeHttp, type HttpExchange } from './http-exchange.ts';
import { ROUTES } from './posthog-routes.ts';

/** URLs that a server wants with or without a slash at the end, by the URL that was asked for. */
export type SlashForms = Map<string, string>;

/**
 * Makes one HTTP request. Where a server answers 307 or 308 only to add or take the slash at the end of the path, as
 * Next.js and some proxies do, the same request is sent to the URL in that form, and the form is remembered. No other
 * redirect is followed: the events would go where they were not sent to.
 */
export async function exchangeInForm(exchange: HttpExchange, forms: SlashForms): Promise<HttpAnswer> {
  const url = forms.get(exchange.url) ?? exchange.url;
  const answer = await exchangeHttp({ ...exchange, url });
  const other = otherForm(url, answer);
  if (other === undefined) return answer;
  forms.set(exchange.url, other);
  return exchangeHttp({ ...exchange, url: other });
}

/**
 * Where an answer sends the request, to be named: the origin when it is another one, else the path, with `…` for what it
 * has of the path that was asked, which may hold a key.
 */
export function redirectTarget(
  url: string,
  answer: Pick<HttpAnswer, 'status' | 'headers'>,
): string | undefined {
  const target = targetOf(url, answer);
  if (target === undefined) return undefined;
  const asked = new URL(url);
  if (target.origin !== asked.origin) return target.origin;
  const hidden = new Set(asked.pathname.split('/').filter((part) => !PARTS_OF_ROUTES.has(part)));
  // Without the query, which may hold a token of a login.
  const path = target.pathname.replaceAll(/[^/]+/g, (part) => (hidden.has(part) ? '…' : part));
  return path.length > MAX_SAID_CHARACTERS ? `${path.slice(0, MAX_SAID_CHARACTERS)}…` : path;
}

const PARTS_OF_ROUTES = new Set(['flags', ...Object.values(ROUTES).flatMap(({ path }) => path.split('/'))]);

/** Of a path, in a line. */
const MAX_SAID_CHARACTERS = 100;

function otherForm(url: string, answer: HttpAnswer): string | undefined {
  if (answer.status !== 307 && answer.status !== 308) return undefined;
  const asked = new URL(url);
  const target = targetOf(url, answer);
  if (target === undefined || target.origin !== asked.origin || target.search !== asked.search)
    return undefined;
  const isSlashOnly = target.pathname !== asked.pathname && bare(target.pathname) === bare(asked.pathname);
  return isSlashOnly ? target.href : undefined;
}

function targetOf(url: string, { status, headers }: Pick<HttpAnswer, 'status' | 'headers'>): URL | undefined {
  const { location } = headers;
  if (status < 300 || status >= 400 || typeof location !== 'string') return undefined;
  const target = URL.canParse(location, url) ? new URL(location, url) : undefined;
  return target && /^https?:$/.test(target.protocol) ? target : undefined;
}

function bare(path: string): string {
  return path.replace(/\/$/, '');
}
