// The same suite against any major of the SDK, as users have it installed:
//   SDK=@opentelemetry/sdk-trace-base node suite.mjs
import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { test } from 'node:test';
import { context, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import { PostHogLLMSpanExporter, PostHogLLMSpanProcessor, setTrace, withTrace } from 'posthog-llm-exporter';
import { startPostHog } from './listen.mjs';

const sdk = await import(process.env.SDK);
const Provider = sdk.BasicTracerProvider ?? sdk.TracerProvider;
const storage = new AsyncLocalStorage();
context.setGlobalContextManager({
  active: () => storage.getStore() ?? ROOT_CONTEXT,
  with: (ctx, fn, thisArg, ...args) => storage.run(ctx, () => fn.apply(thisArg, args)),
  bind: (_ctx, target) => target,
  enable() {},
  disable() {},
});

const messages = (role, content) => JSON.stringify([{ role, parts: [{ type: 'text', content }] }]);
const CHAT = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-4o-mini',
  'gen_ai.usage.input_tokens': 14,
  'gen_ai.usage.output_tokens': 3,
  'gen_ai.input.messages': messages('user', 'The capital of France?'),
  'gen_ai.output.messages': messages('assistant', 'Paris.'),
};

/** A PostHog that takes everything, a provider with what `makeProcessors` gives, and the events after a flush. */
async function start(t, makeProcessors) {
  const { events, url, close } = await startPostHog();
  const options = { apiKey: 'phc_matrix', endpoint: url };
  const provider = new Provider({ spanProcessors: makeProcessors(options) });
  t.after(async () => {
    await provider.shutdown();
    close();
  });
  const flushed = async () => {
    await provider.forceFlush();
    return events;
  };
  return { tracer: provider.getTracer('matrix', '1.0.0'), flushed };
}

const batch = (exporter) =>
  sdk.TracerProvider ? new sdk.BatchSpanProcessor({ exporter }) : new sdk.BatchSpanProcessor(exporter);
const simple = (exporter) =>
  sdk.TracerProvider ? new sdk.SimpleSpanProcessor({ exporter }) : new sdk.SimpleSpanProcessor(exporter);

test('the exporter in the batch processor of the SDK', async (t) => {
  const { tracer, flushed } = await start(t, (options) => [batch(new PostHogLLMSpanExporter(options))]);
  const root = tracer.startSpan('invoke_agent planner', {
    attributes: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'planner' },
  });
  const chat = tracer.startSpan(
    'chat gpt-4o-mini',
    { kind: SpanKind.CLIENT, attributes: CHAT },
    trace.setSpan(ROOT_CONTEXT, root),
  );
  chat.setStatus({ code: 2, message: 'busy' });
  chat.recordException(new Error('busy'));
  chat.end();
  root.end();
  const [generation, parent] = await flushed();
  assert.equal(generation.event, '$ai_generation');
  assert.equal(generation.properties.$ai_trace_id, root.spanContext().traceId);
  assert.equal(generation.properties.$ai_parent_id, root.spanContext().spanId);
  assert.equal(generation.properties.$ai_input_tokens, 14);
  assert.equal(generation.properties.$ai_is_error, true);
  assert.deepEqual(generation.properties.$ai_input, [{ role: 'user', content: 'The capital of France?' }]);
  assert.equal(generation.properties.$ai_lib, 'opentelemetry/matrix');
  assert.ok(Date.parse(generation.timestamp) > Date.now() - 60_000);
  assert.equal(parent.event, '$ai_trace');
});

test('scopes, parents and foreign spans with the processor', async (t) => {
  let processor;
  const { tracer, flushed } = await start(t, (options) => {
    processor = new PostHogLLMSpanProcessor(options);
    return [processor];
  });
  const request = (number) =>
    tracer.startActiveSpan(`GET /${number}`, (span) =>
      withTrace({ user: `user_${number}`, metadata: { number } }, async () => {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
        setTrace({ sessionId: `session_${number}` });
        tracer.startActiveSpan('service', (service) => {
          tracer.startSpan(`chat ${number}`, { attributes: CHAT }).end();
          service.end();
        });
        span.end();
      }),
    );
  await Promise.all(Array.from({ length: 200 }, (_, number) => request(number)));
  const events = await flushed();
  assert.equal(events.length, 200);
  for (const { distinct_id, properties: p } of events) {
    const number = Number(distinct_id.slice('user_'.length));
    assert.equal(p.$ai_span_name, `chat ${number}`);
    assert.equal(p.$ai_session_id, `session_${number}`);
    assert.equal(p.metadata_number, number);
    assert.equal(p.$ai_parent_id, p.$ai_trace_id);
  }
  const { seen, delivered, filtered, dropped } = processor.exporter.stats();
  assert.deepEqual(
    { seen, delivered, filtered, dropped },
    { seen: 600, delivered: 200, filtered: 400, dropped: 0 },
  );
});

test('10,000 spans in one burst', async (t) => {
  const { tracer, flushed } = await start(t, (options) => [new PostHogLLMSpanProcessor(options)]);
  for (let i = 0; i < 10_000; i++) tracer.startSpan(`chat ${i}`, { attributes: CHAT }).end();
  const events = await flushed();
  assert.equal(new Set(events.map(({ uuid }) => uuid)).size, 10_000);
});

test('processors and exporters beside ours get the span as it was made', async (t) => {
  const seen = [];
  const plain = new sdk.InMemorySpanExporter();
  const shape = ({ name, attributes, events, links, status }) =>
    JSON.stringify({ name, attributes, events, links, status });
  const observer = () => ({
    onStart: (span) => seen.push(shape(span)),
    onEnd: (span) => seen.push(shape(span)),
    forceFlush: async () => {},
    shutdown: async () => {},
  });
  const { tracer, flushed } = await start(t, (options) => [
    observer(),
    new PostHogLLMSpanProcessor({ ...options, privacyMode: true }),
    batch(new PostHogLLMSpanExporter(options)),
    observer(),
    simple(plain),
  ]);
  withTrace({ user: 'u', metadata: { a: 1 } }, () => tracer.startSpan('chat', { attributes: CHAT }).end());
  const events = await flushed();
  const [exported] = plain.getFinishedSpans();
  assert.deepEqual([...new Set([...seen, shape(exported)])].length, 1);
  assert.deepEqual({ ...exported.attributes }, CHAT);
  // Two destinations, one of them private; both know the scope.
  assert.deepEqual(
    events.map(({ distinct_id, properties }) => [distinct_id, properties.$ai_input !== undefined]).sort(),
    [
      ['u', false],
      ['u', true],
    ],
  );
});
