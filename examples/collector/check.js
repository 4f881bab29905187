import assert from 'node:assert/strict';

export function check(events, collected) {
  assert.deepEqual(
    events.map(({ event, distinct_id }) => [event, distinct_id]),
    [
      ['$ai_generation', 'user_123'],
      // The trace has a name and its root is not sent, so an event of its own carries the name.
      ['$ai_trace', 'user_123'],
    ],
  );
  // The Collector gets every span, exactly as it was made: with what the application set, and no more.
  assert.deepEqual(collected.map(({ name }) => name).sort(), ['GET /advice', 'chat gpt-4o-mini']);
  const call = collected.find(({ name }) => name.startsWith('chat'));
  assert.equal(call.attributes.length, 5);
  // Both know the call by the same ids.
  const [{ properties }] = events;
  assert.equal(properties.$ai_span_id, call.spanId);
  assert.equal(properties.$ai_trace_id, call.traceId);
}
