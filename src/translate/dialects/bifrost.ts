import { isModelCall } from '../call/llm-call.ts';
import type { SpanView } from '../span/span-view.ts';
import type { Dialect, KindContext, KindCorrection } from './dialect.ts';
import { toTexts } from './shared/embeddings.ts';
import { messages, systemText, toolList } from './shared/message-sources.ts';
import {
  attribute,
  firstChoice,
  ofSpan,
  own,
  ownAttribute,
  parameter,
  structured,
} from './shared/sources.ts';
import { toCount, toHttpStatus, toText } from './shared/values.ts';

const INPUT_DETAILS = 'gen_ai.usage.prompt_token_details.';
const OUTPUT_DETAILS = 'gen_ai.usage.completion_token_details.';

/** Who asked, and how often the gateway tried. */
const METADATA = [
  ...['virtual_key_id', 'virtual_key_name', 'team_id', 'team_name', 'customer_id', 'customer_name'],
  ...['routing_rule_id', 'routing_rule_name', 'number_of_retries', 'fallback_index'],
];

/**
 * Maxim's Bifrost gateway: one client span per attempt, below a server span that repeats parts of it. Each
 * attempt is a call of its own; a failed one has no usage. Source: `maximhq/bifrost` (core/schemas/trace.go,
 * plugins/otel).
 */
export const bifrost: Dialect = {
  id: 'bifrost',
  title: 'Bifrost',
  detect: {
    scopes: ['bifrost'],
    services: ['bifrost'],
    attributes: METADATA.map((name) => `gen_ai.${name}`),
    prefixes: [INPUT_DETAILS, OUTPUT_DETAILS, 'bifrost.'],
  },
  correctKind: gatewayRequest,
  fields: {
    kind: [own(ofSpan('span kind', structure))],

    inputMessages: [messages('gen_ai.input.text', 'user')],
    systemInstructions: [systemText('gen_ai.request.instructions')],
    toolDefinitions: [toolList('gen_ai.request.tools')],
    embeddingInput: [structured('gen_ai.input.embedding', toTexts)],

    parameters: [
      parameter('gen_ai.request.tool_choice_type', 'tool_choice'),
      parameter('gen_ai.request.n', 'n'),
      parameter('gen_ai.request.parallel_tool_calls', 'parallel_tool_calls'),
      parameter('gen_ai.request.dimensions', 'dimensions'),
      parameter('gen_ai.request.encoding_format', 'encoding_format'),
    ],

    cacheReadTokens: [attribute(`${INPUT_DETAILS}cached_read_tokens`, toCount)],
    cacheWriteTokens: [attribute(`${INPUT_DETAILS}cached_write_tokens`, toCount)],
    reasoningTokens: [attribute(`${OUTPUT_DETAILS}reasoning_tokens`, toCount)],
    textInputTokens: [attribute(`${INPUT_DETAILS}text_tokens`, toCount)],
    textOutputTokens: [attribute(`${OUTPUT_DETAILS}text_tokens`, toCount)],
    audioInputTokens: [attribute(`${INPUT_DETAILS}audio_tokens`, toCount)],
    audioOutputTokens: [attribute(`${OUTPUT_DETAILS}audio_tokens`, toCount)],
    imageInputTokens: [attribute(`${INPUT_DETAILS}image_tokens`, toCount)],
    imageOutputTokens: [attribute(`${OUTPUT_DETAILS}image_tokens`, toCount)],

    timeToFirstTokenSeconds: [
      firstChoice(ownAttribute('gen_ai.response.time_to_first_token', firstTokenSeconds)),
    ],
    streaming: [ownAttribute('gen_ai.response.total_chunks', (value) => (toCount(value) ? true : undefined))],

    isError: [attribute('gen_ai.error', (error) => (error === false || !toText(error) ? undefined : true))],
    errorType: [attribute('gen_ai.error.type', toText)],
    errorMessage: [
      attribute('gen_ai.error', (error) => (typeof error === 'boolean' ? undefined : toText(error))),
    ],
    httpStatus: [attribute('gen_ai.error.code', toHttpStatus)],

    user: [attribute('gen_ai.request.user', toText)],
    metadata: METADATA.flatMap((name) =>
      [`gen_ai.${name}`, `bifrost.${name}`, name].map((key) =>
        ownAttribute(key, (value) => noted(name, value)),
      ),
    ),
  },
};

/** Plugins, retries and fallbacks are internal spans. */
function structure({ kind, attributes }: SpanView) {
  if (kind === 'server' || kind === 'internal') return 'span';
  return attributes['gen_ai.tool.name'] === undefined ? undefined : 'tool';
}

function gatewayRequest({ kind, span }: KindContext): KindCorrection | undefined {
  if (span.kind !== 'server' || kind === undefined || !isModelCall(kind)) return undefined;
  return { kind: 'span', because: 'the attempts below the incoming request are the model calls' };
}

/** Shortest value that can only be nanoseconds: a million milliseconds would be a quarter of an hour. */
const NANOSECONDS_FROM = 1_000_000;

/** Whole milliseconds in older releases, nanoseconds in newer ones. */
function firstTokenSeconds(value: unknown): number | undefined {
  const count = toCount(value);
  if (count === undefined || count === 0) return undefined;
  return count >= NANOSECONDS_FROM ? count / 1e9 : count / 1e3;
}

function noted(name: string, value: unknown): Readonly<Record<string, unknown>> | undefined {
  return toText(value) === undefined ? undefined : { [name]: value };
}
