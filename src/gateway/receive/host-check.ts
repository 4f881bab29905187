import { isIP } from 'node:net';

/**
 * Whether a `Host` header names a gateway on loopback. A page on the internet can make a browser call any port of its
 * machine under a name of the page's own (DNS rebinding); such a name is refused. Addresses cannot be taken that way.
 * @param names further names that are fine, for example of a container
 */
export function createHostCheck(names: readonly string[]): (host: string) => boolean {
  const known = new Set(['localhost', ...names.map((name) => name.toLowerCase())]);
  return (host) => {
    const name = host
      .toLowerCase()
      .replace(/:\d+$/, '')
      .replace(/^\[(.*)\]$/, '$1');
    return known.has(name) || isIP(name) !== 0;
  };
}
