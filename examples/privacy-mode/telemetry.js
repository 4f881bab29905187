// node --import ./telemetry.js app.js
import { register } from 'node:module';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { OpenAIInstrumentation } from '@opentelemetry/instrumentation-openai';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { PostHogLLMLogRecordProcessor, PostHogLLMSpanExporter } from 'posthog-llm-exporter';

register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);

// The instrumentation records prompts and answers, for other exporters too. PostHog does not get them.
const exporter = new PostHogLLMSpanExporter({ privacyMode: true });
const sdk = new NodeSDK({
  serviceName: 'privacy-mode',
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
