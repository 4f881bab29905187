import { ROOT_CONTEXT, SamplingDecision, SpanKind } from '@opentelemetry/api';
import { modulesFrom } from '../register/modules-of-app.ts';
import { makeProvider } from '../register/provider/make-provider.ts';
import type { ReadableSpanLike } from '../translate/span/sdk-types.ts';

/** How long the made-up call took. */
const LATENCY_MS = 1_250;

/**
 * Records one finished span of a made-up chat call, by a real tracer, with attributes as instrumentations of
 * OpenTelemetry's GenAI conventions write them and trace metadata as an application adds it.
 */
export function recordTestSpan(): ReadableSpanLike {
  const finished: ReadableSpanLike[] = [];
  const processor = {
    onStart: () => {},
    onEnd: (span: ReadableSpanLike) => {
      finished.push(span);
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  // Not the environment's sampler: the one span must be recorded.
  const sampler = { shouldSample: () => ({ decision: SamplingDecision.RECORD_AND_SAMPLED }) };
  const provider = makeProvider([processor], [modulesFrom(import.meta.dirname)], {}, { sampler });
  if (provider === undefined)
    throw new Error('The package is not complete: bundled-provider.cjs is missing.');
  const endTime = Date.now();
  const span = provider
    .getTracer('posthog-llm-exporter-send-test')
    .startSpan(
      'chat gpt-4o-mini',
      { kind: SpanKind.CLIENT, startTime: endTime - LATENCY_MS, attributes: TEST_ATTRIBUTES },
      ROOT_CONTEXT,
    );
  span.end(endTime);
  const [recorded] = finished;
  if (recorded === undefined) {
    throw new Error('The tracer recorded no span.');
  }
  return recorded;
}

const TEST_ATTRIBUTES = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-4o-mini',
  'gen_ai.response.model': 'gpt-4o-mini-2024-07-18',
  'gen_ai.request.temperature': 0.7,
  'gen_ai.response.finish_reasons': ['stop'],
  'gen_ai.usage.input_tokens': 27,
  'gen_ai.usage.output_tokens': 18,
  'gen_ai.input.messages': JSON.stringify([
    { role: 'system', parts: [{ type: 'text', content: 'You recommend products.' }] },
    { role: 'user', parts: [{ type: 'text', content: 'I need shoes for wet mountain paths.' }] },
  ]),
  'gen_ai.output.messages': JSON.stringify([
    {
      role: 'assistant',
      parts: [
        { type: 'text', content: 'Take waterproof trail shoes with deep lugs. (This is a test event.)' },
      ],
      finish_reason: 'stop',
    },
  ]),
  'user.id': 'user_12345',
  'session.id': 'session_abc',
  'trace.trace_name': 'Product Recommendations',
  'trace.generation_name': 'Generate Recommendation',
  'trace.feature': 'shopping-assistant',
  'trace.ab_test_group': 'variant_b',
};
