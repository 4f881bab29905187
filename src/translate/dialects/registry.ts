import { agentFramework } from './agent-framework.ts';
import { agentops } from './agentops.ts';
import { anthropic } from './anthropic.ts';
import { ax } from './ax.ts';
import { axiom } from './axiom.ts';
import { bifrost } from './bifrost.ts';
import { braintrust } from './braintrust.ts';
import { claudeCode } from './claude-code.ts';
import { cloudflare } from './cloudflare.ts';
import { codex } from './codex.ts';
import { copilotCli } from './copilot-cli.ts';
import { crewai } from './crewai.ts';
import type { Dialect } from './dialect.ts';
import { eve } from './eve.ts';
import type { Field } from './fields.ts';
import { flue } from './flue.ts';
import { geminiCli } from './gemini-cli.ts';
import { genAi } from './gen-ai.ts';
import { genAiLegacy } from './gen-ai-legacy.ts';
import { generic } from './generic.ts';
import { genkit } from './genkit.ts';
import { googleAdk } from './google-adk.ts';
import { haystack } from './haystack.ts';
import { kong } from './kong.ts';
import { koog } from './koog.ts';
import { laminar } from './laminar.ts';
import { langfuse } from './langfuse.ts';
import { langsmith } from './langsmith.ts';
import { langtrace } from './langtrace.ts';
import { langwatch } from './langwatch.ts';
import { litellm } from './litellm.ts';
import { livekit } from './livekit.ts';
import { logfire } from './logfire.ts';
import { logfireAgents } from './logfire-agents.ts';
import { loongsuite } from './loongsuite.ts';
import { mastra } from './mastra.ts';
import { mlflow } from './mlflow.ts';
import { monocle } from './monocle.ts';
import { openTelemetryCommon } from './open-telemetry-common.ts';
import { openclaw } from './openclaw.ts';
import { opencode } from './opencode.ts';
import { openInference } from './openinference.ts';
import { openlit } from './openlit.ts';
import { openrouter } from './openrouter.ts';
import { pipecat } from './pipecat.ts';
import { portkey } from './portkey.ts';
import { posthogAttributes } from './posthog-attributes.ts';
import { pydanticAi } from './pydantic-ai.ts';
import { qwenCode } from './qwen-code.ts';
import { rustTracing } from './rust-tracing.ts';
import { semanticKernel } from './semantic-kernel.ts';
import { sentry } from './sentry.ts';
import { springAi } from './spring-ai.ts';
import { strands } from './strands.ts';
import { tanstackAi } from './tanstack-ai.ts';
import { traceAttributes } from './trace-attributes.ts';
import { traceScope } from './trace-scope-fields.ts';
import { traceloop } from './traceloop.ts';
import { vercelAi } from './vercel-ai.ts';
import { vllm } from './vllm.ts';
import { voltagent } from './voltagent.ts';

/**
 * Every dialect, in order of belief: where two dialects of one span hold the same fact, the earlier is taken. The first
 * that recognises a span claims it (generic ones last).
 */
export const DIALECTS: readonly Dialect[] = [
  traceScope,
  traceAttributes,
  posthogAttributes,
  genAi,
  // Builds upon the AI SDK and marks its own spans as the SDK does.
  eve,
  voltagent,
  // Whoever wrote the provider's part of their spans, these made the spans.
  laminar,
  langtrace,
  axiom,
  ax,
  pipecat,
  geminiCli,
  qwenCode,
  opencode,
  openclaw,
  vercelAi,
  openInference,
  // These also write for Langfuse's server; the spans are theirs all the same.
  mastra,
  tanstackAi,
  strands,
  langfuse,
  crewai,
  // Writes Traceloop's names.
  litellm,
  // Writes Traceloop's names of old.
  agentops,
  traceloop,
  genAiLegacy,
  langsmith,
  cloudflare,
  pydanticAi,
  // Builds upon Logfire's names.
  logfireAgents,
  logfire,
  sentry,
  googleAdk,
  genkit,
  mlflow,
  langwatch,
  braintrust,
  openrouter,
  anthropic,
  semanticKernel,
  agentFramework,
  claudeCode,
  haystack,
  springAi,
  vllm,
  codex,
  copilotCli,
  portkey,
  bifrost,
  kong,
  livekit,
  flue,
  koog,
  monocle,
  openlit,
  loongsuite,
  rustTracing,
  openTelemetryCommon,
  // Spans that no dialect above knows.
  generic,
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

const PROMPT_ORDER = [
  'trace-scope',
  'trace-attributes',
  'posthog-attributes',
  'gen-ai',
  'langfuse',
  'traceloop',
  'openinference',
] as const;

/** Facts whose order of belief differs from the registry's, by dialect id; dialects not named come after these. */
export const FIELD_ORDER: { readonly [F in Field]?: readonly string[] } = {
  // LangSmith's own run type contradicts the operation it writes beside it for retrievers and prompts.
  kind: ['langfuse', 'openinference', 'langsmith', 'gen-ai', 'vercel-ai', 'traceloop', 'genkit', 'mastra'],
  provider: ['langsmith'],
  inputMessages: CONTENT_ORDER,
  outputMessages: CONTENT_ORDER,
  user: [
    'trace-scope',
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
  sessionId: [
    'trace-scope',
    'trace-attributes',
    'posthog-attributes',
    // Anthropic's session spans several of what the conventions call a conversation.
    'anthropic',
    'gen-ai',
    'opentelemetry',
    'langfuse',
    'vercel-ai',
  ],
  inputState: ['gen-ai', 'vercel-ai', 'pydantic-ai', 'sentry', 'google-adk', 'tanstack-ai'],
  outputState: ['gen-ai', 'vercel-ai', 'pydantic-ai', 'sentry', 'google-adk', 'tanstack-ai'],
  embeddingInput: ['openinference', 'vercel-ai'],
  cacheReadTokens: ['gen-ai', 'traceloop', 'mastra', 'sentry', 'bifrost', 'vercel-ai', 'openinference'],
  cacheWriteTokens: ['gen-ai', 'traceloop', 'strands', 'sentry', 'bifrost', 'vercel-ai', 'openinference'],
  reasoningTokens: ['gen-ai', 'traceloop', 'sentry', 'bifrost', 'vercel-ai', 'openinference'],
  totalTokens: ['gen-ai', 'vercel-ai', 'traceloop', 'openinference'],
  totalCostUsd: ['gen-ai', 'litellm', 'sentry', 'pydantic-ai', 'logfire', 'openinference', 'langfuse'],
  inputCostUsd: ['gen-ai', 'litellm', 'sentry', 'openinference', 'langfuse'],
  outputCostUsd: ['gen-ai', 'litellm', 'sentry', 'openinference', 'langfuse'],
  promptName: PROMPT_ORDER,
  promptVersion: PROMPT_ORDER,
  tags: ['langfuse', 'openinference'],
  errorType: ['opentelemetry'],
  errorMessage: ['opentelemetry'],
  httpStatus: ['opentelemetry'],
};
