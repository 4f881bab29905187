import { inspect } from 'node:util';

/**
 * Makes `util.inspect` and `JSON.stringify` of a configuration show `[hidden]` in place of the values that can hold
 * secrets, such as header values or a proxy's password. The API key needs no such help: it is a `Secret`.
 * @param shown what is shown of values that hold one in a part
 */
export function hideValues<T extends object>(config: T, names: readonly string[], shown: Partial<T> = {}): T {
  const hidden = Object.fromEntries(
    names
      .filter((name) => (config as Record<string, unknown>)[name] !== undefined)
      .map((name) => [name, '[hidden]']),
  );
  const summary = () => ({ ...config, ...shown, ...hidden });
  Object.defineProperty(config, 'toJSON', { value: summary, enumerable: false });
  Object.defineProperty(config, inspect.custom, { value: summary, enumerable: false });
  return config;
}
