import type { Dialect, Source } from './dialect.ts';
import { toTexts } from './shared/embeddings.ts';
import { messages, toolList } from './shared/message-sources.ts';
import { SESSION_KEYS, USER_KEYS } from './shared/metadata.ts';
import {
  attribute,
  inside,
  metadataBelow,
  mixed,
  parameter,
  prefixed,
  structured,
} from './shared/sources.ts';
import {
  millisecondsToSeconds,
  toContent,
  toCount,
  toNumber,
  toText,
  toTextList,
  toTier,
} from './shared/values.ts';
import {
  correctVercelAiKind,
  kindOfOperationId,
  readVercelAnswer,
  vercelCacheReporting,
  vercelReasoningReporting,
} from './vercel-ai-rules.ts';

/**
 * `experimental_telemetry.metadata` (4 to 6) and the runtime context (7), where the application names its own facts; Sentry 11
 * renames both.
 */
const CARRIERS = [
  ...['ai.telemetry.metadata.', 'ai.settings.context.'],
  ...['vercel.ai.telemetry.metadata.', 'vercel.ai.settings.context.'],
] as const;

/** JSON of what the provider said beside the answer: token details and prices that the SDK does not name. */
const PROVIDER_METADATA = 'ai.response.providerMetadata';

/**
 * Vercel AI SDK 4 to 6 (scope `ai`, also version 7 with `LegacyOpenTelemetry`), and what `@ai-sdk/otel` of version 7
 * (scope `gen_ai`) adds to OpenTelemetry's names. Sources: `ai` 4.3 to 7.0, `@ai-sdk/otel` 1.0.
 */
export const vercelAi: Dialect = {
  id: 'vercel-ai',
  title: 'Vercel AI SDK 4 to 7',
  framework: 'vercel',
  detect: {
    scopes: ['ai', 'gen_ai', '@ai-sdk/*'],
    attributes: ['ai.operationId', 'ai.prompt', 'ai.value', 'ai.values'],
    prefixes: [
      'ai.telemetry.',
      'ai.settings.',
      'ai.model.',
      'ai.prompt.',
      'ai.response.',
      'ai.usage.',
      'ai.toolCall.',
    ],
  },
  correctKind: correctVercelAiKind,
  cacheReporting: vercelCacheReporting,
  reasoningReporting: vercelReasoningReporting,
  content: {
    headers: ['ai.request.headers*'],
    input: ['ai.prompt*', 'ai.input_messages*'],
    output: [
      'ai.response.text',
      'ai.response.toolCalls',
      'ai.response.object',
      'ai.response.reasoning*',
      'ai.response.files*',
      'ai.response.providerMetadata',
      'ai.responses*',
    ],
    parameters: ['ai.settings.stopSequences', 'ai.settings.stop', 'ai.schema*'],
    embedding: ['ai.value', 'ai.values*', 'ai.embedding', 'ai.embeddings*'],
    none: ['ai.settings.output', 'ai.schema.name'],
  },
  fields: {
    kind: [attribute('ai.operationId', kindOfOperationId)],
    operation: [attribute('ai.operationId', toText)],

    responseModel: [attribute('ai.response.model', toText)],
    requestModel: [attribute('ai.model.id', toText)],
    provider: [attribute('ai.model.provider', toText)],
    baseUrl: [attribute('ai.request.headers.host', toText)],
    responseId: [
      attribute('ai.response.id', toText),
      inside(PROVIDER_METADATA, 'gateway/generationId', toText),
    ],

    inputMessages: [messages('ai.prompt.messages', 'user'), messages('ai.prompt', 'user')],
    outputMessages: [mixed(prefixed('ai.response.', readVercelAnswer))],
    toolDefinitions: [toolList('ai.prompt.tools')],
    embeddingInput: [attribute('ai.value', toTexts), attribute('ai.values', toTexts)],
    inputState: [
      structured('ai.toolCall.args', toContent),
      structured('ai.toolCall.input', toContent),
      attribute('ai.value', toTexts),
      attribute('ai.values', toTexts),
      attribute('ai.documents', toTexts),
      structured('ai.decision.questions', toContent),
    ],
    outputState: [
      structured('ai.toolCall.result', toContent),
      structured('ai.toolCall.output', toContent),
      attribute('ai.ranking', toTexts),
      structured('ai.decision.answers', toContent),
    ],
    toolName: [attribute('ai.toolCall.name', toText)],
    toolCallId: [attribute('ai.toolCall.id', toText)],

    parameters: [
      parameter('ai.settings.temperature', 'temperature'),
      parameter('ai.settings.maxOutputTokens', 'max_tokens'),
      parameter('ai.settings.maxTokens', 'max_tokens'),
      parameter('ai.settings.topP', 'top_p'),
      parameter('ai.settings.topK', 'top_k'),
      parameter('ai.settings.frequencyPenalty', 'frequency_penalty'),
      parameter('ai.settings.presencePenalty', 'presence_penalty'),
      parameter('ai.settings.stopSequences', 'stop'),
      parameter('ai.settings.seed', 'seed'),
      parameter('ai.settings.output', 'output_type'),
      structured('ai.prompt.toolChoice', (choice) =>
        choice === undefined ? undefined : { tool_choice: choice },
      ),
    ],
    streaming: [attribute('ai.operationId', isStream)],

    inputTokens: [
      attribute('ai.usage.inputTokens', toCount),
      attribute('ai.usage.promptTokens', toCount),
      attribute('ai.usage.tokens', toCount),
    ],
    outputTokens: [
      attribute('ai.usage.outputTokens', toCount),
      attribute('ai.usage.completionTokens', toCount),
    ],
    totalTokens: [attribute('ai.usage.totalTokens', toCount)],
    uncachedInputTokens: [attribute('ai.usage.inputTokenDetails.noCacheTokens', toCount)],
    cacheReadTokens: [
      attribute('ai.usage.inputTokenDetails.cacheReadTokens', toCount),
      attribute('ai.usage.cachedInputTokens', toCount),
      ofProvider([
        'anthropic/usage/cache_read_input_tokens',
        'anthropic/cacheReadInputTokens',
        'bedrock/usage/cacheReadInputTokens',
        'openai/cachedPromptTokens',
        'azure/cachedPromptTokens',
        'google/usageMetadata/cachedContentTokenCount',
        'vertex/usageMetadata/cachedContentTokenCount',
        'deepseek/promptCacheHitTokens',
        'openrouter/usage/promptTokensDetails/cachedTokens',
      ]),
    ],
    cacheWriteTokens: [
      attribute('ai.usage.inputTokenDetails.cacheWriteTokens', toCount),
      ofProvider([
        'anthropic/usage/cache_creation_input_tokens',
        'anthropic/cacheCreationInputTokens',
        'bedrock/usage/cacheWriteInputTokens',
        'openrouter/usage/promptTokensDetails/cacheWriteTokens',
      ]),
    ],
    cacheWrite5mTokens: [ofProvider(['anthropic/usage/cache_creation/ephemeral_5m_input_tokens'])],
    cacheWrite1hTokens: [ofProvider(['anthropic/usage/cache_creation/ephemeral_1h_input_tokens'])],
    reasoningTokens: [
      attribute('ai.usage.outputTokenDetails.reasoningTokens', toCount),
      attribute('ai.usage.reasoningTokens', toCount),
      ofProvider([
        'openai/reasoningTokens',
        'azure/reasoningTokens',
        'google/usageMetadata/thoughtsTokenCount',
        'vertex/usageMetadata/thoughtsTokenCount',
        'openrouter/usage/completionTokensDetails/reasoningTokens',
      ]),
    ],
    textOutputTokens: [attribute('ai.usage.outputTokenDetails.textTokens', toCount)],
    // Transcription models; `@ai-sdk/otel` spreads the provider's own usage object.
    audioInputTokens: [attribute('gen_ai.usage.input_token_details.audio_tokens', toCount)],
    textInputTokens: [attribute('gen_ai.usage.input_token_details.text_tokens', toCount)],

    serviceTier: [
      inside(
        PROVIDER_METADATA,
        ['openai/serviceTier', 'azure/serviceTier', 'anthropic/usage/service_tier'],
        toTier,
      ),
    ],
    webSearchCount: [ofProvider(['anthropic/usage/server_tool_use/web_search_requests'])],

    // OpenRouter's credits are dollars; the gateway writes its prices as text.
    totalCostUsd: [
      inside(PROVIDER_METADATA, ['openrouter/usage/cost', 'gateway/cost', 'gateway/marketCost'], toNumber),
    ],

    timeToFirstTokenSeconds: [
      attribute('ai.response.msToFirstChunk', millisecondsToSeconds),
      attribute('ai.stream.msToFirstChunk', millisecondsToSeconds),
    ],
    finishReason: [attribute('ai.response.finishReason', toText)],
    isError: [attribute('ai.response.finishReason', (value) => (value === 'error' ? true : undefined))],

    user: carried(USER_KEYS),
    sessionId: carried(SESSION_KEYS),
    tags: CARRIERS.map((carrier) => attribute(`${carrier}tags`, toTextList)),
    metadata: CARRIERS.map((carrier) => metadataBelow(carrier, ['tags'])),
    agentName: [attribute('ai.telemetry.functionId', toText)],
    frameworkVersion: [attribute('ai.request.headers.user-agent', versionIn)],
    // The application's name for the call; a tool span has a better name of its own.
    generationName: [
      attribute('ai.telemetry.functionId', (value, { span }) =>
        span.attributes['ai.operationId'] === 'ai.toolCall' ? undefined : toText(value),
      ),
    ],
  },
};

function ofProvider(paths: readonly string[]): Source<number> {
  return inside(PROVIDER_METADATA, paths, toCount);
}

function carried(keys: readonly string[]): Source<string>[] {
  return CARRIERS.flatMap((carrier) => keys.map((key) => attribute(`${carrier}${key}`, toText)));
}

/** The SDK calls itself `ai/6.0.12`, among others, in the header of its requests. */
function versionIn(userAgent: unknown): string | undefined {
  return typeof userAgent === 'string' ? /(?:^|\s)ai\/(\d[\w.-]*)/.exec(userAgent)?.[1] : undefined;
}

function isStream(operationId: unknown): boolean | undefined {
  if (typeof operationId !== 'string') return undefined;
  if (operationId.endsWith('.doStream')) return true;
  return operationId.endsWith('.doGenerate') ? false : undefined;
}
