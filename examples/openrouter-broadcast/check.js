import assert from 'node:assert/strict';
import { checkOneCall } from '../shared/check-one-call.js';

/** The property names of Broadcast's own PostHog destination. */
export function check(events) {
  const { properties: p } = checkOneCall(events);
  const { $ai_user, $ai_session_id, $ai_span_name, trace_name, metadata_feature, metadata_ab_test_group } = p;
  assert.deepEqual(
    { $ai_user, $ai_session_id, $ai_span_name, trace_name, metadata_feature, metadata_ab_test_group },
    {
      $ai_user: 'user_12345',
      $ai_session_id: 'session_abc',
      $ai_span_name: 'Generate Recommendation',
      trace_name: 'Product Recommendations',
      metadata_feature: 'shopping-assistant',
      metadata_ab_test_group: 'variant_b',
    },
  );
}
