import { describe, expect, it } from 'vitest';
import { eventsOf } from '../../support/batch.ts';
import type { SpanParts } from '../../support/spans.ts';

const FAILED: SpanParts = {
  spanId: 'call',
  attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o' },
  status: { code: 'error', message: 'overloaded' },
};

const request = (status: unknown, more: SpanParts = {}): SpanParts => ({
  parentSpanId: 'call',
  scope: 'http',
  name: 'POST',
  attributes: { 'http.response.status_code': status },
  ...more,
});

const UNREADABLE = {
  get 'http.response.status_code'(): number {
    throw new Error('a getter that throws');
  },
};

const statusOf = (...spans: readonly SpanParts[]) => eventsOf(spans)[0]?.$ai_http_status;

describe('the status of a failed call', () => {
  it.each<[string, readonly SpanParts[], unknown]>([
    ['is that of the request below it', [request(529), FAILED], 529],
    ['of several attempts, the last', [request(429), request(503), FAILED], 503],
    ['in the old name', [request(0, { attributes: { 'http.status_code': 429 } }), FAILED], 429],
    ['not that of a request that went well', [request(200), FAILED], undefined],
    ['not that of a request elsewhere', [request(529, { parentSpanId: 'other' }), FAILED], undefined],
    ['not one that cannot be read', [request(429), request(0, { attributes: UNREADABLE }), FAILED], 429],
    ['not of a call that went well', [request(529), { ...FAILED, status: undefined }], undefined],
  ])('%s', (_rule, spans, status) => {
    expect(statusOf(...spans)).toBe(status);
  });

  it('is its own where it has one', () => {
    const own = { ...FAILED, attributes: { ...FAILED.attributes, 'http.response.status_code': 400 } };
    expect(statusOf(request(529), own)).toBe(400);
  });
});
