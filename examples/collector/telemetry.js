// node --import ./telemetry.js app.js
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { NodeSDK, tracing } from '@opentelemetry/sdk-node';
import { PostHogLLMSpanProcessor } from 'posthog-llm-exporter';

const toCollector = new OTLPTraceExporter({ url: `${process.env.COLLECTOR_URL}/v1/traces` });

const sdk = new NodeSDK({
  serviceName: 'shop',
  spanProcessors: [
    new tracing.BatchSpanProcessor(toCollector), // all spans
    new PostHogLLMSpanProcessor(), // those of AI: POSTHOG_API_KEY, POSTHOG_HOST
  ],
  logRecordProcessors: [],
  metricReaders: [],
});
sdk.start();
process.once('beforeExit', () => sdk.shutdown());
