/**
 * The proxy that `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` name for a URL, by the rules of undici's `EnvHttpProxyAgent`, which
 * makes the requests; `undefined` when it is asked directly. Names in lower case win.
 * @returns host and port, without user name and password
 */
export function environmentProxyFor(url: string, env: NodeJS.ProcessEnv = process.env): string | undefined {
  const { protocol, port, hostname } = new URL(url);
  const http = env['http_proxy'] ?? env['HTTP_PROXY'];
  const https = env['https_proxy'] ?? env['HTTPS_PROXY'];
  const proxy = (protocol === 'https:' ? https : undefined) || http;
  const usedPort = Number(port) || (protocol === 'https:' ? 443 : 80);
  const excluded = env['no_proxy'] ?? env['NO_PROXY'] ?? '';
  if (!proxy || isExcluded(hostname.toLowerCase(), usedPort, excluded)) return undefined;
  return URL.canParse(proxy) ? new URL(proxy).host : 'a proxy whose address cannot be read';
}

/** Whether the environment names any proxy. */
export function hasEnvironmentProxy(env: NodeJS.ProcessEnv = process.env): boolean {
  return ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY'].some((name) => Boolean(env[name]));
}

function isExcluded(hostname: string, port: number, excluded: string): boolean {
  if (excluded.trim() === '*') return true;
  return excluded.split(/[,\s]+/).some((entry) => {
    const [, name = entry, wantedPort] = /^(.+):(\d+)$/.exec(entry) ?? [];
    const bare = name.replace(/^\*?\./, '').toLowerCase();
    if (bare === '' || (wantedPort !== undefined && Number(wantedPort) !== port)) return false;
    return hostname === bare || hostname.endsWith(`.${bare}`);
  });
}
