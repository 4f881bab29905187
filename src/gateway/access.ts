import { isLoopback, type ListenAddress } from './config/gateway-config.ts';
import { createHostCheck } from './receive/host-check.ts';
import { secretCheck } from './receive/secret-check.ts';

/** Behind another address a name cannot be known, and a key or token is asked for. */
export function hostCheckOf(
  { host }: ListenAddress,
  names: readonly string[],
): ((host: string) => boolean) | undefined {
  return isLoopback(host) ? createHostCheck(names) : undefined;
}

/** Who may see the page: on loopback everybody where there is no token, elsewhere nobody. */
export function pageAccess(
  { host }: ListenAddress,
  token: string | undefined,
): (request: { headers: { authorization?: string } }) => boolean {
  if (token === undefined) return () => isLoopback(host);
  const isWanted = secretCheck(`Bearer ${token}`);
  return ({ headers }) => isWanted(headers.authorization ?? '');
}
