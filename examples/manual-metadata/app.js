// A model call without any instrumentation: the application makes the span itself, and says who asked and what for.
import { SpanKind, trace } from '@opentelemetry/api';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { PostHogLLMSpanExporter } from 'posthog-llm-exporter';

const sdk = new NodeSDK({
  serviceName: 'shop',
  traceExporter: new PostHogLLMSpanExporter(), // POSTHOG_API_KEY, POSTHOG_HOST
  logRecordProcessors: [],
  metricReaders: [],
});
sdk.start();

const span = trace.getTracer('shop').startSpan('chat gpt-4o-mini', {
  kind: SpanKind.CLIENT,
  attributes: {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'gpt-4o-mini',
    'user.id': 'user_12345',
    'session.id': 'session_abc',
    trace: JSON.stringify({
      trace_name: 'Product Recommendations',
      generation_name: 'Generate Recommendation',
      feature: 'shopping-assistant',
      ab_test_group: 'variant_b',
    }),
  },
});

const prompt = 'Recommend a rain jacket for cycling, in one sentence.';
const answer = await askModel(prompt);

const message = (role, content) => JSON.stringify([{ role, parts: [{ type: 'text', content }] }]);
span.setAttributes({
  'gen_ai.input.messages': message('user', prompt),
  'gen_ai.output.messages': message('assistant', answer.text),
  'gen_ai.usage.input_tokens': answer.inputTokens,
  'gen_ai.usage.output_tokens': answer.outputTokens,
});
span.end();
await sdk.shutdown();

/** In place of a client that nobody instruments. */
async function askModel(prompt) {
  const text = `You asked: ${prompt} The Ridge jacket is light, waterproof, and within your budget.`;
  return { text, inputTokens: 14, outputTokens: 31 };
}
