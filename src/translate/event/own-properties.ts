import { isOwnProperty, STRUCTURED_PROPERTIES } from '../call/identity-in-metadata.ts';
import type { EventProperties } from '../posthog-event.ts';
import { urlSafeId } from './identity.ts';

const IDS: ReadonlySet<string> = new Set(['$ai_trace_id', '$ai_session_id']);

/** Facts of the call itself, which the event has from there. */
const FROM_CALL: ReadonlySet<string> = new Set(['$ai_parent_id', '$ai_span_id']);

/** PostHog takes these away from events that it did not make itself. */
const RESERVED_PREFIX = '$ai_gateway';

/**
 * Lets `$ai_…` properties that the application set win over what was read from the span, as on PostHog's own route for
 * OpenTelemetry.
 */
export function applyOwnProperties(
  properties: EventProperties,
  own: Readonly<Record<string, unknown>> | undefined,
): void {
  if (own === undefined) return;
  for (const [name, value] of Object.entries(own)) {
    if (!isOwnProperty(name, value) || name.startsWith(RESERVED_PREFIX) || FROM_CALL.has(name)) continue;
    if (IDS.has(name)) properties[name] = urlSafeId(String(value));
    else properties[name] = STRUCTURED_PROPERTIES.has(name) ? structured(value) : value;
  }
}

function structured(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
