// node --import ./telemetry.js app.js
import { NodeSDK } from '@opentelemetry/sdk-node';
// before: import { PostHogSpanProcessor } from '@posthog/ai/otel';
import { PostHogLLMSpanProcessor } from 'posthog-llm-exporter';

// before: new PostHogSpanProcessor({ projectToken: process.env.POSTHOG_API_KEY, host: process.env.POSTHOG_HOST })
const processor = new PostHogLLMSpanProcessor({
  apiKey: process.env.POSTHOG_API_KEY,
  endpoint: process.env.POSTHOG_HOST,
});

const sdk = new NodeSDK({ spanProcessors: [processor], logRecordProcessors: [], metricReaders: [] });
sdk.start();
process.once('beforeExit', () => sdk.shutdown());
