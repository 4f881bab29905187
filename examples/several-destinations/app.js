import { SpanKind, trace } from '@opentelemetry/api';
import { withTrace } from 'posthog-llm-exporter';

for (const tenant of ['acme', 'globex']) {
  withTrace({ user: `user of ${tenant}`, metadata: { tenant } }, () => {
    const span = trace.getTracer('shop').startSpan('chat gpt-4o-mini', { kind: SpanKind.CLIENT });
    span.setAttributes({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4o-mini',
      'gen_ai.input.messages': JSON.stringify([
        { role: 'user', parts: [{ type: 'text', content: 'Hello' }] },
      ]),
    });
    span.end();
  });
}
