import assert from 'node:assert/strict';
import { checkOneCall } from '../shared/check-one-call.js';

export function check(events) {
  const { distinct_id, properties: p } = checkOneCall(events);
  assert.equal(distinct_id, 'user_123');
  assert.equal(p.$ai_session_id, 'session_abc');
  assert.equal(p.metadata_plan, 'pro');
}
