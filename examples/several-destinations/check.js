import assert from 'node:assert/strict';

export function check(events) {
  const seen = events.map(({ properties: p }) => [
    p.metadata_tenant ?? `private ${p.private_tenant}`,
    p.$ai_input === undefined ? 'no content' : 'content',
  ]);
  assert.deepEqual(seen.sort(), [
    ['acme', 'content'],
    ['globex', 'content'],
    ['private acme', 'no content'],
  ]);
}
