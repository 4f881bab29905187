import type { Dialect } from './dialect.ts';

/**
 * Portkey's gateway. All names are OpenTelemetry's of v1.40, the HTTP status stands in `error.type` and as
 * the status message; both are read by the general dialects. Source: Portkey's documentation of complete logs
 * over OpenTelemetry.
 */
export const portkey: Dialect = {
  id: 'portkey',
  title: 'Portkey',
  detect: { scopes: ['custom.genai.instrumentation'], services: ['portkey'] },
  fields: {},
};
