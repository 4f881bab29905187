/** What stands in place of a value below the deepest level that is sent. */
export const TRUNCATED = '[truncated]';

/**
 * A copy of the value with at most `maxDepth` levels of objects and arrays; what lies deeper becomes `[truncated]`.
 * Keeps depth and parse time of custom properties bounded, as OpenRouter's Broadcast does for PostHog.
 *
 * @param maxDepth levels that are kept; the value itself is the first. 0 keeps scalars only.
 */
export function capDepth(value: unknown, maxDepth: number): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (maxDepth <= 0) return TRUNCATED;
  if (ArrayBuffer.isView(value)) return TRUNCATED;
  if (Array.isArray(value)) return value.map((item) => capDepth(item, maxDepth - 1));
  // `fromEntries` defines own properties, so a key such as `__proto__` stays harmless.
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, capDepth(held, maxDepth - 1)]));
}
