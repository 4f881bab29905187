import type { PostHogEvent } from '../posthog-event.ts';
import type { LogRecordView } from '../span/read-log-record.ts';
import { anonymousId, urlSafeId, usableDistinctId, uuidOf } from './identity.ts';
import { LIBRARY_PROPERTIES } from './property-table.ts';

/** Log event of the GenAI conventions (v1.38) that PostHog's own ingestion turns into `$ai_evaluation` as well. */
export const EVALUATION_RECORD = 'gen_ai.evaluation.result';

/**
 * An evaluation result as an event on the evaluated span.
 * @returns `undefined` when it has no name, or neither a label nor a number
 */
export function toEvaluationEvent(record: LogRecordView): PostHogEvent | undefined {
  const { attributes, traceId, spanId, timeMs } = record;
  const name = attributes['gen_ai.evaluation.name'];
  const label = attributes['gen_ai.evaluation.score.label'];
  const score = Number(attributes['gen_ai.evaluation.score.value'] ?? Number.NaN);
  const hasLabel = typeof label === 'string' && label !== '';
  if (typeof name !== 'string' || name === '' || !(hasLabel || Number.isFinite(score))) return undefined;
  const reasoning = attributes['gen_ai.evaluation.explanation'];
  const user = usableDistinctId(
    typeof attributes['user.id'] === 'string' ? attributes['user.id'] : undefined,
  );
  const identity = `${traceId}:${spanId}:$ai_evaluation:${name}`;
  return {
    event: '$ai_evaluation',
    uuid: uuidOf(timeMs, identity),
    distinct_id: user ?? anonymousId(`trace:${traceId}`),
    ...(timeMs === undefined ? {} : { timestamp: new Date(Math.floor(timeMs)).toISOString() }),
    properties: {
      $ai_trace_id: urlSafeId(traceId),
      $ai_target_span_id: spanId,
      $ai_evaluation_id: uuidOf(0, `evaluation:${name}`),
      $ai_evaluation_run_id: uuidOf(timeMs, `${identity}:run`),
      $ai_evaluation_name: name,
      $ai_evaluation_result: hasLabel ? label : score,
      $ai_evaluation_result_type: hasLabel ? 'label' : 'number',
      ...(hasLabel && Number.isFinite(score) ? { metadata_score: score } : {}),
      ...(typeof reasoning === 'string' && reasoning !== '' ? { $ai_evaluation_reasoning: reasoning } : {}),
      $ai_evaluation_runtime: 'otel',
      $ai_evaluation_type: 'imported',
      ...(user === undefined ? { $process_person_profile: false } : {}),
      ...LIBRARY_PROPERTIES,
    },
  };
}
