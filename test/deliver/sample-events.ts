import { randomUUID } from 'node:crypto';
import type { SerialisedEvent } from '../../src/deliver/transport.ts';

export interface SampleOptions {
  /** Default: `$ai_generation`. Any other than an AI event makes the AI route refuse the whole batch. */
  readonly name?: string;
  /** Pads the JSON to exactly this many bytes. Default: no padding. */
  readonly bytes?: number;
}

/** An event that PostHog's rules accept. `label` is its distinct_id, by which tests recognise it. */
export function sampleEvent(
  label: string,
  { name = '$ai_generation', bytes }: SampleOptions = {},
): SerialisedEvent {
  const uuid = randomUUID();
  const write = (padding: string): Buffer =>
    Buffer.from(
      JSON.stringify({
        event: name,
        uuid,
        distinct_id: label,
        timestamp: '2026-01-01T00:00:00.000Z',
        properties: { $ai_model: 'grüße-1', padding },
      }),
    );
  const bare = write('').length;
  return { uuid, json: write('x'.repeat(Math.max(0, (bytes ?? bare) - bare))) };
}

/** Events labelled `e0`, `e1`, … */
export function sampleEvents(count: number, options: SampleOptions = {}): SerialisedEvent[] {
  return Array.from({ length: count }, (_, index) => sampleEvent(`e${index}`, options));
}

/** Labels of events as the server saw them. */
export function labelsOf(events: readonly Record<string, unknown>[]): unknown[] {
  return events.map((event) => event['distinct_id']);
}

/** Label of an event as it was given. */
export function labelOf(event: SerialisedEvent): unknown {
  return JSON.parse(event.json.toString('utf8')).distinct_id;
}
