import { isEmbeddingModel } from '../call/embedding-model.ts';
import { readToolDefinitions } from '../messages/read-tool-definitions.ts';
import { at, isRecord } from '../messages/recorded-json.ts';
import type { AttributeMap } from '../span/span-view.ts';
import type { Dialect, KindContext, KindCorrection, ReadContext } from './dialect.ts';
import { toTexts } from './shared/embeddings.ts';
import { messages } from './shared/message-sources.ts';
import { metadataReader, USER_KEYS } from './shared/metadata.ts';
import {
  attribute,
  inside,
  ofSpan,
  own,
  ownAttribute,
  requestParameters,
  structured,
} from './shared/sources.ts';
import { toCount, toText } from './shared/values.ts';

const PROMPT = 'gen_ai.prompt_json';
const COMPLETION = 'gen_ai.completion_json';

/**
 * Cloudflare AI Gateway: one span per request without operation name, request and answer as the provider's own JSON, and
 * the keys of the `cf-aig-metadata` header as bare attributes. Source: Cloudflare's AI Gateway documentation.
 */
export const cloudflare: Dialect = {
  id: 'cloudflare',
  title: 'Cloudflare AI Gateway',
  detect: { attributes: [PROMPT, COMPLETION, 'gen_ai.model.provider'] },
  correctKind,
  cacheReporting: (context) =>
    /anthropic|bedrock/.test(context.get('provider') ?? '') &&
    context.span.attributes[COMPLETION] !== undefined
      ? 'exclusive'
      : undefined,
  fields: {
    responseModel: [inside(COMPLETION, ['model', 'modelVersion'], toText)],
    provider: [attribute('gen_ai.model.provider', toText)],
    responseId: [inside(COMPLETION, ['id', 'responseId'], toText)],

    inputMessages: [messages(PROMPT, 'user')],
    outputMessages: [messages(COMPLETION, 'assistant')],
    toolDefinitions: [inside(PROMPT, 'tools', readToolDefinitions)],
    embeddingInput: [structured(PROMPT, embeddedTexts)],
    parameters: [requestParameters(PROMPT)],

    cacheReadTokens: [
      inside(
        COMPLETION,
        [
          'usage/prompt_tokens_details/cached_tokens',
          'usage/input_tokens_details/cached_tokens',
          'usage/cache_read_input_tokens',
          'usageMetadata/cachedContentTokenCount',
        ],
        toCount,
      ),
    ],
    cacheWriteTokens: [inside(COMPLETION, 'usage/cache_creation_input_tokens', toCount)],
    reasoningTokens: [
      inside(
        COMPLETION,
        ['usage/completion_tokens_details/reasoning_tokens', 'usage/output_tokens_details/reasoning_tokens'],
        toCount,
      ),
    ],

    user: USER_KEYS.map((key) => ownAttribute(key, toText)),
    sessionId: ['sessionId', 'conversationId', 'conversation_id'].map((key) => ownAttribute(key, toText)),
    metadata: [own(ofSpan('bare attributes', ({ attributes }) => bareAttributes(attributes)))],
  },
};

function correctKind(context: KindContext): KindCorrection | undefined {
  if (context.kind !== undefined || context.get('requestModel') === undefined) return undefined;
  return isEmbedding(context)
    ? { kind: 'embedding', because: 'the gateway was asked for embeddings' }
    : { kind: 'generation', because: 'every span of the gateway is one model request' };
}

function isEmbedding(context: ReadContext): boolean {
  const data = at(context.json(COMPLETION), ['data']);
  if (Array.isArray(data) && isRecord(data[0]) && 'embedding' in data[0]) return true;
  const model = toText(context.span.attributes['gen_ai.request.model']);
  return isEmbeddingModel(model) || /\/bge-/i.test(model ?? '');
}

function embeddedTexts(request: unknown, context: ReadContext): string | readonly string[] | undefined {
  return isRecord(request) && isEmbedding(context) ? toTexts(request.input ?? request.text) : undefined;
}

const readBare = metadataReader(['user', 'trace', 'posthog_*', '$*']);

/** Names without a namespace can only be the application's. */
function bareAttributes(attributes: AttributeMap): Readonly<Record<string, unknown>> | undefined {
  return readBare(
    Object.entries(attributes).filter(
      ([name, value]) => !name.includes('.') && value !== undefined && value !== null,
    ),
  );
}
