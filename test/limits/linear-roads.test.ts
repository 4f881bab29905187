import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src/config/resolve-config.ts';
import { readSdkSpan } from '../../src/translate/span/read-sdk-span.ts';
import { createTraceMemory } from '../../src/translate/trace/trace-memory.ts';
import { translateBatch } from '../../src/translate/translate-batch.ts';
import { translateOptionsOf } from '../../src/translate/translate-options.ts';
import { leastCpuMs, threadCpuMs } from '../support/thread-cpu.ts';

// What a caller of an application or gateway chooses, at n and at 4n, costs about four times as much, not sixteen. CPU of
// this thread is compared with CPU of this thread, so that other work on the machine does not count.

const options = translateOptionsOf(resolveConfig({ apiKey: 'phc_limits' }, {}), () => 8 * 1024 * 1024);
const SCOPE = { name: '@traceloop/instrumentation-openai' };

let spans = 0;
const idOf = (number: number, digits: number) => number.toString(16).padStart(digits, '0');

interface Made {
  readonly attributes: object;
  readonly name?: string;
  readonly parent?: number;
  readonly traceId?: string;
}

function spanOf({ attributes, name = 'chat', parent, traceId = idOf(7, 32) }: Made) {
  spans += 1;
  const context = (number: number) => ({ traceId, spanId: idOf(number, 16), traceFlags: 1 });
  const own = context(spans);
  return {
    name,
    kind: 2,
    spanContext: () => own,
    parentSpanContext: parent === undefined ? undefined : context(parent),
    startTime: [1_796_000_000, 0],
    endTime: [1_796_000_001, 0],
    status: { code: 0 },
    attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o', ...attributes },
    links: [],
    events: [],
    resource: { attributes: {} },
    instrumentationScope: SCOPE,
  };
}

/** Everything from span to event. */
function translate(made: readonly object[], memory = createTraceMemory()): number {
  let events = 0;
  const input = { spans: made.map((span) => readSdkSpan(span)), extras: [], memory };
  for (const step of translateBatch(input, options)) if (step.type === 'event') events += 1;
  return events;
}

const one = (attributes: object, name?: string) => [spanOf({ attributes, ...(name ? { name } : {}) })];
const messages = (count: number, each: number) =>
  JSON.stringify(
    Array.from({ length: count }, (_, index) => ({
      role: index % 2 ? 'assistant' : 'user',
      parts: [{ type: 'text', content: `${index} `.padEnd(each, 'lorem ipsum ') }],
    })),
  );

/** What is fed at size n; the size is such that the linear part takes some milliseconds. */
const ROADS: Readonly<Record<string, { readonly n: number; make(n: number): object[] }>> = {
  'length of a model name': { n: 20_000, make: (n) => one({ 'gen_ai.request.model': '1:/'.repeat(n) }) },
  'segments of a model name with a data URL': {
    n: 2_000,
    make: (n) => one({ 'gen_ai.request.model': 'data:image/png;base64,AAAA'.repeat(n) }),
  },
  'length of a span name': { n: 50_000, make: (n) => one({}, 'chat a/'.repeat(n)) },
  'length of a provider': { n: 50_000, make: (n) => one({ 'gen_ai.provider.name': 'a.chat'.repeat(n) }) },
  'length of a user id': { n: 100_000, make: (n) => one({ 'user.id': '😀'.repeat(n) }) },
  'length of a session id': { n: 20_000, make: (n) => one({ 'session.id': 'a b'.repeat(n) }) },
  'length of an attribute name': { n: 50_000, make: (n) => one({ [`gen_ai.${'x.'.repeat(n)}`]: 'v' }) },
  'attributes of a flattened prompt': {
    n: 1_000,
    make: (n) =>
      one(
        Object.fromEntries(
          Array.from({ length: n }, (_, index) => [
            [`gen_ai.prompt.${index}.role`, index % 2 ? 'assistant' : 'user'],
            [`gen_ai.prompt.${index}.content`, `words ${index}`],
          ]).flat(),
        ),
      ),
  },
  'attributes that mean nothing': {
    n: 2_000,
    make: (n) =>
      one(Object.fromEntries(Array.from({ length: n }, (_, index) => [`app.key.${index}`, index]))),
  },
  'keys of trace metadata': {
    n: 1_000,
    make: (n) =>
      one(Object.fromEntries(Array.from({ length: n }, (_, index) => [`trace.metadata.k${index}`, 'v']))),
  },
  'messages of a prompt': { n: 500, make: (n) => one({ 'gen_ai.input.messages': messages(n, 500) }) },
  'size of one message': { n: 200_000, make: (n) => one({ 'gen_ai.input.messages': messages(1, n) }) },
  'the same content in two strings': {
    n: 1_000,
    make: (n) => [0, 1].map(() => spanOf({ attributes: { 'gen_ai.input.messages': messages(n, 500) } })),
  },
  'tools that are offered': {
    n: 300,
    make: (n) =>
      one({
        'gen_ai.tool.definitions': JSON.stringify(
          Array.from({ length: n }, (_, index) => ({
            type: 'function',
            name: `tool_${index}`,
            parameters: {},
          })),
        ),
      }),
  },
};

describe.each(Object.entries(ROADS))('the cost of the %s', (_, { n, make }) => {
  it('grows no more than the size', () => {
    translate(make(n));
    const cost = (size: number) => {
      const made = Array.from({ length: 3 }, () => make(size));
      return Math.min(...made.map((batch) => leastCpuMs(() => void translate(batch), 1)));
    };
    const small = cost(n);
    const large = cost(4 * n);
    // Below a few milliseconds the engine's own work counts more than ours.
    expect(large).toBeLessThan(Math.max(11 * small, 40));
  });
});

/** A value in which one object stands twice at each level: 2^levels when it is written out. */
function shared(levels: number): unknown {
  let value: unknown = { text: 'x' };
  for (let level = 0; level < levels; level += 1) value = { a: value, b: value };
  return value;
}

describe('shared objects', () => {
  it('are not written out as often as there are ways to them', () => {
    const value = shared(40);
    const startMs = threadCpuMs();
    const events = translate(
      one({ 'gen_ai.input.messages': value, 'gen_ai.output.messages': value, 'trace.metadata.x': value }),
    );
    expect(events).toBe(1);
    expect(threadCpuMs() - startMs).toBeLessThan(3_000);
  });
});

describe('the plans of spans', () => {
  it('are remembered in memory that grows with the number of names', () => {
    const attributes = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, index) => [`gen_ai.prompt.${index}.content`, 'x']),
      );
    const heapOf = (count: number) => {
      const made = one(attributes(count));
      globalThis.gc?.();
      const before = process.memoryUsage().heapUsed;
      translate(made);
      globalThis.gc?.();
      return process.memoryUsage().heapUsed - before;
    };
    heapOf(10);
    expect(heapOf(16_000)).toBeLessThan(100 * 1024 * 1024);
  });
});
