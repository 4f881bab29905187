// In production: node --import posthog-llm-exporter/register app.js
import 'posthog-llm-exporter/register'; // POSTHOG_API_KEY, POSTHOG_HOST
