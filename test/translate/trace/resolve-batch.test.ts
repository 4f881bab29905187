import { describe, expect, it, vi } from 'vitest';
import { inputOf, type LlmCall } from '../../../src/translate/call/llm-call.ts';
import { readCall } from '../../../src/translate/reading/read-call.ts';
import type { SpanView } from '../../../src/translate/span/span-view.ts';
import { resolveBatch } from '../../../src/translate/trace/resolve-batch.ts';
import { createTraceMemory, type TraceMemory } from '../../../src/translate/trace/trace-memory.ts';
import { type SpanParts, START_MS, span } from '../../support/spans.ts';

/** Ids are short in tests; only equality matters here. */
const llm = (
  spanId: string,
  parentSpanId: string | undefined,
  extra: Record<string, unknown> = {},
  parts: SpanParts = {},
) =>
  span({
    spanId,
    parentSpanId,
    scope: 'provider-sdk',
    ...parts,
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'gpt-4o',
      'gen_ai.usage.input_tokens': 10,
      'gen_ai.usage.output_tokens': 5,
      ...extra,
    },
  });
const agent = (spanId: string, parentSpanId?: string, extra: Record<string, unknown> = {}) =>
  span({ spanId, parentSpanId, attributes: { 'gen_ai.operation.name': 'invoke_agent', ...extra } });
const http = (spanId: string, parentSpanId?: string) =>
  span({ spanId, parentSpanId, scope: 'http', attributes: {} });

function resolve(
  spans: readonly SpanView[],
  memory: TraceMemory = createTraceMemory(),
): Map<string, LlmCall> {
  const calls: LlmCall[] = [];
  const unsent: SpanView[] = [];
  for (const each of spans) {
    const result = readCall(each);
    if (result.type === 'call') calls.push(result.call);
    else unsent.push(each);
  }
  return new Map([...resolveBatch(calls, unsent, memory).calls.keys()].map((call) => [call.spanId, call]));
}

const kinds = (resolved: Map<string, LlmCall>) =>
  Object.fromEntries([...resolved].map(([id, { kind }]) => [id, kind]));

describe('parents', () => {
  it('skip spans that are not sent', () => {
    const resolved = resolve([llm('c', 'h2'), http('h2', 'h1'), http('h1', 'a'), agent('a')]);
    expect(resolved.get('c')?.parentSpanId).toBe('a');
  });

  it('are the trace when no ancestor is sent', () => {
    expect(resolve([llm('c', 'h'), http('h')]).get('c')?.parentSpanId).toBeUndefined();
  });

  it('that have not ended yet are taken for spans that will be sent', () => {
    expect(resolve([llm('c', 'late')]).get('c')?.parentSpanId).toBe('late');
  });

  it('that never come are the trace once its root has ended', () => {
    expect(resolve([llm('c', 'lost'), http('root')]).get('c')?.parentSpanId).toBeUndefined();
  });

  it('are found over batches', () => {
    const memory = createTraceMemory();
    resolve([llm('x', 'h')], memory);
    resolve([http('h', 'a')], memory);
    expect(resolve([llm('y', 'h')], memory).get('y')?.parentSpanId).toBe('a');
  });

  it('of a span below another process are there', () => {
    const remote = span({
      spanId: 'c',
      parentSpanId: 'p',
      parentIsRemote: true,
      attributes: { 'gen_ai.operation.name': 'chat' },
    });
    expect(resolve([remote]).get('c')?.parentSpanId).toBe('p');
  });

  it('survive a circle', () => {
    expect(resolve([llm('a', 'b'), llm('b', 'a')]).size).toBe(2);
  });
});

describe('counting once', () => {
  it('leaves independent calls alone', () => {
    expect(kinds(resolve([llm('a', 'r'), llm('b', 'r'), agent('r')]))).toEqual({
      a: 'generation',
      b: 'generation',
      r: 'agent',
    });
  });

  it('demotes the poorer record of one call, nested', () => {
    const wrapper = llm(
      'w',
      undefined,
      { 'gen_ai.output.messages': '[{"role":"assistant","parts":[{"type":"text","content":"hi"}]}]' },
      { scope: 'framework' },
    );
    const resolved = resolve([llm('i', 'w'), wrapper]);
    expect(kinds(resolved)).toEqual({ i: 'span', w: 'generation' });
    expect(resolved.get('i')?.usage).toBeUndefined();
  });

  it('demotes a wrapper without usage above a call with usage', () => {
    const wrapper = span({
      spanId: 'w',
      scope: 'framework',
      attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o' },
    });
    expect(kinds(resolve([llm('i', 'w'), wrapper]))).toEqual({ i: 'generation', w: 'span' });
  });

  it.each(['from inside', 'from outside'])(
    'demotes wrappers of wrappers without usage, ended %s',
    (order) => {
      const wrapper = (spanId: string, parentSpanId?: string) =>
        span({ spanId, parentSpanId, scope: 'framework', attributes: { 'gen_ai.operation.name': 'chat' } });
      const later = (ms: number) => ({ startTimeMs: START_MS + ms });
      const outside = [wrapper('w'), { ...wrapper('v', 'w'), ...later(1) }, llm('i', 'v', {}, later(2))];
      const spans = order === 'from inside' ? outside.reverse() : outside;
      expect(kinds(resolve(spans))).toEqual({ w: 'span', v: 'span', i: 'generation' });
    },
  );

  const answered = {
    'gen_ai.response.id': 'chatcmpl-1',
    'gen_ai.usage.input_tokens': 0,
    'gen_ai.usage.output_tokens': 0,
  };
  const said = {
    ...answered,
    'gen_ai.output.messages': '[{"role":"assistant","parts":[{"type":"text","content":"hi"}]}]',
  };
  const toolOf = (parentSpanId: string, endTimeMs: number) =>
    span({ spanId: 't', parentSpanId, endTimeMs, attributes: { 'gen_ai.operation.name': 'execute_tool' } });

  it.each([
    ['began when a tool of the outer one had ended', said, START_MS + 20, 'generation'],
    ['began before', said, START_MS + 5, 'span'],
    ['has tokens', { ...said, 'gen_ai.usage.input_tokens': 9 }, START_MS + 20, 'span'],
  ])('of two nested calls with one answer, the inner one %s', (_what, extra, startTimeMs, kind) => {
    const inner = llm('i', 'o', extra, { startTimeMs, endTimeMs: START_MS + 90 });
    const outer = llm('o', undefined, extra, { endTimeMs: START_MS + 99 });
    expect(kinds(resolve([toolOf('o', START_MS + 10), inner, outer]))).toEqual({
      t: 'tool',
      i: kind,
      o: 'generation',
    });
  });

  it('demotes a wrapper that holds the sum', () => {
    const wrapper = llm('w', undefined, {
      'gen_ai.usage.input_tokens': 30,
      'gen_ai.usage.output_tokens': 11,
    });
    const second = { 'gen_ai.usage.input_tokens': 20, 'gen_ai.usage.output_tokens': 6 };
    expect(kinds(resolve([llm('a', 'w'), llm('b', 'w', second), wrapper]))).toEqual({
      a: 'generation',
      b: 'generation',
      w: 'span',
    });
  });

  it('demotes a wrapper that comes in a later batch', () => {
    const memory = createTraceMemory();
    resolve([llm('a', 'h')], memory);
    resolve([http('h', 'w')], memory);
    expect(kinds(resolve([llm('w', undefined)], memory))).toEqual({ w: 'span' });
  });

  it('keeps genuinely different nested calls', () => {
    const outer = llm('o', undefined, {
      'gen_ai.response.id': 'chatcmpl-1',
      'gen_ai.usage.input_tokens': 99,
    });
    const inner = llm('i', 't', { 'gen_ai.response.id': 'chatcmpl-2' });
    const tool = span({
      spanId: 't',
      parentSpanId: 'o',
      attributes: { 'gen_ai.operation.name': 'execute_tool' },
    });
    expect(kinds(resolve([inner, tool, outer]))).toEqual({ i: 'generation', t: 'tool', o: 'generation' });
  });

  const asking = (content: string) => ({
    'gen_ai.input.messages': JSON.stringify([{ role: 'user', parts: [{ type: 'text', content }] }]),
  });
  const ASKED = asking('Is it open today?');
  const elsewhere = { traceId: 'f'.repeat(32), scope: 'framework' };

  it.each([
    [
      'the same response id',
      { 'gen_ai.response.id': 'chatcmpl-1', 'gen_ai.usage.output_tokens': 6 },
      elsewhere,
      true,
    ],
    ['the same model, time, tokens and question', ASKED, elsewhere, true],
    ['another question', asking('Is it open tomorrow?'), elsewhere, false],
    ['no question', {}, elsewhere, false],
    [
      'no question, but the tracer of the provider’s SDK',
      {},
      { ...elsewhere, scope: 'mistralai_sdk_tracer' },
      true,
    ],
    ['another service', ASKED, { ...elsewhere, resource: { 'service.name': 'blog' } }, false],
    ['other tokens', { ...ASKED, 'gen_ai.usage.output_tokens': 6 }, elsewhere, false],
    [
      'another time',
      {},
      { ...elsewhere, startTimeMs: START_MS + 60_000, endTimeMs: START_MS + 61_000 },
      false,
    ],
    ['another model', { ...ASKED, 'gen_ai.request.model': 'claude-x' }, elsewhere, false],
    ['the same instrumentation', ASKED, { ...elsewhere, scope: 'provider-sdk' }, false],
  ])('in two traces: %s', (_case, extra, parts, isRepeat) => {
    const first = llm('a', undefined, { ...ASKED, 'gen_ai.response.id': 'chatcmpl-1' });
    const second = llm('b', undefined, extra, parts);
    const counted = [...resolve([first, second]).values()].filter(({ kind }) => kind === 'generation');
    expect(counted).toHaveLength(isRepeat ? 1 : 2);
    const memory = createTraceMemory();
    resolve([first], memory);
    // Alone in its trace, it would show as another trace.
    expect(resolve([second], memory).get('b')?.kind).toBe(isRepeat ? undefined : 'generation');
  });

  it('lets the same span through again when it is exported twice', () => {
    const memory = createTraceMemory();
    const once = resolve([llm('a', undefined)], memory).get('a');
    expect(resolve([llm('a', undefined)], memory).get('a')).toEqual(once);
  });

  it('compares input counts of both ways of counting cached tokens', () => {
    const inclusive = {
      'gen_ai.usage.input_tokens': 2076,
      'gen_ai.usage.cache_read.input_tokens': 2048,
      'gen_ai.usage.output_tokens': 8,
      ...ASKED,
    };
    const exclusive = { ...inclusive, 'gen_ai.usage.input_tokens': 28 };
    const resolved = resolve([llm('a', undefined, inclusive), llm('b', undefined, exclusive, elsewhere)]);
    expect([...resolved.values()].filter(({ kind }) => kind === 'generation')).toHaveLength(1);
  });

  it('keeps two calls whose answers differ only in the middle', () => {
    const answer = (verdict: string) =>
      JSON.stringify([
        {
          role: 'assistant',
          parts: [
            {
              type: 'text',
              content: JSON.stringify({
                schema: 'https://example.com/schemas/verdict/v1',
                status: 'done',
                verdict,
                confidence: 'high',
                policy: 'https://example.com/policies/content/2026-01/terms-of-use-and-acceptable-behaviour',
              }),
            },
          ],
        },
      ]);
    const resolved = resolve([
      llm('a', undefined, { 'gen_ai.output.messages': answer('accepted') }),
      llm(
        'b',
        undefined,
        { 'gen_ai.output.messages': answer('rejected'), 'gen_ai.usage.input_tokens': 99 },
        elsewhere,
      ),
    ]);
    expect(kinds(resolved)).toEqual({ a: 'generation', b: 'generation' });
  });

  it('takes no span for its own ancestor', () => {
    expect(kinds(resolve([llm('a', 'a')]))).toEqual({ a: 'generation' });
    const resolved = resolve([llm('a', 'h'), http('h', 'a')]);
    expect(kinds(resolved)).toEqual({ a: 'generation' });
    expect(resolved.get('a')?.parentSpanId).toBeUndefined();
  });

  it('distinguishes traces with the same span ids', () => {
    const inTrace = (traceId: string) => [
      llm('1', undefined, {}, { traceId }),
      llm('2', '1', {}, { traceId, scope: 'another-sdk' }),
    ];
    const calls = ['t1', 't2'].flatMap(inTrace).map((view) => {
      const result = readCall(view);
      if (result.type !== 'call') throw new Error('must be a call');
      return result.call;
    });
    const resolved = [...resolveBatch(calls, [], createTraceMemory()).calls];
    expect(resolved.filter(([call]) => call.kind === 'generation')).toHaveLength(2);
    expect(resolved.filter(([, demotion]) => demotion).map(([call]) => call.traceId)).toEqual(['t1', 't2']);
  });

  it('forgets no trace of a batch before it is resolved, however many there are', () => {
    const memory = createTraceMemory();
    const traceIds = Array.from({ length: 1_024 }, (_, index) => index.toString(16).padStart(32, '0'));
    const calls = traceIds.flatMap((traceId) => {
      const result = readCall(llm('a', 'parent', {}, { traceId }));
      return result.type === 'call' ? [result.call] : [];
    });
    const roots = traceIds.map((traceId) =>
      span({ traceId, spanId: 'parent', scope: 'http', attributes: {} }),
    );
    for (let again = 0; again < 3; again++) {
      const resolved = [...resolveBatch(calls, roots, memory).calls.keys()];
      // The parent has ended and is not sent.
      expect(resolved.filter(({ parentSpanId }) => parentSpanId !== undefined)).toEqual([]);
      expect(resolved).toHaveLength(traceIds.length);
    }
  });

  it('reads no prompt where one instrumentation has recorded many calls', () => {
    const memory = createTraceMemory();
    for (let index = 0; index < 50; index++)
      resolve([llm(`${index}`, undefined, {}, { traceId: `${index}` })], memory);
    const prompt = JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: 'hello' }] }]);
    const result = readCall(llm('a', undefined, { 'gen_ai.input.messages': prompt }), { texts: 'recorded' });
    if (result.type !== 'call') throw new Error('must be a call');
    const readInput = vi.fn(result.call.readInput);
    const [call] = resolveBatch([{ ...result.call, readInput }], [], memory).calls.keys();
    expect(result.call.input).toBeUndefined();
    expect(readInput).not.toHaveBeenCalled();
    expect(call && inputOf(call)).toEqual([{ role: 'user', parts: [{ type: 'text', text: 'hello' }] }]);
  });

  it('is bounded', () => {
    const memory = createTraceMemory();
    for (let index = 0; index < 5_000; index++) {
      resolve([llm('a', undefined, {}, { traceId: index.toString(16).padStart(32, '0') })], memory);
    }
    expect(memory.table.size).toBeLessThanOrEqual(2_500);
    expect(memory.recent.size).toBe(5_000);
  });
});
