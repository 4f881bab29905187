import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { expect, it } from 'vitest';
import { PostHogLLMSpanProcessor } from '../../src/sdk/processor/span-processor.ts';
import { PostHogTraceAttributesProcessor } from '../../src/sdk/scope/trace-attributes-processor.ts';
import { setTrace, withTrace } from '../../src/sdk/scope/with-trace.ts';
import { registerContextManager } from '../support/als-context-manager.ts';
import { loopbackOfTest } from '../support/loopback-of-test.ts';
import { chatAttributes } from '../support/real-spans.ts';
import { destination, gatewayOfTest } from './gateway-of-test.ts';

registerContextManager();

const COMPARED: readonly string[] = [
  '$ai_trace_id',
  '$ai_session_id',
  '$ai_user',
  '$ai_span_name',
  '$groups',
  '$ai_prompt_name',
  'trace_name',
  'metadata_feature',
  'metadata_plan',
  'metadata_step',
];

it('what withTrace says reaches a gateway, as it reaches the exporter', async () => {
  const [direct, behindGateway] = [await loopbackOfTest(), await loopbackOfTest()];
  const { gateway } = await gatewayOfTest([destination({ options: { endpoint: behindGateway.url } })]);
  const provider = new BasicTracerProvider({
    spanProcessors: [
      new PostHogTraceAttributesProcessor(),
      new SimpleSpanProcessor(
        new OTLPTraceExporter({ url: `http://127.0.0.1:${gateway.addresses.http.port}/v1/traces` }),
      ),
      new PostHogLLMSpanProcessor({ apiKey: 'phc_test_key', endpoint: direct.url }),
    ],
  });
  const tracer = provider.getTracer('test-instrumentation');
  const scope = {
    user: 'user_123',
    sessionId: 'chat_7',
    traceName: 'Support',
    generationName: 'Answer',
    groups: { company: 'acme' },
    promptName: 'greeting',
    metadata: { feature: 'search', plan: { seats: 3 } },
  };
  withTrace(scope, () =>
    tracer.startActiveSpan('handle', (root) => {
      setTrace({ metadata: { step: 2 } });
      tracer.startSpan('chat gpt-4o', { attributes: chatAttributes() }).end();
      tracer
        .startSpan('search', {
          attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'search' },
        })
        .end();
      root.end();
    }),
  );
  await provider.forceFlush();
  await provider.shutdown();

  const shown = (posthog: typeof direct) =>
    posthog.events
      .filter(({ event }) => event !== '$ai_trace')
      .map(({ event, distinct_id, properties }) => {
        const compared = COMPARED.map((name) => [name, (properties as Record<string, unknown>)[name]]);
        return { event, distinct_id, ...Object.fromEntries(compared) };
      })
      .sort((one, other) => String(one.event).localeCompare(String(other.event)));
  expect(shown(behindGateway)).toEqual(shown(direct));
  expect(shown(behindGateway)).toMatchObject([
    {
      event: '$ai_generation',
      distinct_id: 'user_123',
      $ai_session_id: 'chat_7',
      $ai_span_name: 'Answer',
      metadata_plan: { seats: 3 },
    },
    { event: '$ai_span', distinct_id: 'user_123', $ai_span_name: 'search' },
  ]);
});
