/** Names on PostHog's AI ingestion allowlist; any other name makes the AI route refuse the whole batch. */
export const AI_EVENT_NAMES = [
  '$ai_generation',
  '$ai_embedding',
  '$ai_span',
  '$ai_trace',
  '$ai_metric',
  '$ai_feedback',
  '$ai_evaluation',
] as const;

export type AiEventName = (typeof AI_EVENT_NAMES)[number];

/** JSON object of event properties. */
export type EventProperties = Record<string, unknown>;

/** One event of PostHog's capture `batch` body. The four envelope fields follow from the span alone. */
export interface PostHogEvent {
  readonly event: AiEventName;
  /** UUID version 7. */
  readonly uuid: string;
  readonly distinct_id: string;
  /** Span end, ISO 8601 UTC with milliseconds; absent only when the span has no usable clock value. */
  readonly timestamp?: string;
  readonly properties: EventProperties;
}
