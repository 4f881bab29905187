import { capDepth } from '../limits/cap-depth.ts';
import type { EventProperties } from '../posthog-event.ts';

/** Where a custom key goes when its own name would collide with something that PostHog reads. */
const SAFE_PREFIX = 'metadata_';

/**
 * Property names with a meaning at PostHog besides everything that starts with `$`: identity and credentials
 * (`token`, `api_key`, `distinct_id`), and `capture_internal`, which replaces the sender's address.
 */
const TAKEN_NAMES: ReadonlySet<string> = new Set([
  'token',
  'api_key',
  'distinct_id',
  'capture_internal',
  '__proto__',
  'constructor',
  'prototype',
]);

/** Custom properties of one event; no application means more, and each becomes a column at PostHog. */
const MAX_CUSTOM_PROPERTIES = 1_000;

/**
 * Adds custom values to the properties. A value never overwrites what stands there, and no key can reach a `$…`
 * property, the identity, the token or the prototype; such a key gets the `metadata_` prefix whatever the option says.
 *
 * @param maxDepth levels of nesting that are kept
 */
export function addCustomProperties(
  properties: EventProperties,
  custom: Readonly<Record<string, unknown>> | undefined,
  prefix: string,
  maxDepth: number,
): void {
  if (custom === undefined) return;
  let left = MAX_CUSTOM_PROPERTIES;
  for (const [key, value] of Object.entries(custom)) {
    if (left-- === 0) return;
    if (value === undefined || typeof value === 'function' || typeof value === 'symbol') continue;
    const wanted = `${prefix}${key}`;
    const name = isFree(properties, wanted) ? wanted : `${SAFE_PREFIX}${key}`;
    if (!isFree(properties, name)) continue;
    try {
      properties[name] = capDepth(value, maxDepth);
    } catch {
      // An object whose members cannot be read is no metadata.
    }
  }
}

function isFree(properties: EventProperties, name: string): boolean {
  return !name.startsWith('$') && !TAKEN_NAMES.has(name) && !Object.hasOwn(properties, name);
}
