/** Stands in place of a credential inside a URL. */
const REMOVED = 'removed';

/** Parameters that give access, by their names in small letters without signs. */
const EXACT_NAMES: ReadonlySet<string> = new Set([
  ...['sig', 'key', 'auth', 'authorization', 'password', 'passwd', 'pwd', 'jwt', 'code', 'policy', 'session'],
  // Amazon, CloudFront, Google
  ...['awsaccesskeyid', 'keypairid', 'googleaccessid', 'hmac'],
]);

/** What such names end in: `X-Amz-Signature`, `access_token`, `client_secret`, `api_key`. */
const NAME_ENDINGS = /(?:signature|token|secret|credential|credentials|apikey|accesskey|password)$/;

/** `name=value` behind `?`, `&`, `;` or `#`. Names of parameters are far shorter than the bound. */
const PARAMETER = /(?<=^|[?&;#])([^=&#;?\s]{1,64})=([^&#;\s]+)/g;

/**
 * Takes user name, password and the values of parameters that give access out of a URL. Everything else, and text that
 * is no URL, stays as it is.
 */
export function withoutUrlCredentials(url: string): string {
  const bare = withoutUserInfo(url);
  if (!bare.includes('=')) return bare;
  return bare.replace(PARAMETER, (pair: string, name: string) =>
    givesAccess(name) ? `${name}=${REMOVED}` : pair,
  );
}

/** A URL, or host and port, without user name, password, query and fragment. */
export function withoutUrlQuery(url: string): string {
  return withoutUserInfo(url.replace(/[?#].*$/s, ''));
}

/** Whether a text is a URL as a whole and has a part that may give access. */
export function mayHoldCredentials(text: string): boolean {
  return /^[a-z][a-z0-9+.-]{0,20}:\/\//i.test(text) && /[@?#]/.test(text);
}

function withoutUserInfo(url: string): string {
  const scheme = url.indexOf('://');
  const start = scheme < 0 ? 0 : scheme + 3;
  const authority = /[/?#\\]/g;
  authority.lastIndex = start;
  const end = authority.exec(url)?.index ?? url.length;
  const at = url.lastIndexOf('@', end - 1);
  return at < start ? url : url.slice(0, start) + url.slice(at + 1);
}

function givesAccess(name: string): boolean {
  const word = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  return EXACT_NAMES.has(word) || NAME_ENDINGS.test(word);
}
