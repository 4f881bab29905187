const ATTRIBUTES =
  "{ 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o', 'gen_ai.usage.input_tokens': 3 }";

/** One AI span through the processor, within a scope, then shutdown. */
const work = (provider) => `
const processor = new PostHogLLMSpanProcessor();
const provider = new ${provider}({ spanProcessors: [processor] });
withTrace({ user: 'u' }, () => provider.getTracer('t').startSpan('chat gpt-4o', { attributes: ${ATTRIBUTES} }).end());
provider.shutdown().then(() => {
  const { seen, delivered } = processor.exporter.stats();
  console.log('seen', seen, 'delivered', delivered);
});
`;

/** The same application in both module systems. */
export function application({ from, provider }) {
  return {
    'app.mjs': `import { ${provider} } from '${from}';
import { PostHogLLMSpanProcessor, withTrace } from 'posthog-llm-exporter';
${work(provider)}`,
    'app.cjs': `const { ${provider} } = require('${from}');
const { PostHogLLMSpanProcessor, withTrace } = require('posthog-llm-exporter');
${work(provider)}`,
  };
}
