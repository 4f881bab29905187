import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

/** What an admin path answers. */
export interface AdminAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface AdminRoute {
  readonly path: string;
  readonly method: 'GET' | 'POST';
  /**
   * Who may ask. `anybody`: probes and Prometheus send neither a token nor a host name that is known. `page`: whoever calls
   * the gateway by its own name; the page must be there before it can ask for the token. `token`: who has the token, where
   * there is one.
   */
  readonly access: 'anybody' | 'page' | 'token';
  /** `undefined` when the route has written the answer itself. */
  readonly answer: (
    request: IncomingMessage,
    response: ServerResponse,
  ) => Promise<AdminAnswer | undefined> | AdminAnswer | undefined;
}

export interface AdminAccess {
  /** Absent where any name is fine. */
  readonly hosts: ((host: string) => boolean) | undefined;
  /** Whether a request carries the token, where one is asked for. */
  readonly isAllowed: (request: IncomingMessage) => boolean;
}

/** Same on every answer of the page: nothing is loaded from or shown in another place. */
const SECURITY_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

/** Serves health, figures and the page. */
export function createAdminHttp(
  routes: readonly AdminRoute[],
  { hosts, isAllowed }: AdminAccess,
): RequestListener {
  const answerTo = async (
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<AdminAnswer | undefined> => {
    const path = request.url?.split('?', 1)[0] ?? '/';
    const ofPath = routes.filter((route) => route.path === path);
    if (ofPath.length === 0) return text(404, `Known here: ${routes.map((route) => route.path).join(', ')}.`);
    const route = ofPath.find(({ method }) => method === request.method);
    if (!route) return text(405, 'Another method is wanted here.');
    if (route.access === 'anybody') return route.answer(request, response);
    if (hosts && !hosts(request.headers.host ?? '')) {
      return text(
        403,
        'The Host header names another server; call the gateway by its address or by localhost.',
      );
    }
    if (route.access === 'page') return route.answer(request, response);
    if (request.method === 'POST' && !isSameOrigin(request))
      return text(403, 'Another page may not do this.');
    if (!isAllowed(request)) return text(401, 'This page asks for the token of the setting page.token.');
    return route.answer(request, response);
  };
  return (request, response) => {
    answerTo(request, response)
      .catch(() => text(500, 'The gateway failed to answer.'))
      .then((answer) => {
        if (!answer) return;
        const body = Buffer.from(answer.body);
        response.writeHead(answer.status, {
          'content-type': answer.type,
          'content-length': body.length,
          ...SECURITY_HEADERS,
          ...answer.headers,
        });
        response.end(body);
      });
  };
}

export function text(status: number, body: string): AdminAnswer {
  return { status, type: 'text/plain; charset=utf-8', body: `${body}\n` };
}

export function json(status: number, value: unknown): AdminAnswer {
  return { status, type: 'application/json', body: JSON.stringify(value) };
}

/** Browsers name the origin of each POST; programs name none. */
function isSameOrigin({ headers: { origin, host } }: IncomingMessage): boolean {
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
