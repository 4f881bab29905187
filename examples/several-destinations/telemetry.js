// Two PostHog projects with different rules, and any other exporter beside them. Each gets the spans as they were made.
import { NodeSDK, tracing } from '@opentelemetry/sdk-node';
import { PostHogLLMSpanProcessor } from 'posthog-llm-exporter';

const sdk = new NodeSDK({
  serviceName: 'several-destinations',
  spanProcessors: [
    // Everything, with content, for those who may see it.
    new PostHogLLMSpanProcessor(), // POSTHOG_API_KEY, POSTHOG_HOST
    // Figures only, of one tenant, for those who may not.
    new PostHogLLMSpanProcessor({
      apiKey: process.env.POSTHOG_API_KEY, // in earnest, that of another project
      privacyMode: true,
      metadataPrefix: 'private_',
      rules: { field: 'metadata.tenant', operator: 'equals', value: 'acme' },
    }),
    new tracing.SimpleSpanProcessor(new tracing.ConsoleSpanExporter()),
  ],
  logRecordProcessors: [],
  metricReaders: [],
});
sdk.start();
process.once('beforeExit', () => sdk.shutdown());
