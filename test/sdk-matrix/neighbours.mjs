// Sentry's and Langfuse's own processors and an OTLP exporter must get the same spans with and without ours beside them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LangfuseSpanProcessor } from '@langfuse/otel';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  BatchSpanProcessor,
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { SentrySpanProcessor } from '@sentry/opentelemetry';
import { PostHogLLMSpanProcessor, withTrace } from 'posthog-llm-exporter';
import { listen } from './listen.mjs';

const ATTRIBUTES = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.request.model': 'gpt-4o',
  'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"SECRET"}]}]',
};

test('neighbours', async (t) => {
  const bodies = {};
  const { url, close } = await listen((body, path) => {
    bodies[path] ??= [];
    bodies[path].push(body);
  });
  t.after(close);

  const run = async (ours) => {
    const [memory, langfuse] = [new InMemorySpanExporter(), new InMemorySpanExporter()];
    const provider = new NodeTracerProvider({
      spanProcessors: [
        ...ours,
        new SentrySpanProcessor(),
        new LangfuseSpanProcessor({ exporter: langfuse, publicKey: 'pk', secretKey: 'sk', baseUrl: url }),
        new BatchSpanProcessor(new OTLPTraceExporter({ url: `${url}/v1/traces` })),
        new SimpleSpanProcessor(memory),
      ],
    });
    provider.register();
    withTrace({ user: 'u', metadata: { a: 1 } }, () =>
      provider
        .getTracer('t')
        .startSpan('chat', { attributes: ATTRIBUTES, startTime: [1768478400, 0] })
        .end([1768478401, 0]),
    );
    await provider.forceFlush();
    const shapes = [memory, langfuse].map((exporter) =>
      exporter
        .getFinishedSpans()
        .map(({ name, attributes, events, status }) => ({ name, attributes, events, status })),
    );
    const sent = (bodies['/v1/traces'] ?? []).splice(0);
    const otlp = sent.flatMap(({ resourceSpans }) =>
      resourceSpans.flatMap(({ scopeSpans }) =>
        scopeSpans.flatMap(({ spans }) => spans.map((span) => span.attributes)),
      ),
    );
    return { shapes, otlp };
  };

  const alone = await run([]);
  const beside = await run([
    new PostHogLLMSpanProcessor({ apiKey: 'phc_matrix', endpoint: url, privacyMode: true }),
  ]);
  assert.equal(alone.otlp.length, 1);
  assert.deepEqual(beside, alone);
  const [{ batch }] = bodies['/i/v0/ai/batch/'];
  assert.equal(batch.length, 1);
  assert.equal(batch[0].distinct_id, 'u');
  assert.ok(!JSON.stringify(batch).includes('SECRET'));
});
