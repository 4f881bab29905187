import { totalBytes } from './pack.ts';
import type { SerialisedEvent } from './transport.ts';

const COMMA = 0x2c;
const SUFFIX = Buffer.from(']}');

/**
 * Builds `{"api_key":…,"batch":[…]}` from events that are JSON already. There is no `sent_at`: PostHog would move
 * every timestamp by the time the request took, differently on each retry.
 *
 * @param memory where it is built; at least `requestBodyBytes`. Default: memory of its own
 */
export function buildRequestBody(
  apiKey: string,
  events: readonly SerialisedEvent[],
  memory: Buffer = Buffer.allocUnsafeSlow(requestBodyBytes(apiKey, events)),
): Buffer {
  const prefix = prefixFor(apiKey);
  memory.set(prefix);
  let end = prefix.length;
  for (const [index, { json }] of events.entries()) {
    if (index > 0) memory[end++] = COMMA;
    memory.set(json, end);
    end += json.length;
  }
  memory.set(SUFFIX, end);
  return memory.subarray(0, end + SUFFIX.length);
}

export function requestBodyBytes(apiKey: string, events: readonly SerialisedEvent[]): number {
  return envelopeBytes(apiKey) + totalBytes(events) + Math.max(0, events.length - 1);
}

/** Bytes of the body around the events. Each event adds its own length and one comma. */
export function envelopeBytes(apiKey: string): number {
  return prefixFor(apiKey).length + SUFFIX.length;
}

function prefixFor(apiKey: string): Buffer {
  return Buffer.from(`{"api_key":${JSON.stringify(apiKey)},"batch":[`);
}
