import assert from 'node:assert/strict';
import { checkOneCall } from '../shared/check-one-call.js';

export function check(events) {
  const { distinct_id, properties: p } = checkOneCall(events);
  assert.equal(distinct_id, 'user_123');
  assert.equal(p.$ai_framework, 'vercel');
  const trace = events.find(({ event }) => event === '$ai_trace');
  assert.equal(trace.properties.$ai_span_name, 'Shopping advice');
  assert.equal(p.$ai_parent_id, trace.properties.$ai_span_id);
}
