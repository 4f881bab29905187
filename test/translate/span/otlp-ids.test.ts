import { describe, expect, it } from 'vitest';
import { readOtlpJson } from '../../../src/translate/span/read-otlp-json.ts';
import { readOtlpProtobuf } from '../../../src/translate/span/read-otlp-protobuf.ts';
import { encodeOtlp } from '../../support/otlp-protobuf.ts';

const request = (span: object) => ({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });

it.each([
  ['hexadecimal ids in lower case', 'ABCDEF0123456789ABCDEF0123456789', 'abcdef0123456789abcdef0123456789'],
  ['other ids as they are', 'Order_Processing_9', 'Order_Processing_9'],
])('reads %s', (_rule, traceId, wanted) => {
  const span = { traceId, spanId: '00F067AA0BA902B7', parentSpanId: '0000000000000000', name: 'chat' };
  const [view] = readOtlpJson(request(span));
  expect(view).toMatchObject({ traceId: wanted, spanId: '00f067aa0ba902b7', parentSpanId: undefined });
});

describe.each([
  ['JSON', (document: object) => readOtlpJson(document)],
  ['protobuf', (document: object) => readOtlpProtobuf(encodeOtlp('traces', document)).spans],
])('in %s', (_form, read) => {
  const SPAN = { traceId: 'ab'.repeat(16), spanId: '00f067aa0ba902b7', name: 'chat' };

  it('a parent of zeros is none', () => {
    const [span] = read(request({ ...SPAN, parentSpanId: '0'.repeat(16) }));
    expect(span?.parentSpanId).toBeUndefined();
  });

  it('the last of attributes with one name counts', () => {
    const thread = (id: string) => ({ key: 'thread.id', value: { stringValue: id } });
    const [span] = read(request({ ...SPAN, attributes: [thread('1'), thread('2')] }));
    expect(span?.attributes['thread.id']).toBe('2');
  });
});
