import assert from 'node:assert/strict';
import { checkOneCall } from '../shared/check-one-call.js';

export function check(events) {
  const { distinct_id, properties: p } = checkOneCall(events);
  assert.equal(distinct_id, 'user_123');
  assert.equal(p.$ai_framework, 'vercel');
  assert.equal(p.trace_name, 'Shopping advice');
  // Next's own span is not of AI, so it is not sent, and nothing hangs in the air.
  assert.ok(!JSON.stringify(events).includes('BaseServer'));
}
