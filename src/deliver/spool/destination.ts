import { createHash } from 'node:crypto';

/**
 * Fingerprint of the project that a key belongs to, so that exporters for different projects can share a directory
 * and none sends the other's events. The key cannot be found from its 32 bits.
 */
export function destinationOf(apiKey: string): string {
  return createHash('sha256').update(`posthog-llm-exporter spool\n${apiKey}`).digest('hex').slice(0, 8);
}
