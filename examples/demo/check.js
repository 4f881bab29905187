import assert from 'node:assert/strict';

/** What the demo must deliver, in order: the trace, the event, and why the model stopped. */
const EXPECTED = [
  ['Product search', '$ai_embedding', undefined],
  ['Product question', '$ai_generation', 'stop'],
  ['Product question, streamed', '$ai_generation', 'stop'],
  ['Stock check', '$ai_generation', 'tool_calls'],
  ['Gift idea', '$ai_generation', undefined],
];

/** A trace with a name has an event of its own, which says no more than the name. */
const isTraceName = ({ event }) => event === '$ai_trace';

/** Throws where the events differ from what the demo must deliver, or from what the model really answered. */
export function check(all, answers) {
  const names = all.filter(isTraceName).map(({ properties }) => properties.$ai_span_name);
  assert.deepEqual(
    names,
    EXPECTED.map(([name]) => name),
  );
  const events = all.filter((event) => !isTraceName(event));
  const arrived = events.map(({ event, properties: p }) => [p.trace_name, event, p.$ai_stop_reason]);
  assert.deepEqual(arrived, EXPECTED);

  for (const [index, { distinct_id, properties: p }] of events.entries()) {
    const { status, body } = answers[index];
    const failed = status !== 200;
    assert.equal(distinct_id, 'user_12345');
    assert.equal(p.$ai_user, 'user_12345');
    assert.equal(p.$ai_session_id, 'session_abc');
    assert.ok(p.$ai_latency > 0, 'latency');
    assert.equal(p.$ai_provider, 'openai');
    assert.equal(p.$ai_input_tokens, body.usage?.prompt_tokens);
    assert.equal(p.$ai_output_tokens, body.usage?.completion_tokens);
    assert.equal(p.$ai_is_error ?? false, failed);
    if (failed) assert.match(p.$ai_error, /Rate limit reached/);
  }

  const [, chat, streamed, tool] = events.map((event) => event.properties);
  for (const answer of [chat, streamed]) {
    assert.deepEqual(
      answer.$ai_input.map((message) => message.role),
      ['system', 'user'],
    );
    assert.match(answer.$ai_output_choices[0].content, /^The Ridge rain jacket/);
  }
  assert.equal(tool.$ai_output_choices[0].tool_calls[0].function.name, 'check_stock');
}
