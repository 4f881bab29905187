/** Why no answer came. */
export type UnreachableCause =
  | 'dns' // the host name is not known
  | 'tls' // no secure connection: certificate, protocol
  | 'refused' // nothing listens there
  | 'proxy' // the proxy on the way refuses to connect to it
  | 'timeout'
  | 'network' // reset, no route, broken answer
  | 'aborted' // the caller's signal
  | 'headers' // the "headers" option failed, so no request was made
  | 'invalid-endpoint'; // not an address that could be asked

/** Why an answer says nothing about the key. */
export type NotVerifiableReason =
  | 'route-missing' // 404 or 405: a proxy for capture routes only, or a very old PostHog
  | 'redirect'
  | 'not-posthog' // a web page, or an answer PostHog never gives
  | 'access-denied' // something in front of PostHog wants credentials of its own
  | 'server-error'; // 408 or 5xx

interface Common {
  /** Host and port of the proxy of the environment (`HTTPS_PROXY`) that it went through; absent when it went directly. */
  readonly proxy?: string;
  /**
   * The endpoint that was asked, with `…` for its path, which may hold a key of a proxy; empty when it is not a usable
   * address.
   */
  readonly endpoint: string;
  /** What was found, in words. */
  readonly message: string;
  /** What to do, in words. */
  readonly fix: string;
  /** Whether the endpoint serves PostHog's AI batch route; looked at only when the key is good. */
  readonly aiRoute: 'available' | 'missing' | 'unknown';
}

/** What a connection test found. Holds no key. */
export type ConnectionResult =
  | (Common & { readonly status: 'ok' })
  | (Common & { readonly status: 'wrong-key' })
  | (Common & {
      readonly status: 'wrong-region';
      /** The region that knows the key. */
      readonly region: string;
      readonly suggestedEndpoint: string;
    })
  | (Common & { readonly status: 'personal-key' })
  | (Common & { readonly status: 'host-unreachable'; readonly cause: UnreachableCause })
  | (Common & {
      readonly status: 'key-not-verifiable';
      readonly reason: NotVerifiableReason;
      readonly httpStatus: number;
    })
  | (Common & { readonly status: 'rate-limited'; readonly httpStatus: 429 });
