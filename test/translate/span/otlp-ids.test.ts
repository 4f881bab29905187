import { expect, it } from 'vitest';
import { readOtlpJson } from '../../../src/translate/span/read-otlp-json.ts';

it.each([
  ['hexadecimal ids in lower case', 'ABCDEF0123456789ABCDEF0123456789', 'abcdef0123456789abcdef0123456789'],
  ['other ids as they are', 'Order_Processing_9', 'Order_Processing_9'],
])('reads %s', (_rule, traceId, wanted) => {
  const span = { traceId, spanId: '00F067AA0BA902B7', parentSpanId: '0000000000000000', name: 'chat' };
  const [view] = readOtlpJson({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
  expect(view).toMatchObject({ traceId: wanted, spanId: '00f067aa0ba902b7', parentSpanId: undefined });
});
