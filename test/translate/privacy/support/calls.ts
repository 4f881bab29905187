import type { LlmCall } from '../../../../src/translate/call/llm-call.ts';
import { toEvent } from '../../../../src/translate/event/to-event.ts';
import type { AiEventName, EventProperties, PostHogEvent } from '../../../../src/translate/posthog-event.ts';

/** A call with nothing but what every call has. */
export function callWith(parts: Partial<LlmCall>): LlmCall {
  return {
    kind: 'generation',
    dialect: 'gen-ai',
    traceId: '0123456789abcdef0123456789abcdef',
    spanId: '0123456789abcdef',
    isLocalRoot: true,
    isTraceRoot: true,
    spanName: 'chat gpt-4o',
    spanKind: 'client',
    startTimeMs: 1_700_000_000_000,
    endTimeMs: 1_700_000_001_500,
    scope: { name: 'test-instrumentation', version: '1.2.3' },
    trace: {},
    privacyRequested: false,
    service: { 'service.name': 'shop' },
    ...parts,
  };
}

export function eventOf(call: LlmCall): PostHogEvent {
  return toEvent(call, { metadataPrefix: 'metadata_', maxMetadataDepth: 5 });
}

/** An event with exactly these properties. */
export function eventWith(properties: EventProperties, event: AiEventName = '$ai_generation'): PostHogEvent {
  return { event, uuid: '018bcfe5-6800-7000-8000-000000000000', distinct_id: 'user-123', properties };
}

/** The same value, frozen to its depth. */
export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
    Object.freeze(value);
    for (const held of Object.values(value)) frozen(held);
  }
  return value;
}
