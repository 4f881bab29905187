import assert from 'node:assert/strict';

/** What the stand-in PostHog must have received. */
export function check(events) {
  assert.equal(events.length, 1);
  const [{ event, properties: p }] = events;
  assert.equal(event, '$ai_generation');
  assert.equal(p.$ai_model, 'gpt-4o-mini-2024-07-18');
  assert.equal(p.$ai_provider, 'openai');
  assert.ok(p.$ai_input_tokens > 0 && p.$ai_output_tokens > 0, 'tokens');
  assert.equal(p.$ai_input[0].role, 'user');
  assert.match(p.$ai_output_choices[0].content, /rain jacket/);
}
