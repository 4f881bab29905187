import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PostHogLLMSpanProcessor } from '../../../src/sdk/processor/span-processor.ts';
import { currentTraceId, setTrace, withTrace } from '../../../src/sdk/scope/with-trace.ts';
import type { PostHogEvent } from '../../../src/translate/posthog-event.ts';
import { scopeOf } from '../../../src/translate/span/trace-scope.ts';
import { registerContextManager } from '../../support/als-context-manager.ts';
import { type LoopbackPostHog, startLoopbackPostHog } from '../../support/loopback-posthog.ts';
import { chatAttributes } from '../../support/real-spans.ts';

registerContextManager();

const memory = new InMemorySpanExporter();
let posthog: LoopbackPostHog;
let provider: BasicTracerProvider;
beforeAll(async () => {
  posthog = await startLoopbackPostHog();
  provider = new BasicTracerProvider({
    spanProcessors: [
      new PostHogLLMSpanProcessor({ apiKey: 'phc_test_key', endpoint: posthog.url }),
      new SimpleSpanProcessor(memory),
    ],
  });
});
afterEach(() => memory.reset());
afterAll(async () => {
  await provider.shutdown();
  await posthog.close();
});

const tracer = () => provider.getTracer('test-instrumentation');
const tick = () => new Promise((resolve) => setTimeout(resolve, Math.random() * 3));

/** What an instrumentation does around a call: a span below the active one. */
async function chat(name = 'chat gpt-4o'): Promise<void> {
  await tracer().startActiveSpan(name, { attributes: chatAttributes() }, async (span) => {
    await tick();
    span.end();
  });
}

async function within<T>(name: string, fn: () => Promise<T>, attributes = {}): Promise<T> {
  return tracer().startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await fn();
    } finally {
      span.end();
    }
  });
}

const traceIds = () => memory.getFinishedSpans().map((span) => scopeOf(span as object)?.traceId);

/** What the application said; a trace id that `withTrace` made is another matter. */
const scopes = () =>
  memory.getFinishedSpans().map((span) => {
    const { traceId, ...said } = scopeOf(span as object) ?? {};
    const scope = /^[0-9a-f]{32}$/.test(traceId ?? '') ? said : { ...said, traceId };
    return Object.values(scope).some((value) => value !== undefined) ? scope : undefined;
  });

async function eventsOf(run: () => Promise<unknown>): Promise<PostHogEvent[]> {
  await provider.forceFlush();
  const before = posthog.events.length;
  await run();
  await provider.forceFlush();
  return posthog.events.slice(before) as unknown as PostHogEvent[];
}

describe('withTrace', () => {
  it('gives the events of the calls inside all that the scope says', async () => {
    const [event] = await eventsOf(() =>
      withTrace(
        {
          user: 'user_1',
          sessionId: 'session_1',
          traceId: 'my trace/1',
          traceName: 'Answer a question',
          generationName: 'Answer',
          parentSpanId: 'outer-span',
          groups: { company: 'acme' },
          metadata: { feature: 'search', nested: { a: 1 } },
          promptName: 'answer',
          promptVersion: 3,
        },
        () => chat(),
      ),
    );
    expect(event).toMatchObject({
      distinct_id: 'user_1',
      properties: {
        $ai_user: 'user_1',
        $ai_session_id: 'session_1',
        $ai_trace_id: 'my_trace_1',
        trace_name: 'Answer a question',
        $ai_span_name: 'Answer',
        $ai_parent_id: 'outer-span',
        $groups: { company: 'acme' },
        metadata_feature: 'search',
        metadata_nested: { a: 1 },
        $ai_prompt_name: 'answer',
        $ai_prompt_version: 3,
      },
    });
  });

  it('wins over what the instrumentation put on the span', async () => {
    const attributes = {
      ...chatAttributes(),
      'user.id': 'other',
      'trace.trace_name': 'other',
      user: 'other',
    };
    const [event] = await eventsOf(() =>
      withTrace({ user: 'mine', traceName: 'mine' }, () => within('chat', tick, attributes)),
    );
    expect(event).toMatchObject({ distinct_id: 'mine', properties: { trace_name: 'mine' } });
  });

  it('withholds content when asked, and cannot speak for a span that asks itself', async () => {
    const asked = await eventsOf(() => withTrace({ privacyMode: true }, () => chat()));
    expect(asked[0]?.properties).not.toHaveProperty('$ai_input');
    const nested = await eventsOf(() =>
      withTrace({ privacyMode: true }, () => withTrace({ privacyMode: false }, () => chat())),
    );
    expect(nested[0]?.properties).not.toHaveProperty('$ai_input');
    const attributes = { ...chatAttributes(), 'posthog.privacy_mode': true, 'trace.privacy_mode': 'false' };
    const span = await eventsOf(() =>
      withTrace({ privacyMode: false }, () => within('chat', tick, attributes)),
    );
    expect(span[0]?.properties).not.toHaveProperty('$ai_input');
  });

  it('names the model calls, not the tools and agents around them', async () => {
    const agent = { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'planner' };
    const events = await eventsOf(() =>
      withTrace({ generationName: 'Answer', parentSpanId: 'outer' }, () =>
        within('invoke_agent planner', () => chat(), agent),
      ),
    );
    const generation = events.find(({ event }) => event === '$ai_generation');
    const span = events.find(({ event }) => event === '$ai_span');
    expect(generation?.properties).toMatchObject({
      $ai_span_name: 'Answer',
      $ai_parent_id: span?.properties['$ai_span_id'],
    });
    expect(span?.properties).toMatchObject({ $ai_span_name: 'planner', $ai_parent_id: 'outer' });
  });

  it('merges nested scopes, the inner winning, metadata by key', async () => {
    await withTrace({ user: 'outer', traceName: 'outer', metadata: { a: 1, b: 1 }, groups: { x: '1' } }, () =>
      withTrace({ traceName: 'inner', metadata: { b: 2 }, groups: { y: '2' } }, () => chat()),
    );
    expect(scopes()).toEqual([
      { user: 'outer', traceName: 'inner', metadata: { a: 1, b: 2 }, groups: { x: '1', y: '2' } },
    ]);
  });

  it.each<[string, () => unknown]>([
    ['a value', () => 5],
    ['a promise', () => Promise.resolve(5)],
  ])('gives back %s', async (_name, fn) => {
    expect(await withTrace({ user: 'a' }, fn)).toBe(5);
  });

  it('passes exceptions and rejections through', async () => {
    const fail = () => {
      throw new Error('mine');
    };
    expect(() => withTrace({ user: 'a' }, fail)).toThrow('mine');
    await expect(withTrace({ user: 'a' }, async () => fail())).rejects.toThrow('mine');
  });

  it('holds within generators, whoever asks them for values', async () => {
    function* sync(): Generator<number, string> {
      tracer().startSpan('one').end();
      yield 1;
      tracer().startSpan('two').end();
      return 'done';
    }
    async function* asynchronous(): AsyncGenerator<number> {
      await chat();
      yield 1;
      await chat();
    }
    const generator = withTrace({ user: 'sync' }, sync);
    expect([...generator]).toEqual([1]);
    for await (const value of withTrace({ user: 'async' }, asynchronous)) {
      expect(value).toBe(1);
      // What the consumer does in between is not part of the scope.
      tracer().startSpan('consumer').end();
    }
    expect(memory.getFinishedSpans().map((span) => [span.name, scopeOf(span)?.user])).toEqual([
      ['one', 'sync'],
      ['two', 'sync'],
      ['chat gpt-4o', 'async'],
      ['consumer', undefined],
      ['chat gpt-4o', 'async'],
    ]);
  });

  it.each<[string, unknown, object | undefined]>([
    ['numbers as ids', { user: 42, sessionId: 7n }, { user: '42', sessionId: '7' }],
    ['nothing usable', { user: {}, metadata: 'x', unknown: 1 }, undefined],
    ['a wish for privacy in other words', { privacyMode: 'yes' }, { privacyMode: true }],
    ['null members', { user: null, traceName: undefined }, undefined],
    ['no scope at all', null, undefined],
  ])('takes %s', async (_name, scope, expected) => {
    await withTrace(scope as object, () => chat());
    expect(scopes()).toEqual([expected]);
  });

  it('reaches spans whose parent was given by hand', async () => {
    await withTrace({ user: 'a' }, async () => {
      const parent = tracer().startSpan('agent');
      const detached = trace.setSpan(ROOT_CONTEXT, parent);
      tracer().startSpan('child', {}, detached).end();
      parent.end();
    });
    expect(scopes().map((scope) => scope?.user)).toEqual(['a', 'a']);
  });
});

describe('the trace of withTrace', () => {
  it('is one for all calls inside, when neither a span nor the scope gives one', async () => {
    let inside: string | undefined;
    const events = await eventsOf(() =>
      withTrace({ user: 'u' }, async () => {
        inside = currentTraceId();
        await chat('a');
        await withTrace({ metadata: { step: 2 } }, () => within('step', () => chat('b')));
      }),
    );
    const generations = events.filter(({ event }) => event === '$ai_generation');
    expect(inside).toMatch(/^[0-9a-f]{32}$/);
    expect(generations.map(({ properties }) => properties.$ai_trace_id)).toEqual([inside, inside]);
  });

  it('is another one for each outermost scope', async () => {
    await withTrace({}, () => chat('a'));
    await withTrace({}, () => chat('b'));
    const [a, b] = traceIds();
    expect(a).toMatch(/^[0-9a-f]{32}$/);
    expect(b).not.toBe(a);
  });

  it('is that of the active span, or the one that the scope names', async () => {
    await within('POST /chat', () => withTrace({ user: 'u' }, () => chat('a')));
    await withTrace({ traceId: 'conv-1' }, () => chat('b'));
    expect(traceIds()).toEqual([undefined, undefined, 'conv-1']);
  });
});

describe('setTrace', () => {
  it('adds to the innermost scope for the rest of it', async () => {
    await withTrace({ user: 'a' }, async () => {
      await chat('before');
      await withTrace({ metadata: { step: 1 } }, async () => {
        expect(setTrace({ sessionId: 's' })).toBe(true);
        await chat('inside');
      });
      await chat('after');
    });
    expect(scopes()).toEqual([
      { user: 'a' },
      { user: 'a', metadata: { step: 1 }, sessionId: 's' },
      { user: 'a' },
    ]);
  });

  it('without a scope, holds for the request whose span is active', async () => {
    const request = (user: string) =>
      within(`GET /${user}`, async () => {
        await tick();
        await within('authenticate', async () => {
          expect(setTrace({ user })).toBe(true);
        });
        await Promise.all([chat(user), within('step', () => chat(user))]);
      });
    await Promise.all(['a', 'b', 'c'].map(request));
    const chats = memory.getFinishedSpans().filter(({ attributes }) => 'gen_ai.operation.name' in attributes);
    expect(chats).toHaveLength(6);
    for (const span of chats) expect(scopeOf(span)?.user).toBe(span.name);
  });

  it('says when there is nothing to add to', () => {
    expect(setTrace({ user: 'nobody' })).toBe(false);
  });
});

describe('currentTraceId', () => {
  it('is what the events carry', async () => {
    expect(currentTraceId()).toBeUndefined();
    withTrace({ traceId: 'my trace/1' }, () => expect(currentTraceId()).toBe('my_trace_1'));
    let id: string | undefined;
    const [event] = await eventsOf(() =>
      within('request', async () => {
        id = currentTraceId();
        await chat();
      }),
    );
    expect(event?.properties['$ai_trace_id']).toBe(id);
  });
});

describe('under load', () => {
  it('keeps 1,000 concurrent requests apart, three layers deep', async () => {
    const request = (number: number) =>
      within(`GET /${number}`, () =>
        withTrace(
          { user: `user_${number}`, sessionId: `session_${number}`, metadata: { number } },
          async () => {
            await tick();
            await withTrace({ traceName: `trace_${number}` }, () =>
              within('service', async () => {
                await tick();
                await Promise.all([
                  within('repository', () => chat(`chat ${number}`)),
                  chat(`chat ${number}`),
                ]);
              }),
            );
          },
        ),
      );
    const events = await eventsOf(() => Promise.all(Array.from({ length: 1_000 }, (_, i) => request(i))));
    const named = events.filter(({ event }) => event === '$ai_trace');
    const calls = events.filter(({ event }) => event !== '$ai_trace');
    // The requests are no calls, so each trace has an event for its name.
    expect(new Set(named.map(({ properties: p }) => `${p['$ai_trace_id']} ${p['$ai_span_name']}`)).size).toBe(
      1_000,
    );
    expect([named.length, calls.length]).toEqual([1_000, 2_000]);
    for (const { distinct_id, properties } of calls) {
      const number = Number(distinct_id.slice('user_'.length));
      expect(properties).toMatchObject({
        $ai_span_name: `chat ${number}`,
        $ai_session_id: `session_${number}`,
        trace_name: `trace_${number}`,
        metadata_number: number,
        // None of the layers between is of AI, so the call hangs below the trace.
        $ai_parent_id: properties['$ai_trace_id'],
      });
    }
  });
});

describe('the spans themselves', () => {
  it('carry nothing of the scope', async () => {
    await withTrace({ user: 'a', metadata: { secret: 'b' } }, () => chat());
    const [span] = memory.getFinishedSpans() as [ReadableSpan];
    expect(span.attributes).toEqual(chatAttributes());
    expect(Object.keys(span.resource.attributes).join()).not.toMatch(/posthog/);
  });
});
