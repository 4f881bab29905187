import type { LlmCall } from '../call/llm-call.ts';
import type { EventProperties, PostHogEvent } from '../posthog-event.ts';
import { aiTraceId, distinctIdOf, eventTimestamp, urlSafeId, uuidOf } from './identity.ts';
import { LIBRARY_PROPERTIES } from './property-table.ts';

/**
 * The `$ai_trace` event of a trace that has a name and whose root is not sent: PostHog would call it after the first of
 * its spans to end. It names the trace and whose it is, and has no latency, tokens or content, which the events of the
 * trace have. Its UUID follows from the trace alone.
 *
 * @param call one of the trace, which knows the name
 */
export function toTraceEvent(call: LlmCall, fallbackDistinctId: string | undefined): PostHogEvent {
  const { user, sessionId, webSessionId, groups, traceName } = call.trace;
  const { distinctId, isAnonymous } = distinctIdOf(call, fallbackDistinctId);
  const traceId = aiTraceId(call);
  const properties: EventProperties = {
    $ai_trace_id: traceId,
    ...(sessionId === undefined ? {} : { $ai_session_id: urlSafeId(sessionId) }),
    $ai_span_name: traceName?.slice(0, MAX_NAME_CHARACTERS),
    ...(user === undefined ? {} : { $ai_user: user }),
    ...(webSessionId === undefined ? {} : { $session_id: webSessionId }),
    ...(groups === undefined ? {} : { $groups: groups }),
    trace_name: traceName?.slice(0, MAX_NAME_CHARACTERS),
    ...(isAnonymous ? { $process_person_profile: false } : {}),
    ...LIBRARY_PROPERTIES,
    ...call.service,
  };
  const timestamp = eventTimestamp(call);
  const uuid = uuidOf(call.endTimeMs ?? call.startTimeMs, `${traceId}:$ai_trace`);
  return {
    event: '$ai_trace',
    uuid,
    distinct_id: distinctId,
    ...(timestamp === undefined ? {} : { timestamp }),
    properties,
  };
}

/** As for names of spans. */
const MAX_NAME_CHARACTERS = 1_000;
