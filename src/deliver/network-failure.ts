/** What went wrong before a complete answer was there. */
export interface NetworkFailure {
  readonly kind: 'dns' | 'refused' | 'reset' | 'tls' | 'timeout' | 'unusable' | 'other';
  /** Error code of Node or undici, such as `ECONNREFUSED`. */
  readonly code: string | undefined;
  /** In words, without host or content. */
  readonly description: string;
}

type Kind = NetworkFailure['kind'];

const DESCRIPTIONS: Readonly<Record<Kind, string>> = {
  dns: 'the host name could not be resolved; check "endpoint" (POSTHOG_HOST) and DNS',
  refused: 'the connection was refused; check the port, and firewalls in between',
  reset: 'the connection broke before the answer was complete',
  tls: 'no trusted TLS connection could be made; give the certificate authority in NODE_EXTRA_CA_CERTS',
  timeout: 'the host did not answer in time',
  unusable: 'the request could not be made',
  other: 'the request failed',
};

const KIND_OF_CODE: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ['ENOTFOUND', 'dns'],
  ['EAI_AGAIN', 'dns'],
  ['ECONNREFUSED', 'refused'],
  ['EHOSTUNREACH', 'refused'],
  ['ENETUNREACH', 'refused'],
  ['ECONNRESET', 'reset'],
  ['ECONNABORTED', 'reset'],
  ['EPIPE', 'reset'],
  ['UND_ERR_SOCKET', 'reset'],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'reset'],
  ['ETIMEDOUT', 'timeout'],
  ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
  ['UND_ERR_HEADERS_TIMEOUT', 'timeout'],
  ['UND_ERR_BODY_TIMEOUT', 'timeout'],
  ['ERR_TLS_HANDSHAKE_TIMEOUT', 'timeout'],
  ['EPROTO', 'tls'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'tls'],
  ['UNABLE_TO_GET_ISSUER_CERT', 'tls'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'tls'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
  ['HOSTNAME_MISMATCH', 'tls'],
  ['INVALID_CA', 'tls'],
  ['INVALID_PURPOSE', 'tls'],
  // The dispatcher was closed, or the URL or a header cannot be sent: trying again changes nothing.
  ['UND_ERR_CLOSED', 'unusable'],
  ['UND_ERR_DESTROYED', 'unusable'],
  ['UND_ERR_INVALID_ARG', 'unusable'],
  ['UND_ERR_NOT_SUPPORTED', 'unusable'],
  ['ERR_INVALID_URL', 'unusable'],
]);

const TLS_CODE = /^(?:ERR_TLS_|ERR_SSL_|ERR_OSSL_|CERT_|CRL_)/;

/** Recognises an error of Node or undici by its code. Its message is not used: it may quote the request. */
export function describeNetworkError(error: unknown): NetworkFailure {
  const code = codeOf(error);
  const kind =
    code === undefined ? 'other' : (KIND_OF_CODE.get(code) ?? (TLS_CODE.test(code) ? 'tls' : 'other'));
  return { kind, code, description: `${DESCRIPTIONS[kind]}${code === undefined ? '' : ` (${code})`}` };
}

/** The code of an error, else of what caused it; a failed connection to several addresses holds one error for each. */
function codeOf(error: unknown, depth = 0): string | undefined {
  if (typeof error !== 'object' || error === null || depth > 3) {
    return undefined;
  }
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown };
  if (typeof code === 'string') {
    return code;
  }
  return codeOf(cause, depth + 1) ?? (Array.isArray(errors) ? codeOf(errors[0], depth + 1) : undefined);
}
