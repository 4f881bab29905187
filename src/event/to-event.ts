import { isModelCall, type LlmCall } from '../call/llm-call.ts';
import type { Usage } from '../call/usage.ts';
import { packageName, packageVersion } from '../package-info.ts';
import { toChatMessages, toChatTools } from './chat-messages.ts';
import { addCustomProperties } from './custom-properties.ts';
import { aiTraceId, distinctIdOf, eventTimestamp, eventUuid, urlSafeId } from './identity.ts';
import type { AiEventName, EventProperties, PostHogEvent } from './posthog-event.ts';

/** What the user decides about events. */
export interface EventOptions {
  /** Put before every custom metadata key; may be empty. */
  readonly metadataPrefix: string;
  /** Levels of nesting kept in custom values. */
  readonly maxMetadataDepth: number;
  /** Distinct id of calls without a user. */
  readonly fallbackDistinctId?: string;
}

/** Call to event. Pure; every envelope field follows from the call alone. */
export function toEvent(call: LlmCall, options: EventOptions): PostHogEvent {
  const event = eventName(call);
  const { distinctId, isAnonymous } = distinctIdOf(call, options.fallbackDistinctId);
  const timestamp = eventTimestamp(call);
  const properties: EventProperties = {
    ...identityProperties(call, event),
    ...(isAnonymous ? { $process_person_profile: false } : {}),
    ...contentProperties(call),
    ...(isModelCall(call.kind) ? { ...usageProperties(call), ...costProperties(call) } : {}),
    ...callProperties(call),
    ...errorProperties(call),
    ...provenanceProperties(call),
    ...call.service,
  };
  if (call.trace.traceName !== undefined) properties.trace_name = call.trace.traceName;
  const tags = call.trace.tags === undefined ? {} : { tags: call.trace.tags };
  const { metadataPrefix, maxMetadataDepth } = options;
  addCustomProperties(properties, { ...tags, ...call.trace.metadata }, metadataPrefix, maxMetadataDepth);
  addCustomProperties(properties, call.extraAttributes, '', maxMetadataDepth);
  return {
    event,
    uuid: eventUuid(call, event),
    distinct_id: distinctId,
    ...(timestamp === undefined ? {} : { timestamp }),
    properties: withoutUndefined(properties),
  };
}

/**
 * A local root that is not a model call stands for the whole trace; a model call stays a generation even as root, since
 * PostHog builds the trace row itself.
 */
export function eventName(call: LlmCall): AiEventName {
  switch (call.kind) {
    case 'generation':
      return '$ai_generation';
    case 'embedding':
      return '$ai_embedding';
    default:
      return call.isLocalRoot && call.trace.parentSpanId === undefined ? '$ai_trace' : '$ai_span';
  }
}

function identityProperties(call: LlmCall, event: AiEventName): EventProperties {
  const traceId = aiTraceId(call);
  const { trace } = call;
  return {
    $ai_trace_id: traceId,
    $ai_span_id: call.spanId,
    $ai_parent_id: event === '$ai_trace' ? undefined : (trace.parentSpanId ?? call.parentSpanId ?? traceId),
    $ai_session_id: trace.sessionId === undefined ? undefined : urlSafeId(trace.sessionId),
    $ai_span_name: spanName(call, event),
    $ai_span_type: isModelCall(call.kind) ? undefined : call.kind,
    $ai_user: trace.user,
    $session_id: trace.webSessionId,
    $groups: trace.groups,
  };
}

/** What the application named it, else what the operation is about, else the span's own name. */
function spanName(call: LlmCall, event: AiEventName): string {
  const { generationName, traceName } = call.trace;
  if (event === '$ai_trace' && traceName !== undefined) return traceName;
  if (generationName !== undefined) return generationName;
  if (call.kind === 'tool' || call.kind === 'mcp') return call.toolName ?? call.spanName;
  if (call.kind === 'agent') return call.agentName ?? call.spanName;
  return call.spanName;
}

function contentProperties(call: LlmCall): EventProperties {
  if (call.kind === 'embedding') return { $ai_input: call.embeddingInput };
  const input = call.input && toChatMessages(call.input);
  const output = call.output && toChatMessages(call.output);
  if (call.kind !== 'generation') {
    return { $ai_input_state: call.inputState ?? input, $ai_output_state: call.outputState ?? output };
  }
  return { $ai_input: input, $ai_output_choices: output, $ai_tools: call.tools && toChatTools(call.tools) };
}

/** Token properties by count; PostHog prices from these, so an unknown count stays absent. */
const USAGE_PROPERTIES: readonly (readonly [count: keyof Usage, property: string])[] = [
  ['inputTokens', '$ai_input_tokens'],
  ['outputTokens', '$ai_output_tokens'],
  ['totalTokens', '$ai_total_tokens'],
  ['cacheReadTokens', '$ai_cache_read_input_tokens'],
  ['cacheWriteTokens', '$ai_cache_creation_input_tokens'],
  ['cacheWrite5mTokens', '$ai_cache_creation_5m_input_tokens'],
  ['cacheWrite1hTokens', '$ai_cache_creation_1h_input_tokens'],
  ['reasoningTokens', '$ai_reasoning_tokens'],
  ['textInputTokens', '$ai_text_input_tokens'],
  ['textOutputTokens', '$ai_text_output_tokens'],
  ['audioInputTokens', '$ai_audio_input_tokens'],
  ['audioOutputTokens', '$ai_audio_output_tokens'],
  ['imageInputTokens', '$ai_image_input_tokens'],
  ['imageOutputTokens', '$ai_image_output_tokens'],
  ['cacheReadAudioTokens', '$ai_cache_read_audio_tokens'],
];

function usageProperties(call: LlmCall): EventProperties {
  const { usage } = call;
  if (!usage) return {};
  const properties: EventProperties = {};
  for (const [count, property] of USAGE_PROPERTIES) properties[property] = usage[count];
  if (usage.cacheReporting !== undefined) {
    // Unless told, PostHog takes Claude's cache tokens as coming on top and bills inclusive counts twice.
    properties.$ai_cache_reporting_exclusive = usage.cacheReporting === 'exclusive';
  }
  return { ...properties, ...reasoningCorrection(call, usage) };
}

/** Models whose reasoning tokens PostHog adds to the output tokens when it prices a call. */
const REASONING_ADDED_BY_POSTHOG = /gemini-(?:2\.5|3)/i;

/**
 * PostHog takes reasoning as part of the output, except for the Gemini models above. An instrumentation that counts
 * the other way is brought to that rule: for Gemini by naming the text tokens apart, for the rest by adding.
 */
function reasoningCorrection({ model }: LlmCall, usage: Usage): EventProperties {
  const { reasoningTokens, outputTokens, textOutputTokens, reasoningReporting } = usage;
  if (reasoningTokens === undefined || outputTokens === undefined) return {};
  if (REASONING_ADDED_BY_POSTHOG.test(model ?? '')) {
    if (reasoningReporting === 'exclusive' || textOutputTokens !== undefined) return {};
    return { $ai_text_output_tokens: Math.max(0, outputTokens - reasoningTokens) };
  }
  return reasoningReporting === 'exclusive' ? { $ai_output_tokens: outputTokens + reasoningTokens } : {};
}

/**
 * A total is kept by PostHog only with the passthrough flag. Without one, both sides are kept when neither is zero; a
 * zero side would make PostHog estimate, so then the sum is passed through.
 */
function costProperties({ cost }: LlmCall): EventProperties {
  if (!cost) return {};
  const { inputUsd, outputUsd } = cost;
  const hasZeroSide = inputUsd === 0 || outputUsd === 0;
  const bothSides = inputUsd !== undefined && outputUsd !== undefined;
  const totalUsd = cost.totalUsd ?? (bothSides && hasZeroSide ? inputUsd + outputUsd : undefined);
  return {
    $ai_input_cost_usd: inputUsd,
    $ai_output_cost_usd: outputUsd,
    $ai_total_cost_usd: totalUsd,
    $ai_cost_passthrough: totalUsd === undefined ? undefined : true,
  };
}

function callProperties(call: LlmCall): EventProperties {
  return {
    $ai_model: call.model,
    $ai_provider: call.provider,
    $ai_base_url: call.baseUrl,
    $ai_completion_id: isModelCall(call.kind) ? call.responseId : undefined,
    $ai_model_parameters: call.parameters,
    $ai_stream: call.streaming ?? (call.timeToFirstTokenSeconds === undefined ? undefined : true),
    $ai_stop_reason: call.finishReason,
    $ai_latency: latencySeconds(call),
    $ai_time_to_first_token: call.timeToFirstTokenSeconds,
    $ai_http_status: call.httpStatus,
    $ai_agent_name: call.agentName,
    $ai_prompt_name: call.promptName,
    $ai_prompt_version: call.promptVersion,
  };
}

/** A clock that ran backwards measured nothing. */
function latencySeconds({ startTimeMs, endTimeMs }: LlmCall): number | undefined {
  if (startTimeMs === undefined || endTimeMs === undefined || endTimeMs < startTimeMs) return undefined;
  return Math.round((endTimeMs - startTimeMs) * 1000) / 1e6;
}

function errorProperties({ error }: LlmCall): EventProperties {
  if (!error) return {};
  return { $ai_is_error: true, $ai_error: error.message ?? error.type, $ai_error_type: error.type };
}

function provenanceProperties(call: LlmCall): EventProperties {
  return {
    $ai_lib: `opentelemetry/${call.scope.name || call.dialect}`,
    $ai_lib_version: call.scope.version,
    $ai_framework: call.framework,
    ...libraryProperties,
  };
}

/** What every event says of its sender. */
export const libraryProperties = {
  $lib: packageName,
  $lib_version: packageVersion,
  // Otherwise PostHog would locate the server that sends the event.
  $geoip_disable: true,
} as const;

function withoutUndefined(properties: EventProperties): EventProperties {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
}
