import assert from 'node:assert/strict';

export function check(events) {
  assert.deepEqual(
    events.map(({ event, distinct_id }) => [event, distinct_id]),
    [
      ['$ai_generation', 'ada'],
      ['$ai_generation', 'grace'],
    ],
  );
  for (const { properties } of events) assert.match(properties.$ai_output_choices[0].content, /rain jacket/);
}
