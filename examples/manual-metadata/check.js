import assert from 'node:assert/strict';

/** What the stand-in PostHog must have received. */
export function check(events) {
  // The trace has a name and its root is not sent, so an event of its own carries the name.
  assert.deepEqual(events.map(({ event }) => event).sort(), ['$ai_generation', '$ai_trace']);
  const [{ event, distinct_id, properties: p }] = events;
  const { trace_name, $ai_span_name, $ai_user, $ai_session_id } = p;
  const metadata = Object.entries(p).filter(([name]) => name.startsWith('metadata_'));
  assert.equal(event, '$ai_generation');
  assert.deepEqual(
    { distinct_id, $ai_user, $ai_session_id, trace_name, $ai_span_name, ...Object.fromEntries(metadata) },
    {
      distinct_id: 'user_12345',
      $ai_user: 'user_12345',
      $ai_session_id: 'session_abc',
      trace_name: 'Product Recommendations',
      $ai_span_name: 'Generate Recommendation',
      metadata_feature: 'shopping-assistant',
      metadata_ab_test_group: 'variant_b',
    },
  );
}
