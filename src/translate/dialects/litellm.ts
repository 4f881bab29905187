import type { CallKind } from '../call/llm-call.ts';
import { isPlaceholder } from '../messages/recorded-json.ts';
import type { AttributeEntries, Dialect, KindContext, KindCorrection } from './dialect.ts';
import { kindByName } from './shared/kind-by-name.ts';
import { metadataReader } from './shared/metadata.ts';
import { hasSignOfAi } from './shared/signs-of-ai.ts';
import { attribute, inside, own, prefixed } from './shared/sources.ts';
import { oneOf, toHttpStatus, toNumber, toText } from './shared/values.ts';

/**
 * LiteLLM's call types, which it writes as request type and as operation; `a` stands before the asynchronous
 * ones.
 */
const CALL_TYPES: Readonly<Record<string, CallKind>> = {
  completion: 'generation',
  text_completion: 'generation',
  responses: 'generation',
  anthropic_messages: 'generation',
  generate_content: 'generation',
  generate_content_stream: 'generation',
  image_generation: 'generation',
  image_edit: 'generation',
  speech: 'generation',
  transcription: 'generation',
  embedding: 'embedding',
  rerank: 'reranker',
  call_mcp_tool: 'mcp',
  list_mcp_tools: 'mcp',
};

const kindOfCallType = oneOf({
  ...CALL_TYPES,
  ...Object.fromEntries(Object.entries(CALL_TYPES).map(([name, kind]) => [`a${name}`, kind])),
});

/** Secrets and their hashes, headers, addresses, content, and what stands elsewhere. */
const NOT_METADATA = [
  'user_api_key',
  'user_api_key_hash',
  'user_api_key_auth_metadata',
  'user_api_key_end_user_id',
  'user_api_key_user_id',
  'user_api_key_user_email',
  'headers',
  'requester_custom_headers',
  'requester_ip_address',
  'vector_store_request_metadata',
  'mcp_tool_call_metadata',
  'usage_object',
  'cold_storage_object_key',
];

/**
 * LiteLLM, as a library and as a proxy. Messages and usage stand under Traceloop's and OpenTelemetry's names.
 * The request span counts; the raw request below it and the proxy's own work do not. With a span of the
 * application around it, newer releases write the request's attributes there instead.
 * Source: `BerriAI/litellm` (integrations/opentelemetry.py).
 */
export const litellm: Dialect = {
  id: 'litellm',
  title: 'LiteLLM',
  detect: { scopes: ['litellm'], services: ['litellm'], attributes: ['hidden_params'] },
  correctKind,
  cacheReporting: () => 'inclusive',
  reasoningReporting: () => 'inclusive',
  fields: {
    kind: [
      attribute('llm.request.type', kindOfCallType),
      attribute('gen_ai.operation.name', kindOfCallType),
      kindByName({ litellm_request: 'generation', guardrail: 'guardrail' }),
    ],
    baseUrl: [inside('hidden_params', 'api_base', originOf)],

    totalCostUsd: [
      attribute('gen_ai.cost.total_cost', toNumber),
      own(inside('hidden_params', 'response_cost', toNumber)),
    ],
    inputCostUsd: [attribute('gen_ai.cost.input_cost', toNumber)],
    outputCostUsd: [attribute('gen_ai.cost.output_cost', toNumber)],

    httpStatus: [own(attribute('error.code', toHttpStatus))],

    user: [
      own(attribute('metadata.user_api_key_end_user_id', toText)),
      // Every request with the master key has this one.
      own(
        attribute('metadata.user_api_key_user_id', (id) =>
          id === 'default_user_id' ? undefined : toText(id),
        ),
      ),
    ],
    metadata: [own(prefixed('metadata.', requestMetadata))],
  },
};

const readMetadata = metadataReader(NOT_METADATA);

/** Keys without a value are written as empty texts. */
function requestMetadata(entries: AttributeEntries): Readonly<Record<string, unknown>> | undefined {
  return readMetadata(entries.filter(([, value]) => !isPlaceholder(value) && value !== 'None'));
}

function originOf(value: unknown): string | undefined {
  const text = toText(value);
  return text !== undefined && URL.canParse(text) ? new URL(text).origin : undefined;
}

const PROXY_ROOT = 'Received Proxy Server Request';

/** Of the rest the proxy's root stays, which is the place of the model calls in the tree. */
function correctKind(context: KindContext): KindCorrection | undefined {
  const { scope, name, attributes } = context.span;
  if (name === 'raw_gen_ai_request') {
    return { kind: 'span', because: 'it is the raw request of the model call above it' };
  }
  const isInternal = scope.name !== 'litellm' || attributes.service !== undefined;
  if (!isInternal || name === PROXY_ROOT || hasSignOfAi(context)) return undefined;
  return { kind: 'ignore', because: "it is the proxy's own work (HTTP, database, cache, routing)" };
}
