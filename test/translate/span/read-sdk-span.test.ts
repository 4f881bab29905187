import { describe, expect, it } from 'vitest';
import { readSdkSpan } from '../../../src/translate/span/read-sdk-span.ts';

const common = {
  name: 'chat gpt-4o',
  kind: 2,
  spanContext: () => ({
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    traceFlags: 1,
  }),
  startTime: [1_768_478_400, 250_000_000],
  endTime: [1_768_478_401, 0],
  status: { code: 2, message: 'boom' },
  attributes: { 'gen_ai.system': 'openai' },
  events: [{ name: 'exception', time: [1_768_478_400, 0], attributes: { 'exception.type': 'E' } }],
  resource: { attributes: { 'service.name': 'shop' } },
};

const expected = {
  droppedAttributes: 0,
  droppedEvents: 0,
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  parentSpanId: '00f067aa0ba902b7',
  parentIsRemote: false,
  name: 'chat gpt-4o',
  kind: 'client',
  startTimeMs: 1_768_478_400_250,
  endTimeMs: 1_768_478_401_000,
  status: { code: 'error', message: 'boom' },
  attributes: { 'gen_ai.system': 'openai' },
  events: [{ name: 'exception', timeMs: 1_768_478_400_000, attributes: { 'exception.type': 'E' } }],
  resource: { 'service.name': 'shop' },
  scope: { name: 'lib', version: '1.2.3' },
};

describe('readSdkSpan', () => {
  it('reads a span of SDK 1.x', () => {
    const instrumentationLibrary = { name: 'lib', version: '1.2.3' };
    expect(readSdkSpan({ ...common, instrumentationLibrary, parentSpanId: '00f067aa0ba902b7' })).toEqual(
      expected,
    );
  });

  it('reads a span of SDK 2.x and 3.x', () => {
    const instrumentationScope = { name: 'lib', version: '1.2.3' };
    const parentSpanContext = { spanId: '00f067aa0ba902b7', isRemote: true };
    const view = readSdkSpan({ ...common, instrumentationScope, parentSpanContext });
    expect(view).toEqual({ ...expected, parentIsRemote: true });
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['text', 'span'],
    ['no context', {}],
    ['an empty context', { spanContext: () => ({}) }],
    ['no ids', { spanContext: () => ({ traceId: '', spanId: '' }) }],
  ])('refuses %s', (_case, given) => {
    expect(readSdkSpan(given)).toBeUndefined();
  });

  it('reads a span of which nothing but the ids is usable', () => {
    const bare = {
      spanContext: common.spanContext,
      startTime: 'x',
      endTime: [Number.NaN, 0],
      events: 7,
      attributes: null,
    };
    expect(readSdkSpan(bare)).toMatchObject({
      name: '',
      kind: 'internal',
      startTimeMs: undefined,
      endTimeMs: undefined,
      events: [],
      attributes: {},
    });
  });

  it.each([
    [[0, 0]],
    [[-5, 0]],
    [[Number.POSITIVE_INFINITY, 0]],
    [[1e300, 0]],
    [['1', '2']],
    [[1]],
    [undefined],
    [new Date()],
  ])('takes %j for no time', (endTime) => {
    expect(readSdkSpan({ ...common, endTime })?.endTimeMs).toBeUndefined();
  });
});
