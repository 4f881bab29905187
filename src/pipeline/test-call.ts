/**
 * A made-up chat call with trace metadata, which shows that a destination works: attributes as instrumentations
 * of OpenTelemetry's GenAI conventions write them.
 */
export const TEST_CALL = {
  name: 'chat gpt-4o-mini',
  scope: 'posthog-llm-exporter-send-test',
  latencyMs: 1_250,
  attributes: {
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
  },
};
