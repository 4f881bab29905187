// `instrumentation.node.ts`: only Node.js gets to see this file, not the edge runtime.
import { registerOTel } from '@vercel/otel';
import { PostHogLLMSpanProcessor } from 'posthog-llm-exporter';

const processor = new PostHogLLMSpanProcessor(); // POSTHOG_API_KEY, POSTHOG_HOST

// 'auto' is whatever else @vercel/otel sends to: Vercel's own tracing, or OTEL_EXPORTER_OTLP_ENDPOINT.
registerOTel({ serviceName: 'shop', spanProcessors: ['auto', processor] });

// The routes are bundled apart from this file, and find the exporter here.
globalThis.posthogExporter = processor.exporter;
