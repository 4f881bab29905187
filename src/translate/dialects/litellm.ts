import type { CallKind } from '../call/llm-call.ts';
import type { Message, Part } from '../call/messages.ts';
import { listAt, textAt, treeOf, valueAt } from '../messages/flattened-tree.ts';
import { readMessages } from '../messages/read-messages.ts';
import { readToolDefinitions } from '../messages/read-tool-definitions.ts';
import type { AttributeEntries, Dialect, KindContext, KindCorrection, ReadContext } from './dialect.ts';
import { METADATA_PREFIXES, requestMetadata, teamMetadata } from './litellm-metadata.ts';
import {
  countsAsAnthropic,
  isHalfOfCall,
  kindOfRawCall,
  ofRaw,
  rawCallOf,
  rawDetail,
  rawFacts,
  rawInput,
  rawOutput,
  rawParameters,
} from './litellm-raw.ts';
import { toTexts } from './shared/embeddings.ts';
import { kindByName } from './shared/kind-by-name.ts';
import { SESSION_KEYS, USER_KEYS } from './shared/metadata.ts';
import { hasSignOfAi, SIGNS_OF_AI } from './shared/signs-of-ai.ts';
import { attribute, firstChoice, inside, own, prefixed, structured } from './shared/sources.ts';
import {
  oneOf,
  toBoolean,
  toHttpStatus,
  toModelName,
  toNumber,
  toText,
  toTextList,
} from './shared/values.ts';

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

/** Every request with the master key has this one. */
const MASTER_USER = 'default_user_id';

/**
 * LiteLLM, as a library and as a proxy. Messages and usage stand under Traceloop's and OpenTelemetry's names.
 * The request span counts; the raw request below it is a second record of the same call, and the only record where a proxy has
 * no request span. With a span of the application around it, newer releases write the request's attributes there instead.
 * Source: `BerriAI/litellm` (integrations/opentelemetry.py).
 */
export const litellm: Dialect = {
  id: 'litellm',
  title: 'LiteLLM',
  detect: { scopes: ['litellm'], services: ['litellm'], attributes: ['hidden_params', 'litellm.call_type'] },
  correctKind,
  cacheReporting: ({ span }) => (countsAsAnthropic(span) ? 'exclusive' : 'inclusive'),
  reasoningReporting: () => 'inclusive',
  fields: {
    kind: [
      firstChoice(attribute('litellm.call_type', kindOfCallType)),
      attribute('llm.request.type', kindOfCallType),
      attribute('gen_ai.operation.name', kindOfCallType),
      kindByName({ litellm_request: 'generation', guardrail: 'guardrail' }),
      ofRaw(kindOfRawCall),
    ],
    isHalfOfCall: [ofRaw((raw) => isHalfOfCall(raw) || undefined)],
    responseModel: [
      firstChoice(own(attribute('litellm.provider.model', servedModel))),
      ofRaw((raw) => rawFacts(raw).model),
    ],
    requestModel: [ofRaw((raw) => toModelName(raw.model))],
    baseUrl: [inside('hidden_params', 'api_base', originOf)],
    responseId: [
      firstChoice(own(attribute('gen_ai.response.id', providersId))),
      ofRaw((raw) => rawFacts(raw).id),
    ],

    inputMessages: [ofRaw(rawInput)],
    outputMessages: [firstChoice(own(prefixed('gen_ai.completion.', withCalls))), ofRaw(rawOutput)],
    toolDefinitions: [ofRaw((raw) => readToolDefinitions(raw.tools))],
    embeddingInput: [ofRaw((raw) => toTexts(raw.input))],

    parameters: [ofRaw(rawParameters)],
    streaming: [ofRaw((raw) => toBoolean(raw.stream))],

    inputTokens: [ofRaw((raw) => rawFacts(raw).inputTokens)],
    outputTokens: [ofRaw((raw) => rawFacts(raw).outputTokens)],
    totalTokens: [ofRaw((raw) => rawFacts(raw).totalTokens)],
    cacheReadTokens: rawDetail('cacheReadTokens'),
    cacheWriteTokens: rawDetail('cacheWriteTokens'),
    cacheWrite5mTokens: rawDetail('cacheWrite5mTokens'),
    cacheWrite1hTokens: rawDetail('cacheWrite1hTokens'),
    reasoningTokens: rawDetail('reasoningTokens'),

    totalCostUsd: [
      attribute('gen_ai.cost.total_cost', toNumber),
      attribute('litellm.cost.total', toNumber),
      own(inside('hidden_params', 'response_cost', toNumber)),
    ],
    inputCostUsd: [attribute('gen_ai.cost.input_cost', toNumber), attribute('litellm.cost.input', toNumber)],
    outputCostUsd: [
      attribute('gen_ai.cost.output_cost', toNumber),
      attribute('litellm.cost.output', toNumber),
    ],

    finishReason: [ofRaw((raw) => rawFacts(raw).finishReason)],
    httpStatus: [
      own(attribute('error.code', toHttpStatus)),
      attribute('litellm.provider.error.code', toHttpStatus),
    ],

    user: METADATA_PREFIXES.flatMap((prefix) => [
      own(inside(`${prefix}requester_metadata`, ['trace_user_id', 'user_id'], toText)),

      own(attribute(`${prefix}user_api_key_end_user_id`, toText)),
      own(attribute(`${prefix}trace_user_id`, toText)),
      ...USER_KEYS.map((key) => own(attribute(`${prefix}${key}`, toText))),
      own(attribute(`${prefix}user_api_key_user_id`, (id) => (id === MASTER_USER ? undefined : toText(id)))),
    ]),
    sessionId: METADATA_PREFIXES.flatMap((prefix) => [
      ...SESSION_KEYS.map((key) => own(attribute(`${prefix}${key}`, toText))),
      own(inside(`${prefix}requester_metadata`, ['session_id', 'sessionId'], toText)),
    ]),
    traceName: METADATA_PREFIXES.map((prefix) => own(attribute(`${prefix}trace_name`, toText))),
    generationName: [
      ...METADATA_PREFIXES.map((prefix) => own(attribute(`${prefix}generation_name`, toText))),
      own(attribute('gen_ai.request.model', nameOnForeignSpan)),
    ],
    tags: METADATA_PREFIXES.map((prefix) => own(structured(`${prefix}tags`, toTextList))),
    metadata: [
      ...METADATA_PREFIXES.map((prefix) => own(prefixed(prefix, requestMetadata))),
      own(prefixed('litellm.team.', teamMetadata)),
    ],
  },
};

/**
 * Tool calls stand in `gen_ai.completion.N.function_call` alone, where N is the number of the call and not of the
 * choice; the text stands in the messages.
 */
function withCalls(entries: AttributeEntries, context: ReadContext): readonly Message[] | undefined {
  const calls = listAt(treeOf(entries)).flatMap((entry): Part[] => {
    const name = textAt(entry, 'function_call', 'name');
    const args = valueAt(entry, 'function_call', 'arguments');
    return name === undefined ? [] : [{ type: 'tool_call', name, arguments: args }];
  });
  if (calls.length === 0) return undefined;
  const [said, ...others] = readMessages(context.json('gen_ai.output.messages'), 'assistant') ?? [];
  if (said?.parts.some(({ type }) => type === 'tool_call')) return undefined;
  return [{ ...(said ?? { role: 'assistant' }), parts: [...(said?.parts ?? []), ...calls] }, ...others];
}

/**
 * The model that a proxy really asked, `<provider>/<model>`; its request and even its response may name an alias. A
 * dated form of the same name in the response says more.
 */
function servedModel(value: unknown, { span }: ReadContext): string | undefined {
  const name = toModelName(value);
  const model = name?.slice(name.indexOf('/') + 1);
  const answered = toModelName(span.attributes['gen_ai.response.model']);
  return model === undefined || answered?.includes(model) ? undefined : model;
}

/** `resp_` and the base64 of `litellm:…;response_id:<id>`, by which a proxy finds the provider of an answer again. */
const WRAPPED_ID = /^resp_(bGl0ZWxsbTp[\w+/]+={0,2})$/;

function providersId(value: unknown): string | undefined {
  const id = toText(value);
  const wrapped = id && WRAPPED_ID.exec(id)?.[1];
  return wrapped && /;response_id:(.+)$/.exec(Buffer.from(wrapped, 'base64').toString())?.[1];
}

/** A request that is recorded on the span of an application or a web framework is not named like that. */
function nameOnForeignSpan(model: unknown, { span }: ReadContext): string | undefined {
  const type = toText(span.attributes['llm.request.type']);
  return span.scope.name === 'litellm' || type === undefined ? undefined : `${type} ${model}`;
}

function originOf(value: unknown): string | undefined {
  const text = toText(value);
  return text !== undefined && URL.canParse(text) ? new URL(text).origin : undefined;
}

const PROXY_ROOT = 'Received Proxy Server Request';

/** Of the rest the proxy's root stays, which is the place of the model calls in the tree. */
function correctKind(context: KindContext): KindCorrection | undefined {
  const { scope, name, attributes } = context.span;
  if (rawCallOf(context.span) !== undefined && context.kind === undefined) {
    return { kind: 'span', because: 'it is the raw request of the model call above it, without an answer' };
  }
  const isOfRequest = scope.name === 'litellm' && attributes.service === undefined && !isPlumbing(name);
  // The proxy puts the name of a model on its own work too.
  const isCall = hasSignOfAi(context, SIGNS_OF_AI.withoutModel);
  if (isOfRequest || name === PROXY_ROOT || isCall) return undefined;
  return { kind: 'ignore', because: "it is the proxy's own work (HTTP, database, cache, routing)" };
}

/** `auth /v1/chat/completions`, `route gpt-4o-mini`. */
function isPlumbing(name: string): boolean {
  return name.startsWith('auth ') || name.startsWith('route ');
}
