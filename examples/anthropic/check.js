import assert from 'node:assert/strict';

export function check(events) {
  // Anthropic's package makes a span of its own for the request; both are one call, and it is counted once.
  const calls = events.filter(({ event }) => event === '$ai_generation');
  assert.equal(calls.length, 1);
  const [{ properties: p }] = calls;
  assert.equal(p.$ai_provider, 'anthropic');
  assert.equal(p.$ai_model, 'claude-sonnet-5');
  // Anthropic counts cached tokens beside the input, this instrumentation adds them to it, and the event says so.
  assert.equal(p.$ai_cache_read_input_tokens, 2000);
  assert.equal(p.$ai_input_tokens, 2014);
  assert.equal(p.$ai_cache_reporting_exclusive, false);
  assert.equal(p.$ai_output_tokens, 17);
  assert.match(JSON.stringify(p.$ai_input), /rain jacket/);
  assert.match(JSON.stringify(p.$ai_output_choices), /Ridge/);
}
