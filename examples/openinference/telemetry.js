// In production: POSTHOG_LLM_INSTRUMENTATIONS=@arizeai/openinference-instrumentation-openai node --import posthog-llm-exporter/register app.js
process.env.POSTHOG_LLM_INSTRUMENTATIONS = '@arizeai/openinference-instrumentation-openai';
await import('posthog-llm-exporter/register'); // POSTHOG_API_KEY, POSTHOG_HOST
