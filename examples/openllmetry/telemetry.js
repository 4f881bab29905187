// In production: POSTHOG_LLM_INSTRUMENTATIONS=@traceloop/instrumentation-openai node --import posthog-llm-exporter/register app.js
process.env.POSTHOG_LLM_INSTRUMENTATIONS = '@traceloop/instrumentation-openai';
await import('posthog-llm-exporter/register'); // POSTHOG_API_KEY, POSTHOG_HOST
