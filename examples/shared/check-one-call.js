import assert from 'node:assert/strict';

/** One model call must have arrived, with content and tokens, and counted once. Returns its event. */
export function checkOneCall(events) {
  const calls = events.filter(({ event }) => event === '$ai_generation');
  assert.equal(calls.length, 1);
  const [call] = calls;
  const { properties: p } = call;
  assert.equal(p.$ai_provider, 'openai');
  assert.match(p.$ai_model, /^gpt-4o-mini/);
  assert.ok(p.$ai_input_tokens > 0 && p.$ai_output_tokens > 0, 'tokens');
  assert.match(JSON.stringify(p.$ai_input), /rain jacket/);
  assert.match(JSON.stringify(p.$ai_output_choices), /rain jacket/);
  return call;
}
