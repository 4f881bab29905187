import { anthropic } from './anthropic.ts';
import { cloudflare } from './cloudflare.ts';
import { crewai } from './crewai.ts';
import type { Dialect } from './dialect.ts';
import type { Field } from './fields.ts';
import { genAi } from './gen-ai.ts';
import { genAiLegacy } from './gen-ai-legacy.ts';
import { genkit } from './genkit.ts';
import { langfuse } from './langfuse.ts';
import { langsmith } from './langsmith.ts';
import { mastra } from './mastra.ts';
import { openTelemetryCommon } from './open-telemetry-common.ts';
import { openInference } from './openinference.ts';
import { openrouter } from './openrouter.ts';
import { posthogAttributes } from './posthog-attributes.ts';
import { indexRegistry } from './registry-index.ts';
import { sentry } from './sentry.ts';
import { tanstackAi } from './tanstack-ai.ts';
import { traceAttributes } from './trace-attributes.ts';
import { traceloop } from './traceloop.ts';
import { vercelAi } from './vercel-ai.ts';

/**
 * Every dialect, in order of belief: where two dialects of one span hold the same fact, the earlier is taken. The first
 * that recognises a span claims it (generic ones last).
 */
export const DIALECTS: readonly Dialect[] = [
  traceAttributes,
  posthogAttributes,
  genAi,
  vercelAi,
  openInference,
  // Both also write for Langfuse's server; the spans are theirs all the same.
  mastra,
  tanstackAi,
  langfuse,
  crewai,
  traceloop,
  genAiLegacy,
  langsmith,
  cloudflare,
  sentry,
  genkit,
  openrouter,
  anthropic,
  openTelemetryCommon,
];

const CONTENT_ORDER = [
  'gen-ai',
  'langfuse',
  'vercel-ai',
  'openinference',
  'traceloop',
  'openrouter',
  'gen-ai-legacy',
];

/** Facts whose order of belief differs from the registry's, by dialect id; dialects not named come after these. */
export const FIELD_ORDER: { readonly [F in Field]?: readonly string[] } = {
  // LangSmith's own run type contradicts the operation it writes beside it for retrievers and prompts.
  kind: ['langfuse', 'openinference', 'langsmith', 'gen-ai', 'vercel-ai', 'traceloop', 'genkit', 'mastra'],
  provider: ['langsmith'],
  inputMessages: CONTENT_ORDER,
  outputMessages: CONTENT_ORDER,
  inputState: ['gen-ai', 'tanstack-ai'],
  outputState: ['gen-ai', 'tanstack-ai'],
  user: [
    'trace-attributes',
    'posthog-attributes',
    'opentelemetry',
    'langfuse',
    'vercel-ai',
    'traceloop',
    'mastra',
    'langwatch',
    'langsmith',
    'openinference',
  ],
  sessionId: ['trace-attributes', 'posthog-attributes', 'gen-ai', 'opentelemetry', 'langfuse', 'vercel-ai'],
  errorType: ['opentelemetry'],
  errorMessage: ['opentelemetry'],
  httpStatus: ['opentelemetry'],
};

export const registryIndex = indexRegistry(DIALECTS, FIELD_ORDER);
