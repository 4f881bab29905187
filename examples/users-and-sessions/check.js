import assert from 'node:assert/strict';

export function check(events) {
  for (const user of ['ada', 'grace']) {
    const theirs = events.filter(({ distinct_id }) => distinct_id === user);
    // The trace has a name and its root is not sent, so an event of its own carries the name.
    assert.deepEqual(theirs.map(({ event }) => event).sort(), [
      '$ai_feedback',
      '$ai_generation',
      '$ai_trace',
    ]);
    for (const { properties: p } of theirs) {
      assert.equal(p.$ai_trace_id, `request-${user}`);
      assert.equal(p.$ai_session_id, `session-${user}`);
    }
    const { properties } = theirs.find(({ event }) => event === '$ai_generation');
    assert.equal(properties.trace_name, 'Shopping advice');
    assert.equal(properties.metadata_channel, 'web');
  }
}
