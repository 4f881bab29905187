import { DiagConsoleLogger, DiagLogLevel, diag } from '@opentelemetry/api';
import { NodeSDK, tracing } from '@opentelemetry/sdk-node';
import { PostHogLLMSpanProcessor } from 'posthog-llm-exporter';

// What the exporter has to say; silent without this.
diag.setLogger(new DiagConsoleLogger(), DiagLogLevel.WARN);

const processor = new PostHogLLMSpanProcessor({
  rules: { field: 'model', operator: 'equals', value: 'gpt-4o-mini' },
}); // POSTHOG_API_KEY, POSTHOG_HOST
export const { exporter } = processor;

// Keeps the finished spans, to be explained.
export const finished = new tracing.InMemorySpanExporter();

const sdk = new NodeSDK({
  serviceName: 'troubleshooting',
  spanProcessors: [processor, new tracing.SimpleSpanProcessor(finished)],
  logRecordProcessors: [],
  metricReaders: [],
});
sdk.start();
process.once('beforeExit', () => sdk.shutdown());
