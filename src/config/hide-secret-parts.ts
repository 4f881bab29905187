import { inspect } from 'node:util';

/** Parts that can lead to credentials: header values, a proxy's user name and password inside a dispatcher. */
const HIDDEN = ['headers', 'dispatcher', 'logger', 'meterProvider'] as const;

/**
 * Makes `util.inspect` and `JSON.stringify` of a configuration show a name in place of the parts that can hold
 * secrets. The API key needs no such help: it is a `Secret`.
 */
export function hideSecretParts<T extends object>(config: T): T {
  const summary = () => ({ ...config, ...hiddenParts(config) });
  Object.defineProperty(config, 'toJSON', { value: summary, enumerable: false });
  Object.defineProperty(config, inspect.custom, { value: summary, enumerable: false });
  return config;
}

function hiddenParts(config: object): Record<string, string> {
  const present = HIDDEN.filter((name) => (config as Record<string, unknown>)[name] !== undefined);
  return Object.fromEntries(present.map((name) => [name, '[hidden]']));
}
