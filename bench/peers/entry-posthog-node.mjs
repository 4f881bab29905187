// What an application does that maps its spans itself: one object per span, handed to the client.
import { PostHog } from 'posthog-node';

const NAMES = {
  'gen_ai.request.model': '$ai_model',
  'gen_ai.provider.name': '$ai_provider',
  'gen_ai.usage.input_tokens': '$ai_input_tokens',
  'gen_ai.usage.output_tokens': '$ai_output_tokens',
};
const CONTENT = {
  'gen_ai.input.messages': '$ai_input',
  'gen_ai.output.messages': '$ai_output_choices',
  'gen_ai.tool.definitions': '$ai_tools',
};

export function createClient(url) {
  const client = new PostHog('phc_bench', { host: url });
  return {
    async export(spans) {
      for (const { attributes, ...span } of spans.map((one) => ({
        attributes: one.attributes,
        ids: one.spanContext(),
      }))) {
        if (attributes['gen_ai.operation.name'] === undefined) continue;
        const properties = { $ai_trace_id: span.ids.traceId, $ai_span_id: span.ids.spanId };
        for (const [name, value] of Object.entries(attributes)) {
          if (CONTENT[name]) properties[CONTENT[name]] = JSON.parse(value);
          else properties[NAMES[name] ?? name] = value;
        }
        client.captureAi({ distinctId: attributes['user.id'], event: '$ai_generation', properties });
      }
      await client.flush();
    },
    shutdown: () => client.shutdown(),
  };
}
