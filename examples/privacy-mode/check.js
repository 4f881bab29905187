import assert from 'node:assert/strict';

/** What the stand-in PostHog must have received, and what not. */
export function check(events) {
  assert.equal(events.length, 1);
  const [{ event, properties: p }] = events;
  assert.equal(event, '$ai_generation');
  assert.equal(p.$ai_model, 'gpt-4o-mini-2024-07-18');
  assert.ok(p.$ai_input_tokens > 0 && p.$ai_output_tokens > 0, 'tokens');
  assert.ok(!('$ai_input' in p || '$ai_output_choices' in p), 'content');
  const sent = JSON.stringify(events);
  for (const secret of ['account number', 'parcel', 'rain jacket'])
    assert.ok(!sent.includes(secret), `leaked: ${secret}`);
}
