import type { AiEventName, EventProperties, PostHogEvent } from '../posthog-event.ts';
import { addCustomProperties } from './custom-properties.ts';
import { anonymousId, urlSafeId, usableDistinctId, uuidOf } from './identity.ts';
import { LIBRARY_PROPERTIES } from './property-table.ts';

/** What is rated, and by whom. */
export interface FeedbackTarget {
  /** `$ai_trace_id` of the trace, as `currentTraceId()` gives it. Default: the trace here and now. */
  readonly traceId?: string | undefined;
  /** Span id of the call that is meant (16 hex digits), when it is one. */
  readonly spanId?: string | undefined;
  /** `distinct_id`. Default: the user of the scope here and now, else an anonymous id of the trace. */
  readonly user?: string | undefined;
  /** Default: the session of the scope here and now. */
  readonly sessionId?: string | undefined;
  /** Custom properties, sent as `metadata_<key>`. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  /** When it was given. Default: now. */
  readonly timestamp?: Date | undefined;
}

/** A person's words about an answer. */
export interface Feedback extends FeedbackTarget {
  readonly text: string;
}

/** A named figure about a trace or call. PostHog keeps it as text. */
export interface Metric extends FeedbackTarget {
  readonly name: string;
  readonly value: string | number | boolean;
}

/** The outcome of a check, made by a program or a model. */
export interface Evaluation extends FeedbackTarget {
  readonly name: string;
  /** A boolean is passed or failed, a number a score, a text a label. */
  readonly result: string | number | boolean;
  /** Why it came out so. Withheld in privacy mode. */
  readonly reasoning?: string | undefined;
}

export interface FeedbackOptions {
  readonly metadataPrefix: string;
  readonly maxMetadataDepth: number;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  /** Of this rating alone: the same words twice are two ratings. */
  readonly id: string;
}

/** `undefined` when there is no trace to rate or nothing is said of it. */
export type MadeEvent = PostHogEvent | undefined;

export function toFeedbackEvent(feedback: Feedback, options: FeedbackOptions): MadeEvent {
  const { text } = feedback;
  if (!isText(text)) return undefined;
  return build('$ai_feedback', feedback, { $ai_feedback_text: text }, options);
}

export function toMetricEvent(metric: Metric, options: FeedbackOptions): MadeEvent {
  const { name, value } = metric;
  if (!isText(name) || !isValue(value)) return undefined;
  // As text, like posthog-js; PostHog compares metrics as text.
  return build('$ai_metric', metric, { $ai_metric_name: name, $ai_metric_value: String(value) }, options);
}

const RESULT_TYPES = { boolean: 'boolean', number: 'number', string: 'label' } as const;

/** Property names and the closed set of result types: the same as PostHog's own evaluations have. */
export function toEvaluationResult(evaluation: Evaluation, options: FeedbackOptions): MadeEvent {
  const { name, result, reasoning } = evaluation;
  if (!isText(name) || !isValue(result)) return undefined;
  return build(
    '$ai_evaluation',
    evaluation,
    {
      $ai_evaluation_id: uuidOf(0, `evaluation:${name}`),
      $ai_evaluation_run_id: options.id,
      $ai_evaluation_name: name,
      $ai_evaluation_result: result,
      $ai_evaluation_result_type: RESULT_TYPES[typeof result as keyof typeof RESULT_TYPES],
      ...(isText(reasoning) ? { $ai_evaluation_reasoning: reasoning } : {}),
      $ai_evaluation_runtime: 'otel',
      $ai_evaluation_type: 'imported',
    },
    options,
  );
}

function build(
  event: AiEventName,
  target: FeedbackTarget,
  facts: EventProperties,
  { metadataPrefix, maxMetadataDepth, nowMs, id }: FeedbackOptions,
): MadeEvent {
  const { spanId, sessionId, metadata } = target;
  const traceId = isText(target.traceId) ? urlSafeId(target.traceId) : undefined;
  if (traceId === undefined) return undefined;
  const user = isText(target.user) ? usableDistinctId(target.user) : undefined;
  const time = target.timestamp instanceof Date ? target.timestamp.getTime() : Number.NaN;
  const timeMs = Number.isNaN(time) ? nowMs : time;
  const spanIdName = event === '$ai_evaluation' ? '$ai_target_span_id' : '$ai_span_id';
  const properties: EventProperties = {
    $ai_trace_id: traceId,
    ...(isText(spanId) ? { [spanIdName]: spanId } : {}),
    ...(isText(sessionId) ? { $ai_session_id: urlSafeId(sessionId) } : {}),
    ...facts,
    ...(user === undefined ? { $process_person_profile: false } : { $ai_user: user }),
    ...LIBRARY_PROPERTIES,
  };
  addCustomProperties(properties, metadata, metadataPrefix, maxMetadataDepth);
  return {
    event,
    uuid: uuidOf(timeMs, `${event}:${traceId}:${id}`),
    distinct_id: user ?? anonymousId(`trace:${traceId}`),
    timestamp: new Date(timeMs).toISOString(),
    properties,
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

function isValue(value: unknown): boolean {
  return isText(value) || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));
}
