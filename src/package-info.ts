/** Must equal the name and version in package.json; a test compares them. */
export const packageName = 'posthog-llm-exporter';
export const packageVersion = '0.2.0';
