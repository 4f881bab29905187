// node --import ./telemetry.js app.js
import { register } from 'node:module';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { OpenAIInstrumentation } from '@opentelemetry/instrumentation-openai';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { PostHogLLMLogRecordProcessor, PostHogLLMSpanExporter } from 'posthog-llm-exporter';

// Lets instrumentation see `import`, not only `require`.
register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);

const exporter = new PostHogLLMSpanExporter(); // POSTHOG_API_KEY, POSTHOG_HOST
const sdk = new NodeSDK({
  serviceName: 'node-sdk-openai',
  traceExporter: exporter,
  logRecordProcessors: [new PostHogLLMLogRecordProcessor(exporter)],
  metricReaders: [],
});
sdk.start();

// After the start, so that its log records find their provider even if npm installed two copies of the logs API.
registerInstrumentations({
  instrumentations: [new OpenAIInstrumentation({ captureMessageContent: true })],
});

process.once('beforeExit', () => sdk.shutdown().catch((error) => console.error(error.message)));
