import { type EventOptions, toEvent } from '../../src/translate/event/to-event.ts';
import type { PostHogEvent } from '../../src/translate/posthog-event.ts';
import { readCall } from '../../src/translate/reading/read-call.ts';
import { type SpanParts, span } from './spans.ts';

export const DEFAULT_EVENT_OPTIONS: EventOptions = { metadataPrefix: 'metadata_', maxMetadataDepth: 3 };

/** The event of one span; throws when the span is no AI span. */
export function eventOf(parts: SpanParts, options: Partial<EventOptions> = {}): PostHogEvent {
  const result = readCall(span(parts));
  if (result.type !== 'call') throw new Error(`not a call: ${result.because}`);
  return toEvent(result.call, { ...DEFAULT_EVENT_OPTIONS, ...options });
}

/** Properties of the event of a chat span with these further attributes. */
export function chatProperties(
  attributes: Readonly<Record<string, unknown>>,
  parts: SpanParts = {},
  options: Partial<EventOptions> = {},
): Record<string, unknown> {
  const chat = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o', ...attributes };
  return eventOf({ ...parts, attributes: chat }, options).properties;
}
