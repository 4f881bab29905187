import assert from 'node:assert/strict';

export function check(events) {
  assert.deepEqual(
    events.map(({ properties }) => properties.$ai_model),
    ['gpt-4o-mini'],
  );
}
