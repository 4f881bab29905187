// node --import ./telemetry.js app.js
import { register } from 'node:module';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { OpenAIInstrumentation } from '@opentelemetry/instrumentation-openai';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { PostHogLLMSpanExporter } from 'posthog-llm-exporter';
import { messagesFromLogs } from '../shared/messages-from-logs.js';

register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);

const sdk = new NodeSDK({
  serviceName: 'privacy-mode',
  // The spans carry prompts and answers, for other exporters of this application. PostHog does not get them.
  traceExporter: new PostHogLLMSpanExporter({ privacyMode: true }),
  logRecordProcessors: [messagesFromLogs],
  metricReaders: [],
});
sdk.start();

// After the start, so that its log records find their provider even if npm installed two copies of the logs API.
registerInstrumentations({
  instrumentations: [new OpenAIInstrumentation({ captureMessageContent: true })],
});

process.once('beforeExit', () => sdk.shutdown());
