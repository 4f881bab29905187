// node --import ./telemetry.js app.js
import { register } from 'node:module';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { OpenAIInstrumentation } from '@opentelemetry/instrumentation-openai';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { PostHogLLMSpanProcessor } from 'posthog-llm-exporter';

register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);

const processor = new PostHogLLMSpanProcessor(); // POSTHOG_API_KEY, POSTHOG_HOST
const sdk = new NodeSDK({
  spanProcessors: [processor],
  logRecordProcessors: [processor.logRecordProcessor()],
  metricReaders: [],
});
sdk.start();
registerInstrumentations({ instrumentations: [new OpenAIInstrumentation({ captureMessageContent: true })] });
process.once('beforeExit', () => sdk.shutdown());
