import { packageName, packageVersion } from '../../package-info.ts';
import { effortIn } from '../call/effort.ts';
import { inputOf, isModelCall, type LlmCall } from '../call/llm-call.ts';
import type { TextForm } from '../call/messages.ts';
import { toChatMessages } from './chat-messages.ts';
import { aiTraceId, urlSafeId } from './identity.ts';
import { priceWord } from './price-words.ts';
import { cost, type PropertyRow, tokens } from './property-row.ts';
import { toSharedTools } from './shared-tools.ts';
import { nameSpan } from './span-naming.ts';
import { latencySeconds, outputTokens, textOutputTokens } from './usage-and-cost.ts';

/** Where the identity of a call comes from that does not state it. */
const OTHER_SPANS = 'a span around it, else the spans of its trace';

/** In the order in which they appear on the event. */
const ROWS = [
  { property: '$ai_trace_id', facts: ['traceId'], otherwise: 'trace id of the span', value: aiTraceId },
  { property: '$ai_span_id', facts: [], value: ({ spanId }) => spanId },
  {
    property: '$ai_parent_id',
    facts: ['parentSpanId'],
    otherwise: 'nearest ancestor that is sent, else the trace',
    value: (call, event) =>
      event === '$ai_trace' ? undefined : (call.trace.parentSpanId ?? call.parentSpanId ?? aiTraceId(call)),
  },
  {
    property: '$ai_session_id',
    facts: ['sessionId', 'resourceSessionId'],
    otherwise: OTHER_SPANS,
    value: ({ trace }) => (trace.sessionId === undefined ? undefined : urlSafeId(trace.sessionId)),
  },
  {
    property: '$ai_span_name',
    facts: ['generationName', 'traceName', 'toolName', 'agentName'],
    decidedBy: (call, event) => nameSpan(call, event).fact,
    otherwise: 'name of the span',
    value: (call, event) => nameSpan(call, event).name,
  },
  {
    property: '$ai_span_type',
    facts: ['kind'],
    otherwise: 'shape of the span',
    value: ({ kind }) => (isModelCall(kind) ? undefined : kind),
  },
  {
    property: '$ai_user',
    facts: ['user', 'resourceUser'],
    otherwise: OTHER_SPANS,
    value: ({ trace }) => trace.user,
  },
  {
    property: '$session_id',
    facts: ['webSessionId'],
    otherwise: OTHER_SPANS,
    value: ({ trace }) => trace.webSessionId,
  },
  { property: '$groups', facts: ['groups'], otherwise: OTHER_SPANS, value: ({ trace }) => trace.groups },

  { property: '$ai_input', facts: ['inputMessages', 'systemInstructions', 'embeddingInput'], value: input },
  {
    property: '$ai_output_choices',
    facts: ['outputMessages'],
    value: (call) => (call.kind === 'generation' ? chatOut(call) : undefined),
  },
  {
    property: '$ai_input_state',
    facts: ['inputState'],
    otherwise: 'input messages',
    value: (call) => (isModelCall(call.kind) ? undefined : (call.inputState ?? chatIn(call))),
  },
  {
    property: '$ai_output_state',
    facts: ['outputState'],
    otherwise: 'output messages',
    value: (call) => (isModelCall(call.kind) ? undefined : (call.outputState ?? chatOut(call))),
  },
  {
    property: '$ai_tools',
    facts: ['toolDefinitions'],
    value: ({ kind, tools }) => (kind === 'generation' && tools ? toSharedTools(tools) : undefined),
  },

  tokens('$ai_input_tokens', ['inputTokens', 'extraInputTokens'], (usage) => usage.inputTokens),
  tokens('$ai_output_tokens', ['outputTokens', 'extraOutputTokens'], outputTokens),
  tokens('$ai_total_tokens', 'totalTokens', (usage) => usage.totalTokens),
  tokens('$ai_cache_read_input_tokens', 'cacheReadTokens', (usage) => usage.cacheReadTokens),
  tokens(
    '$ai_cache_creation_input_tokens',
    ['cacheWriteTokens', 'cacheWrite5mTokens', 'cacheWrite1hTokens'],
    (usage) => usage.cacheWriteTokens,
  ),
  tokens('$ai_cache_creation_5m_input_tokens', 'cacheWrite5mTokens', (usage) => usage.cacheWrite5mTokens),
  // What is left of the total.
  tokens(
    '$ai_cache_creation_1h_input_tokens',
    ['cacheWrite1hTokens', 'cacheWrite5mTokens'],
    (usage) => usage.cacheWrite1hTokens,
  ),
  // Without this, PostHog takes Claude's cache tokens as coming on top and bills inclusive counts twice.
  tokens(
    '$ai_cache_reporting_exclusive',
    ['cacheReadTokens', 'cacheWriteTokens', 'uncachedInputTokens'],
    ({ cacheReporting }) => (cacheReporting === undefined ? undefined : cacheReporting === 'exclusive'),
  ),
  tokens('$ai_reasoning_tokens', 'reasoningTokens', (usage) => usage.reasoningTokens),
  tokens('$ai_text_input_tokens', 'textInputTokens', (usage) => usage.textInputTokens),
  {
    ...tokens('$ai_text_output_tokens', ['reasoningTokens', 'textOutputTokens'], textOutputTokens),
    otherwise: 'output tokens less reasoning, audio and image tokens',
  },
  tokens('$ai_audio_input_tokens', 'audioInputTokens', (usage) => usage.audioInputTokens),
  tokens('$ai_audio_output_tokens', 'audioOutputTokens', (usage) => usage.audioOutputTokens),
  tokens('$ai_image_input_tokens', 'imageInputTokens', (usage) => usage.imageInputTokens),
  tokens('$ai_image_output_tokens', 'imageOutputTokens', (usage) => usage.imageOutputTokens),
  tokens('$ai_cache_read_audio_tokens', 'cacheReadAudioTokens', (usage) => usage.cacheReadAudioTokens),
  {
    property: '$ai_web_search_count',
    facts: ['webSearchCount'],
    otherwise: 'output messages',
    value: ({ kind, webSearchCount }) => (isModelCall(kind) ? webSearchCount : undefined),
  },
  {
    property: '$ai_service_tier',
    facts: ['serviceTier'],
    value: ({ kind, serviceTier }) => (isModelCall(kind) ? serviceTier : undefined),
  },
  cost('$ai_input_cost_usd', 'inputCostUsd', 'input'),
  cost('$ai_output_cost_usd', 'outputCostUsd', 'output'),
  cost('$ai_total_cost_usd', 'totalCostUsd', 'total'),
  cost('$ai_cost_passthrough', 'totalCostUsd', 'passthrough'),

  {
    property: '$ai_model',
    facts: ['responseModel', 'requestModel'],
    isFirstKnown: true,
    value: ({ model }) => model,
  },
  {
    property: '$ai_provider',
    facts: ['provider'],
    otherwise: 'name of the model',
    value: ({ provider }) => priceWord(provider),
  },
  {
    property: '$ai_base_url',
    facts: ['serverAddress', 'serverPort', 'baseUrl'],
    value: ({ baseUrl }) => baseUrl,
  },
  {
    property: '$ai_completion_id',
    facts: ['responseId'],
    value: ({ kind, responseId }) => (isModelCall(kind) ? responseId : undefined),
  },
  { property: '$ai_model_parameters', facts: ['parameters'], value: ({ parameters }) => parameters },
  { property: '$ai_effort', facts: ['parameters'], value: ({ parameters }) => effortIn(parameters) },
  {
    property: '$ai_stream',
    facts: ['streaming'],
    otherwise: 'time to first token',
    value: ({ streaming, timeToFirstTokenSeconds }) =>
      streaming ?? (timeToFirstTokenSeconds === undefined ? undefined : true),
  },
  {
    property: '$ai_stop_reason',
    facts: ['finishReason'],
    otherwise: 'output messages',
    value: (call) => call.finishReason,
  },
  { property: '$ai_latency', facts: [], otherwise: 'start and end of the span', value: latencySeconds },
  {
    property: '$ai_time_to_first_token',
    facts: ['timeToFirstTokenSeconds'],
    value: (call) => call.timeToFirstTokenSeconds,
  },
  { property: '$ai_http_status', facts: ['httpStatus'], value: ({ httpStatus }) => httpStatus },
  { property: '$ai_agent_name', facts: ['agentName'], value: ({ agentName }) => agentName },
  { property: '$ai_prompt_name', facts: ['promptName'], value: ({ promptName }) => promptName },
  { property: '$ai_prompt_version', facts: ['promptVersion'], value: ({ promptVersion }) => promptVersion },
  {
    property: '$ai_prompt_template',
    facts: ['promptTemplate'],
    value: ({ promptTemplate }) => promptTemplate,
  },
  {
    property: '$ai_prompt_variables',
    facts: ['promptVariables'],
    value: ({ promptVariables }) => promptVariables,
  },

  {
    property: '$ai_is_error',
    facts: ['isError', 'errorType', 'finishReason'],
    value: ({ error }) => (error === undefined ? undefined : true),
  },
  {
    property: '$ai_error',
    facts: ['errorMessage'],
    otherwise: 'error type',
    value: ({ error }) => error?.message ?? wordsOf(error?.type),
  },
  { property: '$ai_error_type', facts: ['errorType'], value: ({ error }) => error?.type },

  {
    property: '$ai_lib',
    facts: [],
    otherwise: 'instrumentation scope',
    value: ({ scope, dialect }) => `opentelemetry/${scope.name || dialect}`,
  },
  {
    property: '$ai_lib_version',
    facts: [],
    otherwise: 'instrumentation scope',
    value: ({ scope }) => scope.version,
  },
  {
    property: '$ai_framework',
    facts: ['framework'],
    otherwise: 'dialect, or that of a span around it',
    value: ({ framework }) => framework,
  },
  {
    property: '$ai_framework_version',
    facts: ['frameworkVersion'],
    value: ({ frameworkVersion }) => frameworkVersion,
  },
  {
    property: 'trace_name',
    facts: ['traceName'],
    otherwise: OTHER_SPANS,
    value: ({ trace }) => trace.traceName,
  },
] as const satisfies readonly PropertyRow[];

export const PROPERTY_TABLE: readonly PropertyRow[] = ROWS;

/** Names of the properties that events of calls carry, besides metadata and attributes that the application adds. */
export type AiPropertyName = (typeof ROWS)[number]['property'];

/** What every event says of its sender. */
export const LIBRARY_PROPERTIES = {
  $lib: packageName,
  $lib_version: packageVersion,
  // Otherwise PostHog would locate the server that sends the event.
  $geoip_disable: true,
} as const;

function input(call: LlmCall): unknown {
  if (call.kind === 'embedding') return call.embeddingInput;
  return call.kind === 'generation' ? chatIn(call) : undefined;
}

function chatIn(call: LlmCall): unknown {
  const messages = inputOf(call);
  return messages && toChatMessages(messages, textsOf(call));
}

function chatOut(call: LlmCall): unknown {
  return call.output && toChatMessages(call.output, textsOf(call));
}

/** A prompt that is read now is read as nobody looks at texts; see `readInput`. */
function textsOf({ readInput }: LlmCall): TextForm {
  return readInput === undefined ? 'decoded' : 'recorded';
}

/** A status alone, which the conventions allow as the type of an error, is no message. */
function wordsOf(errorType: string | undefined): string | undefined {
  return errorType !== undefined && /^[1-5]\d\d$/.test(errorType) ? `HTTP ${errorType}` : errorType;
}
