import type { SerialisedEvent } from './transport.ts';

const COMMA = Buffer.from(',');
const SUFFIX = Buffer.from(']}');

/**
 * Builds `{"api_key":…,"batch":[…]}` from events that are JSON already. There is no `sent_at`: PostHog would move
 * every timestamp by the time the request took, differently on each retry.
 */
export function buildRequestBody(apiKey: string, events: readonly SerialisedEvent[]): Buffer {
  const pieces: Buffer[] = [prefixFor(apiKey)];
  for (const [index, event] of events.entries()) {
    if (index > 0) {
      pieces.push(COMMA);
    }
    pieces.push(event.json);
  }
  pieces.push(SUFFIX);
  return Buffer.concat(pieces);
}

/** Bytes of the body around the events. Each event adds its own length and one comma. */
export function envelopeBytes(apiKey: string): number {
  return prefixFor(apiKey).length + SUFFIX.length;
}

function prefixFor(apiKey: string): Buffer {
  return Buffer.from(`{"api_key":${JSON.stringify(apiKey)},"batch":[`);
}
