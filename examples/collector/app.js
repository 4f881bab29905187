import { SpanKind, trace } from '@opentelemetry/api';
import { withTrace } from 'posthog-llm-exporter';

const tracer = trace.getTracer('shop');

tracer.startActiveSpan('GET /advice', { kind: SpanKind.SERVER }, (request) => {
  withTrace({ user: 'user_123', traceName: 'Shopping advice' }, () => {
    const call = tracer.startSpan('chat gpt-4o-mini', { kind: SpanKind.CLIENT });
    call.setAttributes({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4o-mini',
      'gen_ai.usage.input_tokens': 14,
      'gen_ai.usage.output_tokens': 31,
    });
    call.end();
  });
  request.end();
});
